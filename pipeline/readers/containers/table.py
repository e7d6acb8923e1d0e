"""CSV, TSV and tables with semicolons: the delimiter is the one that gives rows of one width."""

import csv
import io
import json
from collections.abc import Iterator
from itertools import chain, islice
from typing import BinaryIO, NamedTuple

from pipeline.readers.containers.row import BadRow, Row

DELIMITERS = {",": "CSV", "\t": "TSV", ";": "CSV with semicolons", "|": "CSV with bars"}

DELIMITER_SAMPLE = 100
"""Rows that are looked at to find the delimiter."""

CELL_LIMIT = 16 * 2**20
"""Characters in one cell. The csv module's own limit of 131,072 cuts long conversations off; a cell
longer than this one has a quote that is never closed."""

OPEN_QUOTE = "opens a quote that is never closed"
NOT_UTF8 = "is not UTF-8: save the file as UTF-8 (Excel: `CSV UTF-8`)"


class TableRow(NamedTuple):
    """One row of a table, the header included, before its cells have names."""

    line: int
    cells: list[str]
    fault: str = ""
    """Why it cannot be read as cells; "" when it can."""


def delimiter_of(head: str) -> str | None:
    """The delimiter of a table that begins with `head`, or None when that is not a table.

    A table has at least two columns, at most one of them without a name, and a row of the same
    width below its header, unless there is no row at all. Of several delimiters that fit, the one
    that gives most cells.
    """
    csv.field_size_limit(CELL_LIMIT)
    best, most_cells = None, 0
    for delimiter in DELIMITERS:
        rows = _table_rows(io.StringIO(head, newline=""), delimiter)
        names = _header(rows)
        widths = [len(row.cells) for row in islice(rows, DELIMITER_SAMPLE) if not row.fault]
        fitting = widths.count(len(names))
        named = len(names) > 1 and sum(not name.strip() for name in names) <= 1
        cells = len(names) * (fitting + 1)
        if named and (fitting or not widths) and cells > most_cells:
            best, most_cells = delimiter, cells
    return best


def iter_rows(stream: BinaryIO, delimiter: str) -> Iterator[Row | BadRow]:
    """The rows of a table below its header as dicts of column to text; see the room's interface."""
    csv.field_size_limit(CELL_LIMIT)
    text = io.TextIOWrapper(stream, "utf-8", errors="surrogateescape", newline="")
    try:
        rows = _table_rows(text, delimiter)
        names = [name.strip() for name in _header(rows)]
        for line, cells, fault in rows:
            if fault := fault or _fault(cells, len(names)):
                yield BadRow(line, fault, _cells_as_text(cells))
            else:
                yield Row(line, dict(zip(names, cells, strict=True)))
    finally:
        text.detach()  # Whoever opened the stream closes it.


class _Lines:
    """The lines of a table, where those of the current row are kept to be read a second time."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self.before_row = 0
        """Number of lines before the current row."""
        self.of_row: list[str] = []
        """The lines of the current row that were read so far."""
        self.ended = False

    def __iter__(self) -> Iterator[str]:
        for line in self._lines:
            self.of_row.append(line)
            yield line
        self.ended = True

    def end_row(self) -> None:
        """The current row is complete: the next line begins another one."""
        self.before_row += len(self.of_row)
        self.of_row.clear()

    def drop_first_line_of_row(self) -> str:
        """The first line of the current row, behind which reading begins again."""
        first, *rest = self.of_row
        self.before_row += 1
        self.of_row = []
        self.ended = False
        self._lines = chain(rest, self._lines)
        return first


def _table_rows(text: Iterator[str], delimiter: str) -> Iterator[TableRow]:
    """The rows of a table that are not blank, its header first.

    A quote that is never closed makes the rest of the file one cell. Only the line that opens it is
    bad: the lines behind it are read again, as rows of their own.
    """
    lines = _Lines(text)
    while True:
        yield from _rows_until_open_quote(lines, delimiter)
        if not lines.of_row:
            return
        number = lines.before_row + 1
        yield TableRow(number, [lines.drop_first_line_of_row().rstrip("\r\n")], OPEN_QUOTE)


def _rows_until_open_quote(lines: _Lines, delimiter: str) -> Iterator[TableRow]:
    """The rows up to the end, where no line is left over, or up to one whose quote stays open.

    The lines of that row are left in `lines.of_row`.
    """
    try:
        for cells in csv.reader(lines, delimiter=delimiter):
            if lines.ended:  # The csv module ran into the end of the file inside a quote.
                return
            if cells:
                yield TableRow(lines.before_row + 1, cells)
            lines.end_row()
    except csv.Error:  # A cell beyond `CELL_LIMIT`.
        return


def _header(rows: Iterator[TableRow]) -> list[str]:
    """The cells of the first row; none where there is no row."""
    first = next(rows, None)
    return first.cells if first else []


def _fault(cells: list[str], width: int) -> str:
    """What is wrong with a row; "" for nothing."""
    if len(cells) != width:
        return f"{len(cells)} cells where the header has {width}"
    text = "".join(cells)
    if "\0" in text:
        return "holds NUL bytes"
    try:
        text.encode()
    except UnicodeEncodeError:
        return NOT_UTF8
    return ""


def _cells_as_text(cells: list[str]) -> str:
    """The cells of a row as a JSON list; bytes that are not UTF-8 are escaped."""
    row = json.dumps(cells, ensure_ascii=False).encode("utf-8", "surrogateescape")
    return row.decode("utf-8", "backslashreplace")
