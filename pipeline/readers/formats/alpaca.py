"""Alpaca: `{"instruction": …, "input": …, "output": …}`; Dolly's `context` and `response` too."""

from typing import Any

from pipeline.readers.candidate import Candidate, Refused
from pipeline.readers.formats.asked import asked_turns
from pipeline.readers.formats.other_columns import first_column, labelled_candidate
from pipeline.readers.formats.question_answer import answer_turns
from schemas.reasons import Rejection

OUTPUT_COLUMNS = ("output", "response", "completion", "answer")


def to_candidates(row: Any) -> list[Candidate | Refused] | None:
    """The conversation of a row, or None when it is not Alpaca."""
    if not isinstance(row, dict) or "instruction" not in row:
        return None
    if row["instruction"] is None and not row.get("input"):
        return None  # A table gives every row all columns; null is as good as absent.
    column = first_column(row, OUTPUT_COLUMNS)
    if column is None:
        return None
    reply = answer_turns(row[column])
    if isinstance(reply, Refused):
        return [reply]
    instruction = "" if row["instruction"] is None else row["instruction"]
    has_texts = isinstance(instruction, str) and isinstance(row.get("input") or "", str)
    if reply is None or not has_texts:
        return [Refused(Rejection.unreadable, f"instruction, input or {column} is not a text")]
    if not reply:
        return [Refused(Rejection.no_assistant_turn, f"{column} is null")]
    asked, used = asked_turns(row, "instruction", instruction)
    return [labelled_candidate(row, asked + reply, used=(*used, column))]
