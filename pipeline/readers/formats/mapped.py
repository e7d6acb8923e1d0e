"""Rows whose columns the user names: `--map user=question,assistant=answer,language=lang`."""

import difflib
from collections.abc import Mapping
from typing import Any

from pipeline.readers.candidate import Candidate, Refused
from pipeline.readers.formats.beside import labelled
from pipeline.readers.formats.question_answer import lowered
from pipeline.readers.formats.turns import Turn, spoken
from schemas.errors import UserError
from schemas.reasons import Rejection

SPEAKERS = ("system", "user", "assistant")
PARTS = (*SPEAKERS, "tools", "language", "domain")
"""What a column can be mapped to."""


def check_mapping(mapping: Mapping[str, str]) -> None:
    """Refuse a mapping that names no part of a conversation, or not both sides of one.

    Raises:
        UserError: a name is unknown, or `user` or `assistant` is missing.
    """
    for part in mapping:
        if part not in PARTS:
            near = difflib.get_close_matches(part, PARTS, n=1, cutoff=0.0)
            raise UserError(
                f"--map does not know {part}; perhaps {near[0]}",
                f"map columns to {', '.join(PARTS)}",
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
    cells = lowered(row) if isinstance(row, dict) else {}
    columns = lowered({column: part for part, column in mapping.items()})
    missing = next((column for column in columns if column not in cells), None)
    if missing is not None:
        has = ", ".join(cells)[:80] or "no columns"
        return [Refused(Rejection.unknown_format, f"has no column {missing}; it has {has}")]
    parts = {part: cells[column] for column, part in columns.items()}
    said: list[Turn] = []
    for who in SPEAKERS:
        turns = spoken(parts.get(who), who)
        if turns is None:
            why = f"{mapping[who]} is neither a text nor a message; write it as a text"
            return [Refused(Rejection.unreadable, why)]
        said += turns
    return [labelled({name: parts.get(name) for name in ("tools", "language", "domain")}, said)]
