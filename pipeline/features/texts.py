"""The texts of a conversation that filters compare, and the order of its turns."""

import json
from collections.abc import Iterator
from typing import Any

import polars as pl

from schemas.record import load_messages

TEXT_SCHEMA: dict[str, pl.DataType] = {
    "question": pl.String(),
    "last_question": pl.String(),
    "reply": pl.String(),
    "replies": pl.List(pl.String()),
    "turns": pl.String(),
}

LETTER = {"system": "s", "developer": "s", "user": "u", "assistant": "a", "tool": "t"}


def texts(messages_json: str) -> dict[str, Any]:
    """The texts of one conversation.

    question: all user turns joined, since the last alone is wrong for "and the second one?";
    reply: the last assistant turn, with a call's arguments where it says nothing;
    replies: all assistant turns that say something; turns: a letter a turn, such as `suaua`.
    Outer white space is no part of any of them, as it is none of the id.
    """
    messages = load_messages(messages_json)
    users = [message.text.strip() for message in messages if message.role == "user"]
    replies = [message for message in messages if message.role == "assistant"]
    last = replies[-1]
    calls = " ".join(call.function.arguments.strip() or "{}" for call in last.tool_calls)
    return {
        "question": "\n".join(users),
        "last_question": users[-1],
        "reply": last.text.strip() or calls,
        "replies": [text for message in replies if (text := message.text.strip())],
        "turns": "".join(LETTER[message.role] for message in messages),
    }


def everything(messages_json: str) -> str:
    """All that is written in a conversation, whoever wrote it: contents, parts, arguments of calls.

    Not validated again, since only strings are looked at.
    """
    return "\n".join(_strings(json.loads(messages_json)))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _strings(inner)
