"""Pairs of questions as a CSV file that people fill in with any spreadsheet program."""

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import polars as pl

from curate.report.twins import excerpts
from pipeline.audit.calibration.pairs import guard_says
from pipeline.files import write_atomically
from schemas.errors import UserError

_COLUMNS = ("one", "other", "language", "cosine", "guard", "question", "other_question", "same")

_YES = frozenset({"y", "yes", "1", "true", "same"})
_NO = frozenset({"n", "no", "0", "false", "different"})
OPEN_WORDS = frozenset({"", "s", "skip", "?"})

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet computes a cell that begins with one of these, and the texts are by strangers."""


class SheetLabel(NamedTuple):
    """One filled-in row."""

    ids: tuple[str, str]
    same: bool


def write_sheet(path: Path, pairs: pl.DataFrame, mask: Callable[[str], str]) -> None:
    """Write pairs (rows of `Pairs.sample`), with an empty column `same` to be filled in.

    Long questions are shortened around their difference: spreadsheets cut a cell at 32,767
    characters, and only the ids are read back.

    Raises:
        UserError: the file exists already; it may contain somebody's labels.
    """
    if path.exists():
        raise UserError(
            f"{path} exists already, and may contain labels",
            "name another file, or read this one with --csv",
        )
    text = io.StringIO(newline="")
    sheet = csv.DictWriter(text, _COLUMNS, restval="", extrasaction="ignore")
    sheet.writeheader()
    for pair in pairs.iter_rows(named=True):
        both = excerpts([mask(pair["question"]), mask(pair["other_question"])])
        question, other_question = ("".join(piece.text for piece in pieces) for pieces in both)
        questions = {"question": cell(question), "other_question": cell(other_question)}
        facts = {"cosine": f"{pair['cosine']:.3f}", "guard": guard_says(pair)}
        sheet.writerow({**pair, **questions, **facts})
    # Without a byte order mark Excel does not recognise UTF-8.
    write_atomically(path, text.getvalue().encode("utf-8-sig", "backslashreplace"))


def read_sheet(path: Path) -> list[SheetLabel]:
    """The labels of a filled-in sheet; rows that are left open have none.

    Raises:
        UserError: it cannot be read, is not such a sheet, or has an invalid answer.
    """
    labels = []
    mend = "fill in a sheet that `curate calibrate --write FILE` wrote"
    for line, row in sheet_rows(path, {"one", "other", "same"}, mend):
        same = yes_or_no(row["same"] or "", f"{path}:{line}")
        if same is not None and row["one"] == row["other"]:
            raise UserError(f"{path}:{line}: one and other are the same record", "delete that row")
        if same is not None:
            labels.append(SheetLabel((row["one"], row["other"]), same))
    return labels


def yes_or_no(answer: str, place: str) -> bool | None:
    """What a cell `same` says; None where it is left open.

    Raises:
        UserError: it is no answer; `place` is the file and line.
    """
    word = answer.strip().casefold()
    if word in OPEN_WORDS:
        return None
    if word not in _YES | _NO:
        yes, no = (", ".join(sorted(words)) for words in (_YES, _NO))
        problem = f"{place}: same = {answer!r} is not an answer"
        raise UserError(problem, f"write one of {yes} or {no}, or nothing")
    return word in _YES


def sheet_rows(path: Path, needed: set[str], mend: str) -> list[tuple[int, dict[str, str]]]:
    """The rows of a sheet with their line; some spreadsheets separate cells by semicolon or tab.

    Raises:
        UserError: it cannot be read, or lacks one of the columns `needed`; `mend` says what to do.
    """
    try:
        text = path.read_text("utf-8-sig")
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror}", "check the path") from None
    except UnicodeDecodeError:
        raise UserError(f"{path} is not UTF-8", "save it as CSV in UTF-8") from None
    head = text.split("\n", 1)[0]
    sheet = csv.DictReader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=head.count))
    try:
        missing = needed - set(sheet.fieldnames or ())
        rows = [(sheet.line_num, row) for row in sheet]
    except csv.Error as error:
        problem = f"{path} cannot be read after line {sheet.line_num}: {error}"
        raise UserError(problem, mend) from None
    if missing:
        raise UserError(f"{path} has no column {', '.join(sorted(missing))}", mend)
    return rows


def cell(text: str) -> str:
    """The text as a cell that no spreadsheet computes."""
    return f"'{text}" if text.startswith(_FORMULA) else text
