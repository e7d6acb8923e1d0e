"""One turn, or a list of them, in any spelling, becomes turns as OpenAI writes them."""

import json
from typing import Any

from pipeline.readers.candidate import Turn
from pipeline.readers.formats.calls import to_calls
from pipeline.readers.formats.roles import CALLING_WORDS, ROLE_OF_WORD, role_of

ROLE_FIELDS = ("role", "from", "speaker")
CONTENT_FIELDS = ("content", "value", "text", "utterance")
OTHER_FIELDS = ("name", "tool_call_id")
"""Other fields of a message that are part of the conversation; weights, ids and annotations are
not."""

THOUGHT_TYPES = frozenset({"reasoning", "thinking"})
"""Types of parts that were thought before the reply, and are not part of it."""


def to_turns(given: Any) -> list[Turn] | None:
    """The turns of a list of messages or of its JSON text; None when it is something else."""
    if isinstance(given, str) and given.lstrip()[:1] == "[":
        try:
            given = json.loads(given)
        except (ValueError, RecursionError):
            return None
    if not isinstance(given, list):
        return None
    turns: list[Turn] = []  # Calling `list[Turn]()` takes as long as reading a turn.
    for message in given:
        turn = _plain_turn(message) or to_turn(message)
        if turn is None:
            return None
        turns.append(turn)
    return turns


def to_turn(message: Any) -> Turn | None:
    """The turn of one message; None when that is not an object or names no speaker."""
    if not isinstance(message, dict):
        return None
    word = next((message[key] for key in ROLE_FIELDS if message.get(key) is not None), None)
    if not isinstance(word, str):
        return None
    given = next((message[key] for key in CONTENT_FIELDS if message.get(key) is not None), None)
    if word.strip().lower() in CALLING_WORDS and (calls := to_calls(given)):
        return {"role": "assistant", "content": None, "tool_calls": calls}
    content, calls_in_parts = _content(given)
    calls_beside = message.get("tool_calls") or message.get("function_call")
    calls = (to_calls(calls_beside) or calls_beside) if calls_beside else calls_in_parts
    turn = {key: message[key] for key in OTHER_FIELDS if message.get(key) is not None}
    turn |= {"role": role_of(word), "content": content}
    return turn | {"tool_calls": calls} if calls else turn


def _plain_turn(message: Any) -> Turn | None:
    """The turn of a known word, a text and nothing else: most messages, in half the time."""
    if not isinstance(message, dict) or len(message) != 2:
        return None
    word, text = message.get("role"), message.get("content")
    if word is None:
        word, text = message.get("from"), message.get("value")
    role = ROLE_OF_WORD.get(word) if isinstance(word, str) and isinstance(text, str) else None
    return {"role": role, "content": text} if role else None


def cell_turns(cell: Any, role: str) -> list[Turn] | None:
    """The turns of a cell: a text that `role` speaks, a message, or a list of messages.

    None when it is any other object or list; no turn for null.
    """
    if isinstance(cell, dict):
        turn = to_turn(cell)
        return None if turn is None else [turn]
    if isinstance(cell, list):
        return to_turns(cell)
    text = as_text(cell)
    return [] if text is None else [{"role": role, "content": text}]


def as_text(value: Any) -> Any:
    """A text as it is; a JSON boolean or number as a text that lost its quotes; NaN as None."""
    if isinstance(value, bool | int | float):
        return None if value != value else json.dumps(value)
    return value


def merge_turns(turns: list[Turn], separator: str) -> list[Turn]:
    """Turns where texts of one role that follow each other are joined with `separator`."""
    merged: list[Turn] = []
    for turn in turns:
        last = merged[-1] if merged else None
        if last and last["role"] == turn["role"] and _is_plain(last) and _is_plain(turn):
            merged[-1] = last | {"content": f"{last['content']}{separator}{turn['content']}"}
        else:
            merged.append(turn)
    return merged


def last_reply(turns: list[Turn]) -> str | None:
    """The last reply of the assistant; None when there is none, or it is not a text."""
    replies = [turn["content"] for turn in turns if turn["role"] == "assistant"]
    return replies[-1] if replies and isinstance(replies[-1], str) else None


def _is_plain(turn: Turn) -> bool:
    return isinstance(turn["content"], str) and turn.keys() == {"role", "content"}


def _content(given: Any) -> tuple[Any, Any]:
    """What a message says, and the tool calls that stand among its parts.

    That is a text, or a list of parts where some are not texts.
    """
    if not isinstance(given, list):
        return as_text(given), None
    parts: list[Any] = []
    calls: list[Any] = []
    part: Any
    for part in given:
        if isinstance(part, str):
            part = {"type": "text", "text": part}
        kind = part.get("type") if isinstance(part, dict) else None
        if kind == "tool_call":
            call = part.get("value", part.get("tool_call", part.get("text")))
            calls += to_calls(call) or [call]
        elif kind == "text":
            parts.append({"type": "text", "text": part.get("text", part.get("value"))})
        elif not (isinstance(kind, str) and kind in THOUGHT_TYPES):
            parts.append(part)
    if all(map(_is_text_part, parts)):
        text = "\n".join(part["text"] for part in parts if part["text"])
        return (text if parts or not calls else None), calls
    return parts, calls


def _is_text_part(part: Any) -> bool:
    if not isinstance(part, dict) or part.keys() != {"type", "text"}:
        return False
    return isinstance(part["text"], str)
