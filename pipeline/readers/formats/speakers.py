"""Dialogues by speaker: a list, in `utterances`, `turns` or `dialog`, of who said what."""

import re
from typing import Any

from pipeline.readers.candidate import Candidate, Refused, Turn
from pipeline.readers.formats.left_out import fields_left_out
from pipeline.readers.formats.other_columns import first_column, labelled_candidate
from pipeline.readers.formats.roles import MACHINE_WORDS, ROLE_OF_WORD, role_of
from pipeline.readers.formats.turns import merge_turns, to_turns
from schemas.reasons import Rejection

DIALOGUE_COLUMNS = ("utterances", "turns", "dialog", "dialogue", "chat", "log")
NUMBERED_TURN = re.compile(r"turn_(\d+)")


def to_candidates(row: Any) -> list[Candidate | Refused] | None:
    """The conversation of a row, or None when it has no list of speakers."""
    if not isinstance(row, dict):
        return None
    column = first_column(row, DIALOGUE_COLUMNS)
    dialogue = given = row[column] if column else None
    if isinstance(dialogue, dict):
        dialogue = _numbered_turns(dialogue)
    turns = to_turns(dialogue) if isinstance(dialogue, list) and dialogue else None
    if column is None or turns is None:
        return None
    speakers = {_speaker(turn) for turn in turns}
    if "assistant" not in speakers and not speakers.isdisjoint(MACHINE_WORDS):
        turns = [_machine_as_assistant(turn) for turn in turns]
    unknown = sorted({str(turn["role"]) for turn in turns} - set(ROLE_OF_WORD.values()))
    if unknown:
        why = f"has the speakers {', '.join(unknown)[:80]}; call them user and assistant"
        return [Refused(Rejection.unknown_format, why)]
    fields, turns = fields_left_out(column, given), merge_turns(turns, "\n")
    return [labelled_candidate(row, turns, used=(column,), fields=fields)]


def _speaker(turn: Turn) -> str:
    return str(turn["role"]).strip().lower()


def _machine_as_assistant(turn: Turn) -> Turn:
    """In a dialogue without an assistant, the system is the one that answers."""
    return turn | {"role": "assistant"} if _speaker(turn) in MACHINE_WORDS else turn


def _numbered_turns(chat: dict[str, Any]) -> list[Turn] | None:
    """The turns of `{"turn_1": {"Human": …, "AI": …}, "turn_2": …}` in order of number."""
    if not all(NUMBERED_TURN.fullmatch(str(key)) for key in chat):
        return None
    if not all(isinstance(turn, dict) for turn in chat.values()):
        return None
    order = sorted(chat, key=lambda key: int(key.removeprefix("turn_")))
    return [
        {"role": role_of(speaker), "content": text}
        for key in order
        for speaker, text in chat[key].items()
    ]
