"""CSV, TSV and tables with semicolons: the delimiter is the one that gives rows of one width."""

import io
import json
import re
from collections import Counter
from collections.abc import Iterator
from functools import partial
from itertools import islice
from typing import BinaryIO

from pipeline.readers.containers.row import BadRow, Row
from pipeline.readers.containers.table_rows import TableReader, TableRow
from pipeline.readers.formats.beside import column_key
from pipeline.readers.formats.roles import column_side

DELIMITERS = {",": "CSV", "\t": "TSV", ";": "CSV with semicolons", "|": "CSV with bars"}

DELIMITER_SAMPLE = 100
"""Rows that are looked at to find the delimiter."""

DELIMITER_LINE = re.compile(r"sep=(.)\r?\n")
"""The first line with which Excel is told the delimiter; it is no row."""

NOT_UTF8 = "is not UTF-8: save the file as UTF-8 (Excel: `CSV UTF-8`)"

SENTENCE_WORDS = 5
"""A header's cell with so many words is no name."""

NAME_LENGTH = 60
"""Characters; nor is a longer one."""

NUMBER = re.compile(r"[-+]?\d+(?:[.,]\d+)?%?")

HEADER_NAMES = frozenset(
    ("id", "text", "label", "category", "intent", "language", "lang", "domain", "source", "date",
     "time", "timestamp", "system", "role", "content", "context", "message", "title", "type")
)  # fmt: skip
"""Names that many tables have, besides those that name a side."""


def delimiter_of(head: str) -> str | None:
    """The delimiter of a table that begins with `head`, or None when that is not a table.

    A table has at least two columns, at most one of them without a name, and a row of the same
    width below its header, unless there is no row at all. Of several delimiters that fit, the one
    that gives most cells.
    """
    if match := DELIMITER_LINE.match(head):
        return match[1] if match[1] in DELIMITERS else None
    best, most_cells = None, 0
    for delimiter in DELIMITERS:
        table = TableReader(io.StringIO(head, newline=""), delimiter)
        names = table.header
        widths = [len(row.cells) for row in islice(table.rows(), DELIMITER_SAMPLE) if not row.fault]
        fitting = widths.count(len(names))
        named = len(names) > 1 and sum(not name.strip() for name in names) <= 1
        cells = len(names) * (fitting + 1)
        if named and (fitting or not widths) and cells > most_cells:
            best, most_cells = delimiter, cells
    return best


def container_of(delimiter: str) -> tuple[str, partial[Iterator[Row | BadRow]]]:
    """The name of a table with this delimiter, and its `iter_rows`."""
    return DELIMITERS[delimiter], partial(iter_rows, delimiter=delimiter)


def iter_rows(stream: BinaryIO, delimiter: str) -> Iterator[Row | BadRow]:
    """The rows of a table below its header as dicts of column to text; see the room's interface.

    Columns of a table without a header are called 1, 2, and so on, and its first row is a row.
    """
    text = io.TextIOWrapper(stream, "utf-8", errors="surrogateescape", newline="")
    try:
        lines: Iterator[str] = iter(text)
        first = next(lines, "")
        has_note = DELIMITER_LINE.match(first) is not None
        whole = lines if has_note else _before(first, lines)
        table = TableReader(whole, delimiter, first_line=2 if has_note else 1)
        yield from _named_rows(table)
    finally:
        text.detach()  # Whoever opened the stream closes it.


def _before(first: str, lines: Iterator[str]) -> Iterator[str]:
    if first:
        yield first
    yield from lines


def _named_rows(table: TableReader) -> Iterator[Row | BadRow]:
    names = [name.strip() for name in table.header]
    if is_data(names):
        names = [str(number) for number in range(1, len(names) + 1)]
        yield _named(TableRow(table.header_line, table.header), names)
    else:
        names = _told_apart(names)
    for row in table.rows():
        yield _named(row, names)


def _named(row: TableRow, names: list[str]) -> Row | BadRow:
    if fault := row.fault or _fault(row.cells, len(names)):
        return BadRow(row.line, fault, _cells_as_text(row.cells))
    return Row(row.line, dict(zip(names, row.cells, strict=True)))


def is_data(header: list[str]) -> bool:
    """Whether the first row of a table is a row like the others, and no names of columns.

    It is if half of its cells are sentences or numbers, and none is a name that columns have.
    """
    cells = [name for name in header if name]
    if not cells or any(_is_column_name(name) for name in cells):
        return False
    return sum(map(_is_said, cells)) * 2 >= len(cells)


def _is_column_name(name: str) -> bool:
    return column_key(name) in HEADER_NAMES or column_side(name) is not None


def _is_said(cell: str) -> bool:
    """Whether a cell is a sentence or a number."""
    words = len(cell.split())
    ends = cell[-1] in ".?!。？！…" and words > 1
    is_long = words >= SENTENCE_WORDS or len(cell) > NAME_LENGTH
    return ends or is_long or NUMBER.fullmatch(cell) is not None


def _told_apart(names: list[str]) -> list[str]:
    """The names with a number behind each one that stands twice: `text`, `text_2`."""
    seen = Counter[str]()
    told: list[str] = []
    for name in names:
        seen[name] += 1
        told.append(name if seen[name] == 1 else f"{name}_{seen[name]}")
    return told


def _fault(cells: list[str], width: int) -> str:
    """What is wrong with a row; "" for nothing."""
    if len(cells) != width:
        return f"{len(cells)} cells where the header has {width}"
    text = "".join(cells)
    if "\0" in text:
        return "holds NUL bytes"
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            return NOT_UTF8
    return ""


def _cells_as_text(cells: list[str]) -> str:
    """The cells of a row as a JSON list; bytes that are not UTF-8 are escaped."""
    row = json.dumps(cells, ensure_ascii=False).encode("utf-8", "surrogateescape")
    return row.decode("utf-8", "backslashreplace")
