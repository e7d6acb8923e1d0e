"""One turn, or a list of them, in any spelling, becomes turns as OpenAI writes them."""

import json
from functools import lru_cache
from typing import Any

from pipeline.readers.candidate import Turn
from pipeline.readers.containers.python_literal import python_value
from pipeline.readers.formats.beside import REASONING_NAMES, column_key
from pipeline.readers.formats.calls import to_calls
from pipeline.readers.formats.items import cohere_results, json_text, responses_item, unwrapped
from pipeline.readers.formats.learning import WEIGHT_FIELDS, is_learnt
from pipeline.readers.formats.parts import (
    parts_of_text,
    read_content,
    split_at_results,
    text_of_parts,
)
from pipeline.readers.formats.roles import CALLING_WORDS, ROLE_OF_WORD, role_of
from pipeline.readers.formats.thoughts import may_have_thoughts, without_thoughts

ROLE_FIELDS = ("role", "from", "speaker", "sender", "author")
CONTENT_FIELDS = ("content", "value", "text", "utterance", "parts", "message", "mes", "msg", "body")
OTHER_FIELDS = ("name", "tool_call_id")
"""Other fields of a message that are part of the conversation."""

TYPES_OF_SPEAKERS = {
    "human": "user", "humanmessage": "user", "humanmessagechunk": "user",
    "ai": "assistant", "aimessage": "assistant", "aimessagechunk": "assistant",
    "system": "system", "systemmessage": "system", "tool": "tool", "toolmessage": "tool",
    "function": "tool", "functionmessage": "tool",
}  # fmt: skip
"""LangChain's messages have a type in place of a role."""

READ_FIELDS = frozenset(
    (
        *ROLE_FIELDS, *CONTENT_FIELDS, *OTHER_FIELDS, "tool_calls", "function_call", "refusal",
        "type", "toolCalls", "additional_kwargs", "call_id", "arguments", "output", "summary",
        "lc", "kwargs", "data", "tool_results",
    )
)  # fmt: skip
"""Fields of a message that are read, or say nothing by themselves."""

READ_KEYS = REASONING_NAMES | WEIGHT_FIELDS
"""The same by `column_key`."""


def to_turns(given: Any) -> list[Turn] | None:
    """The turns of a list of messages or of its JSON text; None when it is something else."""
    if isinstance(given, str) and given.lstrip()[:6].startswith(("[", "array(")):
        try:
            given = json.loads(given)
        except (ValueError, RecursionError):
            given = python_value(given)
    if not isinstance(given, list):
        return None
    turns: list[Turn] = []  # Calling `list[Turn]()` takes as long as reading a turn.
    thoughts: str | None = None
    for message in given:
        turn = _plain_turn(message)
        read = message_turns(message) if turn is None else [turn]
        if read is None:
            return None
        for turn in read:
            if turn["role"] == "reasoning":  # An item of its own, before the reply.
                thoughts = turn["content"]
                continue
            if thoughts is not None and turn["role"] == "assistant":
                turn.setdefault("reasoning", thoughts)
                thoughts = None
            turns.append(turn)
    return turns


def to_turn(message: Any) -> Turn | None:
    """The turn of one message; None when that is not an object, or names no speaker, or several."""
    turns = message_turns(message)
    return turns[0] if turns and len(turns) == 1 else None


def message_turns(message: Any) -> list[Turn] | None:
    """The turns of one message; None when that is not an object or names no speaker.

    Most messages are one turn. Anthropic, Gemini and Bedrock write results of tools as parts of a
    user's message: each becomes a turn of a tool, before what the user says.
    """
    message = unwrapped(message)
    if not isinstance(message, dict):
        return None
    if (item := responses_item(message)) is not None:
        return item
    word = _speaker(message)
    if word is None:
        return None
    given, role = _content(message), role_of(word)
    if word.strip().lower() in CALLING_WORDS and (calls := to_calls(given)):
        return [{"role": "assistant", "content": None, "tool_calls": calls}]
    if isinstance(given, str) and given[:2] == "[{" and role != "tool":
        given = parts_of_text(given) or given
    if role != "assistant":
        return _other_turns(message, role, given)
    pieces = split_at_results(given) if isinstance(given, list) else ()
    return _turns_of_pieces(message, pieces) if len(pieces) > 1 else _replies(message, given)


def _other_turns(message: dict[str, Any], role: Any, given: Any) -> list[Turn]:
    """The turns of a message that is not the assistant's: results of tools, and what is said."""
    if role == "tool" and not given and (results := cohere_results(message)):
        return results
    read = read_content(given)
    turn = {key: message[key] for key in OTHER_FIELDS if message.get(key) is not None}
    turn |= {"role": role, "content": read.content}
    if role == "tool" and isinstance(given, dict):
        turn["content"] = json_text(given)
    if calls := _calls_beside(message) or read.calls:
        turn["tool_calls"] = calls
    is_said = not read.results or bool(turn["content"]) or "tool_calls" in turn
    return [*read.results, turn] if is_said else read.results


def _replies(message: dict[str, Any], given: Any) -> list[Turn]:
    """The assistant's turn, and behind it the results that it saw."""
    read = read_content(given)
    turn = {key: message[key] for key in OTHER_FIELDS if message.get(key) is not None}
    turn |= {"role": "assistant", "content": read.content}
    turn = _reply(turn, message, read.reasoning)
    if calls := _calls_beside(message) or read.calls:
        turn["tool_calls"] = calls
    is_said = not read.results or bool(turn["content"]) or "tool_calls" in turn
    return [turn, *read.results] if is_said else read.results


def _turns_of_pieces(message: dict[str, Any], pieces: list[list[Any]]) -> list[Turn]:
    """The turns of an assistant's message in which results of tools stand between its words."""
    speaker = {name: message[name] for name in (*ROLE_FIELDS, "type") if name in message}
    turns: list[Turn] = []
    for place, piece in enumerate(pieces):
        # What stands beside the parts, its thoughts for one, belongs to the beginning.
        beside = speaker if place else message
        turns += message_turns({**beside, "content": piece}) or ()
    if is_learnt(message) is not False:
        return turns
    return [turn | {"learn": False} if turn["role"] == "assistant" else turn for turn in turns]


def _content(message: dict[str, Any]) -> Any:
    """What a message says: the first field that holds something, else the first that is there."""
    first = None
    for key in CONTENT_FIELDS:
        cell = message.get(key)
        if cell:
            return cell
        if cell is not None and first is None:
            first = cell
    return first


def _speaker(message: dict[str, Any]) -> str | None:
    """Who speaks, as the message says it."""
    for key in ROLE_FIELDS:
        word = message.get(key)
        if isinstance(word, dict):  # ChatGPT's export, Discord
            word = word.get("role")
        if isinstance(word, str):
            return word
        if word is not None:
            return None
    kind = message.get("type")
    if kind is None and isinstance(message.get("parts"), list):
        return "user"  # Gemini may leave it out.
    return TYPES_OF_SPEAKERS.get(kind.lower()) if isinstance(kind, str) else None


def _calls_beside(message: dict[str, Any]) -> Any:
    """The calls in a field of a message; None where there are none."""
    others = message.get("additional_kwargs")
    given = message.get("tool_calls") or message.get("toolCalls") or message.get("function_call")
    if not given and isinstance(others, dict):
        given = others.get("tool_calls") or others.get("function_call")
    return (to_calls(given) or given) if given else None


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
        if value and not reasoning and column_key(name) in REASONING_NAMES:
            reasoning = value if isinstance(value, str) else text_of_parts(value)
            reasoning = reasoning if reasoning and reasoning.strip() else None
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
    if text[:2] == "[{" and role != "tool" and parts_of_text(text) is not None:
        return None
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
