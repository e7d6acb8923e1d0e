"""The container: JSON Lines, one JSON array, or CSV/TSV, found by content.

Bytes are split at newlines only: `str.splitlines` would also split at U+2028 and U+0085, which
occur inside JSON strings.
"""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from schemas.errors import UserError

BOM = b"\xef\xbb\xbf"
GIT_LFS = b"version https://git-lfs"


@dataclass(frozen=True)
class Row:
    """One row as parsed JSON or as a CSV row, with the line on which it begins."""

    line: int
    value: Any


@dataclass(frozen=True)
class Bad:
    """A row that could not be read: its line, what is wrong, and its text."""

    line: int
    why: str
    text: str


def read_rows(path: Path) -> Iterator[Row | Bad]:
    """Yield the rows of a file, good and bad, in order.

    Raises:
        UserError: the file cannot be read at all: empty, binary, a pointer to another file.
    """
    try:
        data = path.read_bytes().removeprefix(BOM)
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror}", "check its rights") from None
    if not data.strip():
        raise UserError(f"{path} is empty", "name a file with chats")
    if data.startswith(GIT_LFS):
        raise UserError(f"{path} is a Git LFS pointer, not the data", "run `git lfs pull` first")
    if b"\0" in data[:4096]:
        raise UserError(
            f"{path} is a binary file or not UTF-8",
            "convert it to JSON Lines, JSON or CSV in UTF-8",
        )
    start = data.lstrip()[:1]
    if start == b"[" and (array := _json_array(data)) is not None:
        return iter(array)
    if start in (b"{", b"["):
        return _json_lines(data)
    return _csv(path, data)


def _json_lines(data: bytes) -> Iterator[Row | Bad]:
    for number, line in enumerate(data.split(b"\n"), 1):
        if not line.strip():
            continue
        try:
            yield Row(number, json.loads(line))
        except (ValueError, RecursionError) as error:
            yield Bad(number, f"not JSON: {error}", line.decode("utf-8", "backslashreplace"))


def _json_array(data: bytes) -> list[Row | Bad] | None:
    """The items of one array, or None when the file is something else.

    The line of each item is that on which it begins.
    """
    try:
        text = data.decode("utf-8")
        items = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(items, list) or not all(isinstance(item, dict | list) for item in items):
        return None
    decoder, rows = json.JSONDecoder(), list[Row | Bad]()
    place, line = text.index("[") + 1, 1
    counted = 0
    for item in items:
        while text[place] in " \t\r\n,":
            place += 1
        line += text.count("\n", counted, place)
        counted = place
        _, place = decoder.raw_decode(text, place)
        rows.append(Row(line, item))
    return rows


def _csv(path: Path, data: bytes) -> Iterator[Row | Bad]:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UserError(f"{path}:{line} is not UTF-8", "save the file as UTF-8") from None
    header = text[: text.find("\n")] if "\n" in text else text
    delimiter = max(",\t;", key=header.count)
    if delimiter not in header:
        raise UserError(
            f"{path} is neither JSON Lines, JSON nor CSV",
            "its first line should be a JSON object or a header such as question,answer",
        )
    # The module's own limit, 131,072, cuts long chats off. It is the process's: never lower it.
    csv.field_size_limit(max(csv.field_size_limit(), len(text) + 1))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    names = [name.strip() for name in next(reader)]
    return _csv_rows(reader, names)


def _csv_rows(reader: Any, names: list[str]) -> Iterator[Row | Bad]:
    begin = reader.line_num + 1
    try:
        for cells in reader:
            if len(cells) == len(names):
                yield Row(begin, dict(zip(names, cells, strict=True)))
            elif cells:
                why = f"{len(cells)} cells where the header has {len(names)}"
                yield Bad(begin, why, json.dumps(cells, ensure_ascii=False))
            begin = reader.line_num + 1
    except csv.Error as error:
        yield Bad(begin, f"not CSV from here on: {error}", "")
