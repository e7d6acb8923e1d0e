"""The texts of a conversation that filters look at, and the order of its turns."""

import json
from collections.abc import Iterator
from typing import Any

from schemas.record import load_messages

_LETTERS = {"system": "s", "developer": "s", "user": "u", "assistant": "a", "tool": "t"}
_SYSTEM_ROLES = ("system", "developer")


def texts(messages_json: str) -> dict[str, Any]:
    """The texts of one conversation, by the columns of `TEXT_SCHEMA`.

    system: all system turns, joined;
    question: all user turns, joined, since the last alone may be "and the second one?";
    last_question: the last user turn;
    reply: the last assistant turn, or the arguments of its tool calls where it has no text;
    replies: all assistant turns that have text. Turns that are not learnt are no replies, and
    neither is reasoning;
    turns: a letter for each turn, such as `suaua`.
    White space at the ends is cut off, since the id ignores it too.
    """
    messages = load_messages(messages_json)
    systems = [message.text.strip() for message in messages if message.role in _SYSTEM_ROLES]
    users = [message.text.strip() for message in messages if message.role == "user"]
    replies = [message for message in messages if message.role == "assistant" and message.learn]
    last = replies[-1]
    calls = " ".join(call.function.arguments.strip() or "{}" for call in last.tool_calls)
    return {
        "system": "\n".join(systems),
        "question": "\n".join(users),
        "last_question": users[-1],
        "reply": last.text.strip() or calls,
        "replies": [text for message in replies if (text := message.text.strip())],
        "turns": "".join(_LETTERS[message.role] for message in messages),
    }


def everything(messages_json: str) -> str:
    """Every string of a conversation, a line each: contents, parts, arguments of tool calls.

    The messages are not validated again, since only their strings matter.
    """
    return "\n".join(_strings(json.loads(messages_json)))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _strings(inner)
