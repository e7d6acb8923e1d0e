"""What a container yields: rows, and places where a row should have been."""

from typing import Any, NamedTuple


class Row(NamedTuple):
    """One row of a file: parsed JSON, or a dict of column to cell.

    `line` is the line on which it begins, from 1. Parquet and Arrow have no lines: there it is the
    number of the row, from 1.
    """

    line: int
    value: Any


class BadRow(NamedTuple):
    """A row that could not be read: its line, what is wrong with it, and its text."""

    line: int
    why: str
    text: str
