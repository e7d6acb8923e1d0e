"""From a raw reply to the messages of a conversation, or the name of what is wrong with it."""

import json
import re
from collections.abc import Callable
from enum import StrEnum
from typing import Any

from pipeline.llm.call import Finish, Reply
from pipeline.synthesis.plan import SlotPlan
from schemas.message import Message
from schemas.record import Record
from schemas.verdict import Verdict

LEAK_WORDS = 8
"""So many words in a row are shared by a reply and its prompt only if it copies the prompt."""

_FENCE = re.compile(r"\A```(?:json)?\s*\n(.*)\n```\Z", re.DOTALL)
_LABEL = re.compile(r"^\s*(user|assistant|customer|human|exchanges?)\s*:", re.IGNORECASE | re.M)
_REFUSAL = re.compile(
    r"\A\W*(i['’]m sorry,? but|i can(?:no|['’])t (?:help|assist|write|create)|as an ai\b"
    r"|i am unable to|i['’]m unable to)",
    re.IGNORECASE,
)


class Fault(StrEnum):
    """Why a reply cannot become a record. Filters have further reasons to reject it (`Reason`)."""

    cut_off = "cut_off"
    """The model reached `max_tokens`."""
    refusal = "refusal"
    """The model, or the provider's filter, declined."""
    unparsable = "unparsable"
    """Not valid JSON."""
    wrong_shape = "wrong_shape"
    """JSON, but not a list of exchanges between a user and an assistant."""
    empty = "empty"
    """A message that has no word in it."""
    prompt_leak = "prompt_leak"
    """The conversation repeats words of the prompt, or has labels such as `user:`."""


AskGate = Callable[[Record], Verdict | None]
"""Asks the filters and the near-duplicates whether a well-formed conversation may join the records.

Returns the verdict that rejects it, or None: it is accepted, and later ones are compared with it.
The same id is never accepted twice, since each accepted conversation becomes one record.
"""


def read_reply(reply: Reply, plan: SlotPlan, prompt: str) -> tuple[Message, ...] | Fault:
    """The messages of the conversation in a reply, after the system message that was planned."""
    if reply.finish is Finish.length:
        return Fault.cut_off
    text = reply.text.strip()
    if reply.finish is Finish.refusal or _REFUSAL.match(text):
        return Fault.refusal
    fenced = _FENCE.match(text)
    try:
        body = json.loads(fenced[1] if fenced else text)
    except ValueError:
        return Fault.unparsable
    turns = _turns(body)
    if not turns:
        return Fault.wrong_shape
    if not all(re.search(r"\w", content) for _, content in turns):
        return Fault.empty
    prompt_runs = _runs(prompt)
    if any(_LABEL.search(content) or _runs(content) & prompt_runs for _, content in turns):
        return Fault.prompt_leak
    system = [Message(role="system", content=plan.system)] if plan.system else []
    return (*system, *(Message(role=role, content=content.strip()) for role, content in turns))


def _turns(body: Any) -> list[tuple[Any, str]]:
    """Role and content of each message; an empty list if the shape is wrong.

    Models are asked for pairs because these cannot get the order of roles wrong, as a flat list of
    messages can.
    """
    exchanges = body.get("exchanges") if isinstance(body, dict) else None
    if not isinstance(exchanges, list):
        return []
    turns: list[tuple[Any, str]] = []
    for exchange in exchanges:
        if not isinstance(exchange, dict) or set(exchange) != {"user", "assistant"}:
            return []
        turns += [(role, exchange[role]) for role in ("user", "assistant")]
    return turns if all(isinstance(content, str) for _, content in turns) else []


def _runs(text: str) -> set[tuple[str, ...]]:
    """Every run of `LEAK_WORDS` words."""
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[i : i + LEAK_WORDS]) for i in range(len(words) - LEAK_WORDS + 1)}
