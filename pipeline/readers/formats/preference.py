"""Preference rows: a question, the chosen reply and the rejected one.

The chosen side becomes the conversation; the rejected reply is kept beside it.
"""

from collections.abc import Sequence
from typing import Any

from pipeline.readers.candidate import Candidate, Refused, Turn
from pipeline.readers.formats.asked import asked_turns
from pipeline.readers.formats.left_out import fields_left_out
from pipeline.readers.formats.other_columns import first_cell, first_column, labelled_candidate
from pipeline.readers.formats.transcript import transcript_turns
from pipeline.readers.formats.turns import cell_turns, last_reply, reply_turn, to_turns
from schemas.reasons import Rejection

CHOSEN_AND_REJECTED = (
    ("chosen", "rejected"),
    ("chosen_messages", "rejected_messages"),
    ("chosen_response", "rejected_response"),
)
REPLY_COLUMNS_BESIDE = ("response", "output", "answer", "completion")
"""Where the chosen reply is if only the rejected one has a column of that name: ms-swift."""

FIRST_AND_SECOND = (
    ("output_1", "output_2"),
    ("response1", "response2"),
    ("response_1", "response_2"),
)
"""Pairs of columns with two replies; one of `WINNER_COLUMNS` says which reply is better."""
REPLY_COLUMNS = frozenset(
    name for pair in (*CHOSEN_AND_REJECTED, *FIRST_AND_SECOND) for name in pair
)
WINNER_COLUMNS = ("label", "preference")
PROMPT_COLUMNS = (
    "instruction",
    "messages",
    "conversations",
    "prompt",
    "question",
    "query",
    "input",
)


def to_candidates(row: Any) -> list[Candidate | Refused] | None:
    """The conversation of a row, or None when it does not compare replies."""
    if not isinstance(row, dict) or row.keys().isdisjoint(REPLY_COLUMNS):
        return None
    columns = _chosen_and_rejected(row)
    if columns is None:
        return None
    if isinstance(columns, Refused):
        return [columns]
    prompt, used = _prompt(row)
    rejected = _reply(row.get(columns[1]), row, prompt)
    chosen = [] if columns[0] is None else _reply(row.get(columns[0]), row, prompt)
    if columns[0] is None and prompt:
        prompt, chosen = prompt[:-1], prompt[-1:]
    if chosen is None:
        return [Refused(Rejection.unreadable, f"{columns[0]} is neither a text nor messages")]
    if not chosen:
        return [Refused(Rejection.no_assistant_turn, f"{columns[0]} is empty")]
    if any(turn["role"] == "user" for turn in chosen):
        prompt = []  # The chosen side is the whole conversation.
    if prompt is None:
        return [Refused(Rejection.no_user_turn, "has replies to compare, and no question")]
    used = (*used, *filter(None, columns), *WINNER_COLUMNS)
    fields = tuple(
        part for name in used if name in row for part in fields_left_out(name, row[name])
    )
    turned_down = last_reply(rejected or [])
    turns = prompt + chosen
    return [labelled_candidate(row, turns, rejected=turned_down, used=used, fields=fields)]


def _answered(row: dict[str, Any]) -> bool:
    """Whether a row's messages end with a reply: ms-swift writes only the rejected one beside."""
    turns = to_turns(first_cell(row, ("messages", "conversations")))
    return turns is not None and turns[-1:] != [] and turns[-1]["role"] == "assistant"


def _chosen_and_rejected(row: dict[str, Any]) -> tuple[str | None, str] | Refused | None:
    """The column of the chosen reply, None if the messages end with it, and of the rejected one."""
    for chosen, rejected in CHOSEN_AND_REJECTED:
        if row.get(chosen) is not None:
            return chosen, rejected
        if row.get(rejected) is not None and _answered(row):
            return None, rejected
        answer = first_column(row, REPLY_COLUMNS_BESIDE)
        if row.get(rejected) is not None and answer and row[answer] is not None:
            return answer, rejected
        if row.get(rejected) is not None:
            return Refused(Rejection.no_assistant_turn, f"has {rejected} and no {chosen}")
    for first, second in FIRST_AND_SECOND:
        if first in row and second in row:
            winner = next((str(row[name]) for name in WINNER_COLUMNS if name in row), "")
            if winner in ("1", "2"):
                return (first, second) if winner == "1" else (second, first)
            why = f"does not say with label 1 or 2 which of {first} and {second} is better"
            return Refused(Rejection.unsupported, why)
    return None


def _reply(cell: Any, row: dict[str, Any], prompt: list[Turn] | None) -> list[Turn] | None:
    """The turns of a reply: it alone, or a whole transcript that begins with the question.

    None when the cell is neither a text nor messages.
    """
    if not isinstance(cell, str):
        return cell_turns(cell, "assistant")
    question = row.get("prompt")
    repeats_question = isinstance(question, str) and cell.strip().startswith(question.strip())
    transcript = transcript_turns(cell) if prompt is None or repeats_question else None
    return transcript or [reply_turn(cell)]


def _prompt(row: dict[str, Any]) -> tuple[list[Turn] | None, Sequence[str]]:
    """The turns before the replies, None when no column has them, and the columns of these."""
    for column in PROMPT_COLUMNS:
        cell = row.get(column)
        if isinstance(cell, str):
            if turns := to_turns(cell):
                return turns, (column,)
            return asked_turns(row, column, cell)
        if cell:
            return cell_turns(cell, "user"), (column,)
    return None, ()
