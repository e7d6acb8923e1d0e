"""One turn, or a list of them, in any spelling, becomes turns as OpenAI writes them."""

import json
from functools import lru_cache
from typing import Any

from pipeline.readers.candidate import Turn
from pipeline.readers.formats.beside import MARK_NAMES, REASONING_NAMES, column_key
from pipeline.readers.formats.calls import to_calls
from pipeline.readers.formats.learning import WEIGHT_FIELDS, is_learnt
from pipeline.readers.formats.parts import read_content
from pipeline.readers.formats.roles import CALLING_WORDS, ROLE_OF_WORD, role_of
from pipeline.readers.formats.thoughts import may_have_thoughts, without_thoughts

ROLE_FIELDS = ("role", "from", "speaker")
CONTENT_FIELDS = ("content", "value", "text", "utterance")
OTHER_FIELDS = ("name", "tool_call_id")
"""Other fields of a message that are part of the conversation."""

READ_FIELDS = frozenset(
    (*ROLE_FIELDS, *CONTENT_FIELDS, *OTHER_FIELDS, "tool_calls", "function_call", "refusal", "type")
)
"""Fields of a message that are read, or say nothing by themselves."""

READ_KEYS = REASONING_NAMES | WEIGHT_FIELDS | MARK_NAMES
"""The same by `column_key`."""


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
    role = role_of(word)
    read = read_content(given)
    calls_beside = message.get("tool_calls") or message.get("function_call")
    calls = (to_calls(calls_beside) or calls_beside) if calls_beside else read.calls
    turn = {key: message[key] for key in OTHER_FIELDS if message.get(key) is not None}
    turn |= {"role": role, "content": read.content}
    if role == "assistant":
        turn = _reply(turn, message, read.reasoning)
    elif role == "tool" and isinstance(given, dict):
        turn["content"] = json.dumps(given, ensure_ascii=False)
    return turn | {"tool_calls": calls} if calls else turn


@lru_cache(maxsize=1024)
def unread_fields(names: tuple[Any, ...]) -> tuple[Any, ...]:
    """The fields of a message that `to_turn` does not read; messages have few sets of fields."""
    return tuple(
        name for name in names if name not in READ_FIELDS and column_key(name) not in READ_KEYS
    )


def _reply(turn: Turn, message: dict[str, Any], reasoning: str | None) -> Turn:
    """A turn of the assistant with what it thought, and whether it is to be learnt."""
    if turn["content"] is None and isinstance(message.get("refusal"), str):
        turn["content"] = message["refusal"]
    for name, value in message.items():
        if isinstance(value, str) and value.strip() and column_key(name) in REASONING_NAMES:
            reasoning = reasoning or value
    content = turn["content"]
    if isinstance(content, str) and not reasoning:
        reasoning, turn["content"] = without_thoughts(content)
    if reasoning:
        turn["reasoning"] = reasoning
        turn["content"] = turn["content"] or ""
    return turn if is_learnt(message) is not False else turn | {"learn": False}


def _plain_turn(message: Any) -> Turn | None:
    """The turn of a known word, a text and nothing else: most messages, in half the time."""
    if not isinstance(message, dict) or len(message) != 2:
        return None
    word, text = message.get("role"), message.get("content")
    if word is None:
        word, text = message.get("from"), message.get("value")
    if not isinstance(word, str) or not isinstance(text, str):
        return None
    role = ROLE_OF_WORD.get(word)
    if role is None or (role == "assistant" and may_have_thoughts(text)):
        return None
    return {"role": role, "content": text}


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
    if text is None:
        return []
    return [reply_turn(text) if role == "assistant" else {"role": role, "content": text}]


def reply_turn(text: Any) -> Turn:
    """A reply as the assistant's turn, with the thoughts before it in their own field."""
    reasoning, reply = without_thoughts(text) if isinstance(text, str) else (None, text)
    turn = {"role": "assistant", "content": reply}
    return turn | {"reasoning": reasoning} if reasoning else turn


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
