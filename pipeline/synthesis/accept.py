"""From a raw reply to a record, or the name of what is wrong with it."""

import json
import re
from enum import StrEnum
from typing import Any, Protocol

from pipeline.llm.call import Finish, Reply
from pipeline.synthesis.plan import Plan
from schemas.message import Message
from schemas.record import Record
from schemas.verdict import Verdict

LEAK_WORDS = 8
"""Words in a row that a reply shares with its prompt only by copying it."""

_FENCE = re.compile(r"\A```(?:json)?\s*\n(.*)\n```\Z", re.DOTALL)
_LABEL = re.compile(r"^\s*(user|assistant|customer|human|exchanges?)\s*:", re.IGNORECASE | re.M)
_REFUSAL = re.compile(
    r"\A\W*(i['’]m sorry,? but|i can(?:no|['’])t (?:help|assist|write|create)|as an ai\b"
    r"|i am unable to|i['’]m unable to)",
    re.IGNORECASE,
)


class Fault(StrEnum):
    """Why a reply became no record; the reasons of the filters come beside these."""

    cut_off = "cut_off"
    """The model reached `max_tokens`."""
    refusal = "refusal"
    """The model, or the provider's filter, declined."""
    unparsable = "unparsable"
    """No JSON."""
    wrong_shape = "wrong_shape"
    """JSON, but no list of exchanges with a user and an assistant."""
    empty = "empty"
    """A message without a word in it."""
    prompt_leak = "prompt_leak"
    """Words of the prompt, or labels such as `user:`, in the conversation."""


class Admission(Protocol):
    """What decides, beyond the shape, whether a conversation is wanted: filters and duplicates."""

    def ask(self, record: Record) -> Verdict | None:
        """Return why it is not accepted; None means accepted, and remembered for the next ones.

        Never accepts the same id twice: each accepted conversation becomes one record.
        """
        ...


def read_reply(reply: Reply, plan: Plan, prompt: str) -> tuple[Message, ...] | Fault:
    """The conversation in a reply, with the planned system message before it."""
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
    if not all(re.search(r"\w", said) for _, said in turns):
        return Fault.empty
    prompt_runs = _runs(prompt)
    if any(_LABEL.search(said) or _runs(said) & prompt_runs for _, said in turns):
        return Fault.prompt_leak
    system = [Message(role="system", content=plan.system)] if plan.system else []
    return (*system, *(Message(role=role, content=said.strip()) for role, said in turns))


def _turns(body: Any) -> list[tuple[Any, str]]:
    """Role and text of each message; nothing when the shape is wrong.

    Pairs leave no way to a wrong order of roles, which a flat list of messages does.
    """
    exchanges = body.get("exchanges") if isinstance(body, dict) else None
    if not isinstance(exchanges, list):
        return []
    turns: list[tuple[Any, str]] = []
    for exchange in exchanges:
        if not isinstance(exchange, dict) or set(exchange) != {"user", "assistant"}:
            return []
        turns += [(role, exchange[role]) for role in ("user", "assistant")]
    return turns if all(isinstance(said, str) for _, said in turns) else []


def _runs(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[i : i + LEAK_WORDS]) for i in range(len(words) - LEAK_WORDS + 1)}
