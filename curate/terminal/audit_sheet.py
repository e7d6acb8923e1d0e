"""Records to judge as a CSV file that people fill in with any spreadsheet program."""

import csv
import io
import re
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from curate.terminal.pair_sheet import OPEN_WORDS, cell, sheet_rows, yes_or_no
from pipeline.audit.judging.judgements import Item
from pipeline.audit.judging.kinds import Flaw
from pipeline.files import write_atomically
from schemas.errors import UserError

_COLUMNS = ("number", "question", "reply", "other_question", "other_reply", "same", "faults",
            "note", "id", "other_id")  # fmt: skip

_FINE = frozenset({"0", "ok", "fine", "-"})
"""What says that nothing is wrong; an empty cell says that nobody has looked yet."""

LONGEST_CELL = 1_500
"""Characters of a text that is shown whole; of a longer one the beginning and the end are."""


class SheetJudgement(NamedTuple):
    """One filled-in row."""

    item: Item
    faults: tuple[Flaw, ...]
    same: bool | None


def shown(text: str) -> str:
    """The text, or its beginning and its end."""
    half = LONGEST_CELL // 2
    return text if len(text) <= LONGEST_CELL else f"{text[:half]} […] {text[-half:]}"


def texts_of(items: pl.DataFrame, frame: pl.DataFrame) -> list[dict[str, Any]]:
    """The items with `question`, `reply`, `other_question` and `other_reply` (null for one).

    Args:
        items: `id, other_id`, in the order in which they are shown.
        frame: records with their texts, as `pipeline.features.describe` makes it.
    """
    texts = frame.select("id", "question", reply=pl.col("replies").list.join("\n---\n"))
    other = texts.rename({"id": "other_id", "question": "other_question", "reply": "other_reply"})
    joined = items.join(texts, on="id", how="left", maintain_order="left")
    return joined.join(other, on="other_id", how="left", maintain_order="left").to_dicts()


def write_audit_sheet(path: Path, rows: list[dict[str, Any]]) -> None:
    """Write rows of `texts_of`, with empty columns to fill in.

    Raises:
        UserError: the file exists already; it may contain somebody's judgements.
    """
    if path.exists():
        raise UserError(
            f"{path} exists already, and may contain judgements",
            "name another file, or read this one with --csv",
        )
    text = io.StringIO(newline="")
    sheet = csv.DictWriter(text, _COLUMNS, restval="")
    sheet.writeheader()
    for number, row in enumerate(rows, 1):
        texts = {name: cell(shown(row[name] or "")) for name in _COLUMNS[1:5]}
        sheet.writerow({"number": number, **texts, "id": row["id"], "other_id": row["other_id"]})
    # Without a byte order mark Excel does not recognise UTF-8.
    write_atomically(path, text.getvalue().encode("utf-8-sig", "backslashreplace"))


def read_audit_sheet(path: Path) -> list[SheetJudgement]:
    """The judgements of a filled-in sheet; rows that are left open have none.

    Raises:
        UserError: it cannot be read, is not such a sheet, or has an invalid answer.
    """
    mend = "fill in a sheet that `curate audit --write FILE` wrote"
    judgements = []
    for line, row in sheet_rows(path, {"id", "other_id", "same", "faults"}, mend):
        item = (row["id"], row["other_id"] or None)
        place = f"{path}:{line}"
        if item[1]:
            same = yes_or_no(row["same"] or "", place)
            judgements += [] if same is None else [SheetJudgement(item, (), same)]
        elif (answer := (row["faults"] or "").strip().casefold()) not in OPEN_WORDS:
            judgements.append(SheetJudgement(item, faults_in(answer, place), None))
    return judgements


def faults_in(answer: str, place: str) -> tuple[Flaw, ...]:
    """The faults that an answer such as `3 5` names; none for `0` or `ok`.

    Raises:
        UserError: it is neither.
    """
    words = re.split(r"[\s,;]+", answer.strip().casefold())
    if set(words) <= _FINE:
        return ()
    every = list(Flaw)
    if not all(word.isascii() and word.isdigit() and 0 < int(word) <= len(every) for word in words):
        raise UserError(
            f"{place}: faults = {answer!r} is not an answer",
            f"write numbers from 1 to {len(every)}, or 0 where nothing is wrong",
        )
    return tuple(every[int(word) - 1] for word in words)
