"""One turn, or a list of them, in any spelling, as OpenAI writes it."""

import json
from typing import Any

from pipeline.readers.formats.calls import calls
from pipeline.readers.formats.roles import CALLING, ROLES, role

Turn = dict[str, Any]

WHO = ("role", "from", "speaker")
SAID = ("content", "value", "text", "utterance")
KEPT = ("name", "tool_call_id")
"""Fields that are the conversation; the others (weights, ids, annotations) are not."""

THOUGHTS = frozenset({"reasoning", "thinking"})
"""Parts that are thought before the reply, and no part of it."""


def turns(given: Any) -> list[Turn] | None:
    """The turns of a list of messages or of its JSON text; None when it is something else."""
    if isinstance(given, str) and given.lstrip()[:1] == "[":
        try:
            given = json.loads(given)
        except (ValueError, RecursionError):
            return None
    if not isinstance(given, list):
        return None
    found: list[Turn] = []  # Calling `list[Turn]()` takes as long as reading a turn.
    for one in given:
        said = _plain_turn(one) or turn(one)
        if said is None:
            return None
        found.append(said)
    return found


def turn(given: Any) -> Turn | None:
    """One message; None when it is no object or names no speaker."""
    if not isinstance(given, dict):
        return None
    word = next((given[key] for key in WHO if given.get(key) is not None), None)
    if not isinstance(word, str):
        return None
    said = next((given[key] for key in SAID if given.get(key) is not None), None)
    if word.strip().lower() in CALLING and (called := calls(said)):
        return {"role": "assistant", "content": None, "tool_calls": called}
    content, called = _content(said)
    kept = {key: given[key] for key in KEPT if given.get(key) is not None}
    beside = given.get("tool_calls") or given.get("function_call")
    if beside:
        called = calls(beside) or beside
    return (
        kept | {"role": role(word), "content": content} | ({"tool_calls": called} if called else {})
    )


def _plain_turn(given: Any) -> Turn | None:
    """A turn of a known word and a text and nothing else: most turns, at half the time."""
    if not isinstance(given, dict) or len(given) != 2:
        return None
    word, said = given.get("role"), given.get("content")
    if word is None:
        word, said = given.get("from"), given.get("value")
    who = ROLES.get(word) if isinstance(word, str) and isinstance(said, str) else None
    return {"role": who, "content": said} if who else None


def spoken(value: Any, who: str) -> list[Turn] | None:
    """What a cell says: a text of `who`, a message, or a list of them; none for null.

    None when it is an object or a list of anything else.
    """
    if isinstance(value, dict):
        one = turn(value)
        return None if one is None else [one]
    if isinstance(value, list):
        return turns(value)
    text = as_text(value)
    return [] if text is None else [{"role": who, "content": text}]


def as_text(value: Any) -> Any:
    """A text as it is; a JSON boolean or number is a text that lost its quotes; NaN is none."""
    if isinstance(value, bool | int | float):
        return None if value != value else json.dumps(value)
    return value


def joined(said: list[Turn], between: str) -> list[Turn]:
    """Turns with those of one side that follow each other made one."""
    whole: list[Turn] = []
    for one in said:
        before = whole[-1] if whole else None
        if before and before["role"] == one["role"] and _plain(before) and _plain(one):
            whole[-1] = before | {"content": f"{before['content']}{between}{one['content']}"}
        else:
            whole.append(one)
    return whole


def last_reply(said: list[Turn]) -> str | None:
    """The last text of the assistant."""
    replies = [one["content"] for one in said if one["role"] == "assistant"]
    return replies[-1] if replies and isinstance(replies[-1], str) else None


def _plain(one: Turn) -> bool:
    return isinstance(one["content"], str) and one.keys() == {"role", "content"}


def _content(said: Any) -> tuple[Any, Any]:
    """The text of a turn, or its parts where one is no text, and the calls among the parts."""
    if not isinstance(said, list):
        return as_text(said), None
    kept: list[Any] = []
    called: list[Any] = []
    given: Any
    part: Any
    for given in said:
        part = {"type": "text", "text": given} if isinstance(given, str) else given
        kind = part.get("type") if isinstance(part, dict) else None
        if kind == "tool_call":
            told = part.get("value", part.get("tool_call", part.get("text")))
            called += calls(told) or [told]
        elif kind == "text":
            kept.append({"type": "text", "text": part.get("text", part.get("value"))})
        elif not (isinstance(kind, str) and kind in THOUGHTS):
            kept.append(part)
    if all(isinstance(part, dict) and isinstance(part.get("text"), str)
           and part.keys() == {"type", "text"} for part in kept):  # fmt: skip
        text = "\n".join(part["text"] for part in kept if part["text"])
        return (text if kept or not called else None), called
    return kept, called
