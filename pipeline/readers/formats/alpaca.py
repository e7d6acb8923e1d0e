"""Alpaca: `{"instruction": …, "input": …, "output": …}`; Dolly's `context` and `response` too."""

from typing import Any

from pipeline.readers.candidate import Candidate, Refused
from pipeline.readers.formats.other_columns import (
    first_cell,
    first_column,
    labelled_candidate,
    with_history,
)
from pipeline.readers.formats.transcript import prompt_turns
from pipeline.readers.formats.turns import cell_turns
from schemas.reasons import Rejection

OUTPUT_COLUMNS = ("output", "response", "completion", "answer")

NO_INPUT = frozenset(
    {"", "<noinput>", "<no input>", "noinput", "no input", "no input.", "n/a", "none", "none."}
    | {"no input required", "no input required.", "no input needed", "no input needed."}
    | {"[no input]", "(no input)", "<no input required>", "not applicable", "<none>", "<empty>"}
)
"""Ways to write "there is no input", lower case. 111 of 9,229 rows of Alpaca have one of them."""


def to_candidates(row: Any) -> list[Candidate | Refused] | None:
    """The conversation of a row, or None when it is not Alpaca."""
    if not isinstance(row, dict) or "instruction" not in row:
        return None
    if row["instruction"] is None and not row.get("input"):
        return None  # A table gives every row all columns; null is as good as absent.
    column = first_column(row, OUTPUT_COLUMNS)
    if column is None:
        return None
    text, reply = instruction_with_input(row), cell_turns(row[column], "assistant")
    if text is None or reply is None:
        return [Refused(Rejection.unreadable, f"instruction, input or {column} is no text")]
    if not reply:
        return [Refused(Rejection.no_assistant_turn, f"{column} is null")]
    turns = with_history(row, prompt_turns(text) + reply)
    if turns is None:
        return [Refused(Rejection.unreadable, "history is no list of question and answer")]
    return [labelled_candidate(row, turns)]


def instruction_with_input(row: dict[str, Any]) -> str | None:
    """Instruction and input as one text, or None when one of them is not a text."""
    instruction = row["instruction"]
    context = first_cell(row, ("input", "context"))
    texts = ["" if text is None else text for text in (instruction, context)]
    if not all(isinstance(text, str) for text in texts):
        return None
    if texts[1].strip().lower() in NO_INPUT:
        return texts[0]
    return "\n\n".join(texts) if texts[0].strip() else texts[1]
