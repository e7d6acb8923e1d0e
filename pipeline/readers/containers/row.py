"""What a container gives: rows, and places where a row should be."""

from typing import Any, NamedTuple


class Row(NamedTuple):
    """One row as parsed JSON or as a dict of columns, with the line on which it begins.

    Parquet and Arrow have no lines: there it is the number of the row, from 1.
    """

    line: int
    value: Any


class Bad(NamedTuple):
    """A row that could not be read: its line, what is wrong, and its text."""

    line: int
    why: str
    text: str
