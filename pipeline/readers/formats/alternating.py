"""Turns one after the other: `{"data": [question, answer, …]}`, or pairs of texts."""

from typing import Any

from pipeline.readers.candidate import Candidate, LeftOut, Refused, Turn
from pipeline.readers.formats.left_out import is_empty, is_text
from pipeline.readers.formats.other_columns import labelled_candidate
from pipeline.readers.formats.roles import column_side
from pipeline.readers.formats.turns import as_text, reply_turn

TEXT_COLUMNS = ("data", "conversation", "conversations", "messages", "chat")
"""Columns in which a list of texts is a chat; in `dialog` or `utterances` it may be speech of any
number of people."""

PAIR_COLUMNS = ("internal", *TEXT_COLUMNS, "turns", "dialog", "dialogue", "history", "rounds")
"""Columns with a list of pairs, or of objects with a column of each side; `internal` is
text-generation-webui's, whose `visible` says the same as HTML."""

FIRST_MARK = "<|BEGIN-VISIBLE-CHAT|>"
"""text-generation-webui's first question, when the model greets."""


def to_candidates(row: Any) -> list[Candidate | Refused] | None:
    """The conversation of a row, or None when it has no such list."""
    if isinstance(row, list):
        row = {"data": row}
    if not isinstance(row, dict):
        return None
    for column in PAIR_COLUMNS:
        cell = row.get(column)
        if not isinstance(cell, list) or not cell:
            continue
        read = _pairs(column, cell) or (_texts(cell) if column in TEXT_COLUMNS else None)
        if read is not None:
            turns, fields = read
            used = (column, "visible") if column == "internal" else (column,)
            return [labelled_candidate(row, turns, used=used, fields=fields)]
    return None


def _texts(cell: list[Any]) -> tuple[list[Turn], tuple[LeftOut, ...]] | None:
    """The turns of texts of which every second one is a reply."""
    if len(cell) % 2 or not all(isinstance(text, str) for text in cell):
        return None
    if len(cell) == 2 and len(cell[1].split()) == 1:
        return None  # A text and its label.
    return _turns(list(zip(cell[::2], cell[1::2], strict=True))), ()


def _pairs(column: str, cell: list[Any]) -> tuple[list[Turn], tuple[LeftOut, ...]] | None:
    if all(isinstance(pair, list) and len(pair) == 2 for pair in cell):
        if not all(isinstance(text, str | None) for pair in cell for text in pair):
            return None
        if all(isinstance(pair[1], str) and len(pair[1].split()) == 1 for pair in cell):
            return None  # Texts and their labels.
        return _turns([tuple(pair) for pair in cell]), ()
    if not all(isinstance(pair, dict) for pair in cell):
        return None
    pairs, others = [], dict[str, bool]()
    for pair in cell:
        sides = {column_side(name): name for name in reversed(pair) if isinstance(name, str)}
        if not {"user", "assistant"} <= sides.keys():
            return None
        pairs.append((pair[sides["user"]], pair[sides["assistant"]]))
        for name, value in pair.items():
            if name not in sides.values() and not is_empty(value):
                others[name] = others.get(name, False) or is_text(value)
    fields = tuple(LeftOut(f"{column}.{name}", text) for name, text in others.items())
    return (_turns(pairs), fields) if all(map(_is_said, pairs)) else None


def _is_said(pair: tuple[Any, Any]) -> bool:
    return all(text is None or isinstance(as_text(text), str) for text in pair)


def _turns(pairs: list[Any]) -> list[Turn]:
    turns: list[Turn] = []
    for question, answer in pairs:
        if question not in (None, "", FIRST_MARK):
            turns.append({"role": "user", "content": as_text(question)})
        if answer not in (None, ""):
            turns.append(reply_turn(as_text(answer)))
    return turns
