"""Dialogues by speaker: `utterances`, `turns` or `dialog` of `speaker` and what was said."""

import re
from typing import Any

from pipeline.readers.candidate import Candidate, Refused
from pipeline.readers.formats.beside import first_cell, labelled
from pipeline.readers.formats.roles import MACHINE, ROLES, role
from pipeline.readers.formats.turns import joined, turns
from schemas.reasons import Rejection

COLUMNS = ("utterances", "turns", "dialog", "dialogue", "chat", "log")
NUMBERED = re.compile(r"turn_(\d+)")


def read(row: Any) -> list[Candidate | Refused] | None:
    """The conversation of a row, or None when it has no list of speakers."""
    if not isinstance(row, dict):
        return None
    given = first_cell(row, COLUMNS)
    if isinstance(given, dict):
        given = _numbered(given)
    said = turns(given) if isinstance(given, list) and given else None
    if said is None:
        return None
    words = {str(one["role"]).strip().lower() for one in said}
    if "assistant" not in words and not words.isdisjoint(MACHINE):
        said = [_machine(one) for one in said]
    unknown = sorted({str(one["role"]) for one in said} - set(ROLES.values()))
    if unknown:
        why = f"has the speakers {', '.join(unknown)[:80]}; call them user and assistant"
        return [Refused(Rejection.unknown_format, why)]
    return [labelled(row, joined(said, "\n"))]


def _machine(one: dict[str, Any]) -> dict[str, Any]:
    """In a dialogue without an assistant, the system is who answers."""
    return one | {"role": "assistant"} if str(one["role"]).strip().lower() in MACHINE else one


def _numbered(chat: dict[str, Any]) -> list[dict[str, Any]] | None:
    """The turns of `{"turn_1": {"Human": …, "AI": …}, "turn_2": …}` in order of number."""
    numbers = [NUMBERED.fullmatch(str(key)) for key in chat]
    if not all(numbers) or not all(isinstance(turn, dict) for turn in chat.values()):
        return None
    order = sorted(chat, key=lambda key: int(key.removeprefix("turn_")))
    return [
        {"role": role(who), "content": said} for key in order for who, said in chat[key].items()
    ]
