"""JSON that is not JSON Lines: one array, several values one after the other, rows in a wrapper.

Of 61 public files three were pretty-printed objects one after the other, or an array with more
objects pasted behind its `]`; a reader of lines accepts none of their 16,372 lines.
"""

import io
import re
from collections.abc import Iterator
from typing import BinaryIO

from pipeline.readers.containers.json_value import NotJson, parse_json, readable
from pipeline.readers.containers.row import BadRow, Row
from pipeline.readers.containers.turned_round import rows_of
from pipeline.readers.containers.window import TOKEN, Window
from pipeline.readers.containers.wrapping import is_message, keys_with_rows

ITEM_LIMIT = 16 * 2**20
"""Bytes in one item of an array; a longer one has lost its closing bracket. The longest row of 61
public files has 140 thousand."""

VALUE_STARTS = (b"{", b"[", b'"')
"""First bytes of the values whose end is found by their brackets or quotes."""


def iter_rows(stream: BinaryIO) -> Iterator[Row | BadRow]:
    """The rows of JSON values; see the room's interface.

    Memory is that of the longest item of a list; an object around a list is read as a whole.
    """
    window = Window(stream)
    while first := window.next_byte():
        if first == b"]":  # left over from something that was pasted
            window.take(window.pos + 1)
        elif first == b"[" and _opens_rows(window):
            yield from _items(window)
        else:
            yield from _document(*_next_value(window, None))


def reads_well(head: bytes, whole: bool) -> bool:
    """Whether a text reads as JSON values without a bad row.

    Unless `head` is the `whole` file, bad rows at its end do not count: it may be cut off there.
    """
    rows = list(iter_rows(io.BytesIO(head)))
    good = [row for row in rows if isinstance(row, Row)]
    return bool(good) and (len(good) == len(rows) or (not whole and good == rows[: len(good)]))


def _row(line: int, text: bytes) -> Row | BadRow:
    try:
        return Row(line, parse_json(text))
    except NotJson as error:
        return BadRow(line, str(error), readable(text.rstrip()))


def _opens_rows(window: Window) -> bool:
    """Whether the list at `pos` holds rows: objects that are not messages, or lists."""
    ahead = window.pos + 1
    while not (inside := window.data[ahead:].lstrip()[:1]) and window.more():
        pass
    if inside != b"{":
        return inside == b"["
    start = window.data.index(b"{", ahead)
    item = _row(0, window.data[start : window.end_of_value(start, ITEM_LIMIT)])
    return isinstance(item, BadRow) or not is_message(item.value)


def _items(window: Window) -> Iterator[Row | BadRow]:
    """The items of the list at `pos`, up to its closing bracket."""
    window.take(window.pos + 1)
    while first := window.next_byte():
        if first == b"]":
            window.take(window.pos + 1)
            return
        yield _next_value(window, ITEM_LIMIT)[0]
    yield BadRow(window.line, "the file ends inside its list: the closing ] is missing", "")


def _document(row: Row | BadRow, text: bytes) -> Iterator[Row | BadRow]:
    """A value that stands by itself: a row, or an object around lists of rows.

    Args:
        row: The value.
        text: The same value as it is written in the file, to count the lines of the rows inside.
    """
    if isinstance(row, Row) and (rows := rows_of(row.value)) is not None:
        yield from (Row(row.line, inner) for inner in rows)
        return
    keys = keys_with_rows(row.value) if isinstance(row, Row) else []
    if not keys:
        yield row
        return
    for key, start in _lists(text):
        if key in keys:
            inner = Window(io.BytesIO(text[start:]), row.line + text.count(b"\n", 0, start))
            inner.next_byte()
            yield from _items(inner)


def _lists(text: bytes) -> Iterator[tuple[str, int]]:
    """The keys of an object that hold lists, and where in its text each list begins."""
    depth, key = 0, b""
    for token in TOKEN.finditer(text):
        if token[0] == b"[" and depth == 1:
            yield parse_json(key), token.start()
        if token[0] in (b"{", b"["):
            depth += 1
        elif token[0] in (b"]", b"}"):
            depth -= 1
        elif depth == 1:
            key = token[0]  # Of the strings in an object, the one before a list is its key.


def _next_value(window: Window, limit: int | None) -> tuple[Row | BadRow, bytes]:
    """Take the value at `pos`: as a row, and as the bytes that it was read from.

    A broken value ends where the next row seems to begin. `limit` is the most bytes that a value
    may have; it is given for the items of a list.
    """
    start, line = window.pos, window.line
    if window.data[start : start + 1] not in VALUE_STARTS:
        text = window.take(window.end_of_line(start, b"\n,]" if limit else b"\n"))
        return _row(line, text), text
    end = window.end_of_value(start, limit)
    row = _row(line, window.data[start:end])
    if isinstance(row, BadRow):
        why = row.why if end else "not JSON: its brackets do not close before the file ends"
        end = _end_of_broken_value(window, end, limit is not None)
        row = BadRow(line, why, readable(window.data[start:end].rstrip()))
    return row, window.take(end or len(window.data))


def _end_of_broken_value(window: Window, end: int | None, in_list: bool) -> int:
    """Where the broken value at `pos` ends and the next row seems to begin.

    That is before the first line that opens the same bracket at the same indentation; else at
    `end`, where its brackets close; else where the data end.
    """
    start = window.pos
    if window.indent is not None:
        bracket = window.data[start : start + 1]
        sibling = re.compile(b"\n" + re.escape(window.indent) + re.escape(bracket))
        if match := sibling.search(window.data, start, end or len(window.data)):
            return match.start()
    if end is None:
        return len(window.data)
    if in_list or window.data[end : end + 1] in b"\r\n,{[":
        return end
    # Outside of lists the rest of the line is rubbish too, as in `[10:02] Anna: hello`.
    return window.end_of_line(end)
