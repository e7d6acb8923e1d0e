"""Rows whose columns the user names: `--map user=question,assistant=answer,language=lang`."""

import difflib
from collections.abc import Mapping
from typing import Any

from pipeline.readers.candidate import Candidate, Refused, Turn
from pipeline.readers.formats.beside import columns_beside
from pipeline.readers.formats.left_out import meta_and_left_out
from pipeline.readers.formats.other_columns import labelled_candidate
from pipeline.readers.formats.question_answer import snake_case_columns
from pipeline.readers.formats.turns import cell_turns
from schemas.errors import UserError
from schemas.reasons import Rejection

SPEAKING_PARTS = ("system", "user", "assistant")
LABEL_PARTS = ("tools", "language", "domain")
MAPPED_PARTS = (*SPEAKING_PARTS, *LABEL_PARTS)
"""The parts of a conversation to which a column can be mapped."""


def check_mapping(mapping: Mapping[str, str]) -> None:
    """Refuse a mapping that names an unknown part of a conversation, or not both of its sides.

    Raises:
        UserError: a name is unknown, or `user` or `assistant` is missing.
    """
    for part in mapping:
        if part not in MAPPED_PARTS:
            near = difflib.get_close_matches(part, MAPPED_PARTS, n=1, cutoff=0.0)
            raise UserError(
                f"--map does not know {part}; perhaps {near[0]}",
                f"map columns to {', '.join(MAPPED_PARTS)}",
            )
    for part in ("user", "assistant"):
        if not mapping.get(part):
            raise UserError(f"--map names no column for {part}", f"add {part}=COLUMN")


def apply_mapping(row: Any, mapping: Mapping[str, str]) -> list[Candidate | Refused]:
    """The conversation in the mapped columns, or why there is none; column names in any case.

    Raises:
        UserError: the mapping itself is wrong.
    """
    check_mapping(mapping)
    cells = snake_case_columns(row) if isinstance(row, dict) else {}
    part_of = snake_case_columns({column: part for part, column in mapping.items()})
    missing = next((column for column in part_of if column not in cells), None)
    if missing is not None:
        has = ", ".join(cells)[:80] or "no columns"
        return [Refused(Rejection.unknown_format, f"has no column {missing}; it has {has}")]
    parts = {part: cells[column] for column, part in part_of.items()}
    turns: list[Turn] = []
    for part in SPEAKING_PARTS:
        turns_of_part = cell_turns(parts.get(part), part)
        if turns_of_part is None:
            why = f"{mapping[part]} is neither a text nor a message; write it as a text"
            return [Refused(Rejection.unreadable, why)]
        turns += turns_of_part
    labels = {part: parts[part] for part in LABEL_PARTS if part in parts}
    others = {name: cell for name, cell in cells.items() if name not in part_of}
    return [_beside_mapped(labelled_candidate(labels | _warnings(others), turns, used=()), others)]


def _warnings(others: dict[str, Any]) -> dict[str, Any]:
    """The columns that can refuse a row, mapped or not: pictures, and labels of bad replies."""
    beside = columns_beside(tuple(others))
    return {name: others[name] for name in (*beside.marks, *(name for name, _ in beside.media))}


def _beside_mapped(candidate: Candidate | Refused, others: dict[str, Any]) -> Candidate | Refused:
    """The candidate with what is in the columns that the user did not map."""
    if isinstance(candidate, Refused):
        return candidate
    meta, left_out = meta_and_left_out(others, others)
    return candidate._replace(meta=meta, left_out=left_out)
