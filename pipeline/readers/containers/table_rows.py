"""The cells of a table, row by row, where quotes may be quotation marks or just characters.

A file that quotes its cells may have line breaks inside of them; a file that does not has a row on
each line, and a `"` at the start of a cell is part of the text. Taking one for the other merges
rows or tears them. So a quoted cell counts only if it closes as RFC 4180 has it, before a comma or
at the end of its line; and where every line of the file has as many cells as the header, quotes are
never needed, and a row is a line.
"""

import csv
import re
from collections import deque
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

CELL_LIMIT = 16 * 2**20
"""Characters in one cell. The csv module's own limit of 131,072 cuts long conversations off; a cell
longer than this one has a quote that is never closed."""

LAYOUT_SAMPLE = 1000
"""Lines by which it is found out whether each line of a table is a row."""

MOST_LINES = 20_000
"""Lines of one cell; one with more has a quote that is never closed."""

FEWEST_MERGED = 3
"""Lines which, if each has as many cells as the header, are rows and not one quoted cell."""

OPEN_QUOTE = "opens a quote that is never closed"

ODD_QUOTES = re.compile(r'(?<!")(?:"")*"(?!")')
"""A run of quotes that opens or closes a quoted cell."""


class TableRow(NamedTuple):
    """One row of a table, the header included, before its cells have names."""

    line: int
    cells: list[str]
    fault: str = ""
    """Why it cannot be read as cells; "" when it can."""


class TableReader:
    """Reads the rows of one table."""

    def __init__(self, text: Iterator[str], delimiter: str, first_line: int = 1) -> None:
        """Look at the first lines of a table.

        Args:
            text: Its lines, with their ends.
            delimiter: What stands between cells.
            first_line: The number of the first line.
        """
        csv.field_size_limit(CELL_LIMIT)
        self._text = text
        self._delimiter = delimiter
        self._strict = type("Strict", (csv.excel,), {"delimiter": delimiter, "strict": True})
        self._number = first_line
        self._waiting = deque(islice(text, LAYOUT_SAMPLE))
        self._width = 0
        self._a_row_a_line = False
        self.header_line = first_line
        """The line of the header; lines before it are blank."""
        self.header = self._header()

    def _header(self) -> list[str]:
        """The cells of the first row; none where there is no row."""
        first = next(self._rows(), None)
        cells = first.cells if first and not first.fault else []
        self._width = len(cells)
        self.header_line = first.line if first else self.header_line
        self._a_row_a_line = self._needs_no_quotes()
        return cells

    def rows(self) -> Iterator[TableRow]:
        """The rows below the header that are not blank."""
        return self._rows()

    def _needs_no_quotes(self) -> bool:
        """Whether each of the first lines is a row, and quotes can only be characters.

        Where both readings give rows of the header's width, quotes are quotes, unless that would
        put several such lines into one cell.
        """
        lines = [line for line in self._waiting if line.strip()]
        if not lines or any(len(self._split(line)) != self._width for line in lines):
            return False
        reader = csv.reader(iter(lines), delimiter=self._delimiter, strict=True)
        last = 0
        try:
            for row in reader:
                if len(row) != self._width or reader.line_num - last >= FEWEST_MERGED:
                    return True
                last = reader.line_num
        except csv.Error:  # A quote that does not close as it should, or is cut off.
            return True
        return False

    def _rows(self) -> Iterator[TableRow]:
        while (line := self._next()) is not None:
            number = self._number - 1
            plain = line.rstrip("\r\n")
            if not plain:
                continue
            if '"' not in plain:
                yield TableRow(number, plain.split(self._delimiter))
                continue
            cells = self._quoted(line)
            if cells is not None:
                yield TableRow(number, cells)
            else:
                yield TableRow(number, [plain], OPEN_QUOTE)

    def _next(self) -> str | None:
        line = self._waiting.popleft() if self._waiting else next(self._text, None)
        if line is not None:
            self._number += 1
        return line

    def _quoted(self, line: str) -> list[str] | None:
        """The cells of a row whose first line has quotes; None where its quote never closes."""
        try:  # Most rows; what `_parse` does, without its care for line ends.
            strict: list[str] | None = next(csv.reader((line,), self._strict))
        except csv.Error:
            strict = None
        if strict is not None and self._fits(strict):
            return strict
        as_text = [_unwrapped(cell) for cell in self._split(line)]
        if self._a_row_a_line and self._fits(as_text):
            return as_text
        if strict is None and _is_open(line) and (whole := self._over_lines(line)) is not None:
            return whole
        if (escaped := self._parse(line, escape="\\")) is not None and self._fits(escaped):
            return escaped
        if self._fits(as_text):
            return as_text
        lenient = self._parse(line, strict=False)
        if lenient is not None and self._fits(lenient):
            return lenient
        return strict or (None if _is_open(line) else lenient)

    def _over_lines(self, line: str) -> list[str] | None:
        """The cells of a row that goes on over lines; None where these are no row.

        The lines behind the first are put back where they are not part of it.
        """
        taken: list[str] = []
        size, cells = len(line), None
        while len(taken) < MOST_LINES and size < CELL_LIMIT:
            following = self._next()
            if following is None:
                break
            taken.append(following)
            size += len(following)
            if ODD_QUOTES.search(following) is None:
                continue
            whole = line + "".join(taken)
            cells = self._parse(whole)
            if cells is not None or not _is_open(whole):
                break
        span = [line, *taken]
        is_rows = len(span) >= FEWEST_MERGED and all(
            len(self._split(part)) == self._width for part in span if part.strip()
        )
        if cells is not None and self._fits(cells) and not (is_rows and self._width):
            return cells
        self._waiting.extendleft(reversed(taken))
        self._number -= len(taken)
        return None

    def _fits(self, cells: list[str]) -> bool:
        return not self._width or len(cells) == self._width

    def _split(self, line: str) -> list[str]:
        return line.rstrip("\r\n").split(self._delimiter)

    def _parse(self, text: str, strict: bool = True, escape: str | None = None) -> list[str] | None:
        """The cells of one row as the csv module reads it; None where it does not, or reads two."""
        reader = csv.reader(
            _csv_lines(text), delimiter=self._delimiter, strict=strict, escapechar=escape
        )
        try:
            rows = [row for row in reader if row]
        except csv.Error:
            return None
        return rows[0] if len(rows) == 1 else None


def _csv_lines(text: str) -> Iterator[str]:
    """The lines of a text as the csv module wants them: split at line ends only."""
    yield from re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z", text)


def _is_open(text: str) -> bool:
    """Whether a text ends inside of quotes, by the number of them."""
    return text.count('"') % 2 == 1


def _unwrapped(cell: str) -> str:
    """A cell without the quotes around it; `""` inside of these is a quote."""
    if len(cell) >= 2 and cell[0] == cell[-1] == '"':
        inner = cell[1:-1]
        if ODD_QUOTES.search(inner) is None:
            return inner.replace('""', '"')
    return cell
