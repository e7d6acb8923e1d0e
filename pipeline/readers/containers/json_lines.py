"""JSON Lines: one row a line, read line by line, so that memory does not grow with the file.

Lines end at newlines only: `str.splitlines` would also split at U+2028 and U+0085, which occur
inside JSON strings.
"""

from collections.abc import Iterator
from typing import BinaryIO

from pipeline.readers.containers.json_value import NotJson, parse_json, readable
from pipeline.readers.containers.row import BadRow, Row
from pipeline.readers.containers.wrapping import is_list_of_rows


def iter_rows(stream: BinaryIO) -> Iterator[Row | BadRow]:
    """One row a line; see the room's interface.

    A line that is a list of objects, other than messages, gives one row for each object.
    """
    for number, line in enumerate(stream, 1):
        try:
            value = parse_json(line)
        except NotJson as error:
            if line.strip():
                yield BadRow(number, _why(line, error), readable(line.rstrip(b"\r\n")))
            continue
        if isinstance(value, list) and is_list_of_rows(value):
            yield from (Row(number, item) for item in value)
        else:
            yield Row(number, value)


def _why(line: bytes, error: NotJson) -> str:
    """What is wrong with a line. Only the last one has no newline: if broken, it was cut off."""
    torn = not line.endswith(b"\n") and line.lstrip()[:1] in (b"{", b"[")
    return f"{error}; the file ends inside this row" if torn else str(error)
