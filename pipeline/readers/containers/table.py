"""CSV, TSV and tables with semicolons: the delimiter is the one that gives rows of one width."""

import csv
import io
import json
from collections.abc import Iterator
from itertools import chain, islice
from typing import BinaryIO

from pipeline.readers.containers.row import Bad, Row

DELIMITERS = {",": "CSV", "\t": "TSV", ";": "CSV with semicolons", "|": "CSV with bars"}

SAMPLE = 100
"""Rows that are looked at to find the delimiter."""

CELL_LIMIT = 16 * 2**20
"""Characters in a cell; the csv module's own limit, 131,072, cuts long chats off. A longer cell is
a quote that is never closed."""

NOT_UTF8 = "is not UTF-8: save the file as UTF-8 (Excel: `CSV UTF-8`)"


def delimiter_of(head: str) -> str | None:
    """The delimiter of a table that begins with `head`, or None where it is no table.

    A table has two columns or more, each with a name, and a row below of the same width.
    """
    csv.field_size_limit(CELL_LIMIT)
    best, most = None, 0
    for delimiter in DELIMITERS:
        records = _records(io.StringIO(head, newline=""), delimiter)
        names = next(records, (0, [], ""))[1]
        widths = [len(cells) for _, cells, fault in islice(records, SAMPLE) if not fault]
        fits = widths.count(len(names))
        named = len(names) > 1 and sum(not name.strip() for name in names) <= 1
        if named and (fits or not widths) and len(names) * (fits + 1) > most:
            best, most = delimiter, len(names) * (fits + 1)
    return best


def read(stream: BinaryIO, delimiter: str) -> Iterator[Row | Bad]:
    """The rows of a stream of UTF-8 below its header, each with its line, as dicts of text."""
    csv.field_size_limit(CELL_LIMIT)
    text = io.TextIOWrapper(stream, "utf-8", errors="surrogateescape", newline="")
    try:
        records = _records(text, delimiter)
        names = [name.strip() for name in next(records, (0, [], ""))[1]]
        for line, cells, fault in records:
            if fault := fault or _fault(cells, len(names)):
                yield Bad(line, fault, _shown(cells))
            else:
                yield Row(line, dict(zip(names, cells, strict=True)))
    finally:
        text.detach()  # The stream is closed by whoever opened it.


def _records(text: Iterator[str], delimiter: str) -> Iterator[tuple[int, list[str], str]]:
    """Line, cells and what is wrong with them, for each record that is not blank.

    A quote that is never closed swallows the rest of the file: the line on which it opens is bad,
    and the lines behind it are read once more, on their own.
    """
    number = 0
    while True:
        held: list[str] = []
        ended = False

        def lines(source: Iterator[str] = text) -> Iterator[str]:
            nonlocal ended
            for line in source:
                held.append(line)  # noqa: B023
                yield line
            ended = True

        try:
            for cells in csv.reader(lines(), delimiter=delimiter):
                if ended:
                    break
                if cells:
                    yield number + 1, cells, ""
                number += len(held)
                held.clear()
        except csv.Error:
            pass  # A cell beyond the limit: as with a quote at the end of the file.
        if not held:
            return
        yield number + 1, [held[0].rstrip("\r\n")], "opens a quote that is never closed"
        number += 1
        text = chain(held[1:], text)


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


def _shown(cells: list[str]) -> str:
    """A row as JSON; its bytes that are no UTF-8 escaped."""
    raw = json.dumps(cells, ensure_ascii=False).encode("utf-8", "surrogateescape")
    return raw.decode("utf-8", "backslashreplace")
