"""Pairs as a sheet that people fill in: CSV, for any spreadsheet and back."""

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import polars as pl

from curate.report.twins import shown
from pipeline.audit.calibration.pairs import guard_says
from pipeline.files import write_atomically
from schemas.errors import UserError

COLUMNS = ("one", "other", "language", "cosine", "guard", "question", "other_question", "same")

YES = frozenset({"y", "yes", "1", "true", "same"})
NO = frozenset({"n", "no", "0", "false", "different"})
OPEN = frozenset({"", "s", "skip", "?"})

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A cell that begins so is computed by a spreadsheet, whatever a stranger wrote into it."""


class Answer(NamedTuple):
    """One filled-in row."""

    ids: tuple[str, str]
    same: bool


def write_sheet(path: Path, pairs: pl.DataFrame, mask: Callable[[str], str]) -> None:
    """Write pairs (rows of `Pairs.sample`), with an empty column `same` to be filled in.

    Long questions are shortened around their difference: spreadsheets cut a cell at 32,767
    characters, and only the ids are read back.

    Raises:
        UserError: the file is there already; it may hold somebody's labels.
    """
    if path.exists():
        raise UserError(
            f"{path} is there already, and may hold labels",
            "name another file, or give this one back with --csv",
        )
    text = io.StringIO(newline="")
    sheet = csv.DictWriter(text, COLUMNS, restval="", extrasaction="ignore")
    sheet.writeheader()
    for pair in pairs.iter_rows(named=True):
        both = shown([mask(pair["question"]), mask(pair["other_question"])])
        one, other = ("".join(piece.text for piece in pieces) for pieces in both)
        said = {"question": _cell(one), "other_question": _cell(other)}
        number = {"cosine": f"{pair['cosine']:.3f}", "guard": guard_says(pair)}
        sheet.writerow({**pair, **said, **number})
    # With a byte order mark, or Excel takes UTF-8 for something else.
    write_atomically(path, text.getvalue().encode("utf-8-sig", "backslashreplace"))


def read_sheet(path: Path) -> list[Answer]:
    """What a filled-in sheet says; rows that are left open say nothing.

    Raises:
        UserError: it cannot be read, is no such sheet, or says something that is no answer.
    """
    answers = []
    for line, row in _rows(path):
        said = (row["same"] or "").strip().casefold()
        if said not in YES | NO | OPEN:
            problem = f"{path}:{line}: same = {row['same']!r} is no answer"
            raise UserError(
                problem,
                f"write one of {', '.join(sorted(YES))} or {', '.join(sorted(NO))}, or nothing",
            )
        if said not in OPEN and row["one"] == row["other"]:
            raise UserError(f"{path}:{line}: one and other are the same record", "delete that row")
        if said not in OPEN:
            answers.append(Answer((row["one"], row["other"]), said in YES))
    return answers


def _rows(path: Path) -> list[tuple[int, dict[str, str]]]:
    """Rows with their line; by comma or by semicolon, as spreadsheets of some countries save."""
    try:
        text = path.read_text("utf-8-sig")
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror}", "check the path") from None
    except UnicodeDecodeError:
        raise UserError(f"{path} is not UTF-8", "save it as CSV in UTF-8") from None
    head = text.split("\n", 1)[0]
    sheet = csv.DictReader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=head.count))
    mend = "fill in a sheet that `curate calibrate --write FILE` wrote"
    try:
        missing = {"one", "other", "same"} - set(sheet.fieldnames or ())
        rows = [(sheet.line_num, row) for row in sheet]
    except csv.Error as error:
        problem = f"{path} cannot be read behind line {sheet.line_num}: {error}"
        raise UserError(problem, mend) from None
    if missing:
        raise UserError(f"{path} has no column {', '.join(sorted(missing))}", mend)
    return rows


def _cell(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) else text
