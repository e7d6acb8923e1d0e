"""Preference rows: a question, the chosen reply and the rejected one.

The chosen side becomes the conversation; the rejected reply is kept beside it.
"""

from typing import Any

from pipeline.readers.candidate import Candidate, Refused
from pipeline.readers.formats.alpaca import question
from pipeline.readers.formats.beside import labelled, with_history
from pipeline.readers.formats.transcript import asked, whole
from pipeline.readers.formats.turns import Turn, last_reply, spoken, turns
from schemas.reasons import Rejection

NAMED = (
    ("chosen", "rejected"),
    ("chosen_messages", "rejected_messages"),
    ("chosen_response", "rejected_response"),
)
NUMBERED = (("output_1", "output_2"), ("response1", "response2"), ("response_1", "response_2"))
SIDES = frozenset(column for pair in (*NAMED, *NUMBERED) for column in pair)
WINNER = ("label", "preference")
QUESTIONS = ("messages", "conversations", "prompt", "question", "query", "input")


def read(row: Any) -> list[Candidate | Refused] | None:
    """The conversation of a row, or None when it compares no replies."""
    if not isinstance(row, dict) or row.keys().isdisjoint(SIDES):
        return None
    columns = _columns(row)
    if columns is None:
        return None
    if isinstance(columns, Refused):
        return [columns]
    chosen = columns[0]
    before = _question(row)
    reply, other = (_side(row.get(column), row, before) for column in columns)
    if reply is None:
        return [Refused(Rejection.unreadable, f"{chosen} is neither a text nor messages")]
    if not reply:
        return [Refused(Rejection.no_assistant_turn, f"{chosen} is empty")]
    if any(one["role"] == "user" for one in reply):
        before = []
    if before is None:
        return [Refused(Rejection.no_user_turn, "has replies to compare, and no question")]
    said = with_history(row, before + reply)
    if said is None:
        return [Refused(Rejection.unreadable, "history is no list of question and answer")]
    return [labelled(row, said, rejected=last_reply(other or []))]


def _columns(row: dict[str, Any]) -> tuple[str, str] | Refused | None:
    """The column of the chosen reply and that of the rejected one."""
    for chosen, rejected in NAMED:
        if row.get(chosen) is not None:
            return chosen, rejected
        if row.get(rejected) is not None:
            return Refused(Rejection.no_assistant_turn, f"has {rejected} and no {chosen}")
    for first, second in NUMBERED:
        if first in row and second in row:
            winner = next((str(row[key]) for key in WINNER if key in row), "")
            if winner in ("1", "2"):
                return (first, second) if winner == "1" else (second, first)
            why = f"does not say with label 1 or 2 which of {first} and {second} is better"
            return Refused(Rejection.unsupported, why)
    return None


def _side(cell: Any, row: dict[str, Any], before: list[Turn] | None) -> list[Turn] | None:
    """One side's turns: a reply, or a whole transcript that begins with the question."""
    if not isinstance(cell, str):
        return spoken(cell, "assistant")
    prompt = row.get("prompt")
    asked_first = isinstance(prompt, str) and cell.strip().startswith(prompt.strip())
    transcript = whole(cell) if before is None or asked_first else None
    return transcript or [{"role": "assistant", "content": cell}]


def _question(row: dict[str, Any]) -> list[Turn] | None:
    """What was asked; None when no column says it."""
    if isinstance(row.get("instruction"), str):
        text = question(row)
        return None if text is None else asked(text)
    for column in QUESTIONS:
        cell = row.get(column)
        if isinstance(cell, str):
            return turns(cell) or asked(cell)
        if cell:
            return spoken(cell, "user")
    return None
