"""JSON that is no JSON Lines: one array, several values one after the other, rows in a wrapper.

Of 61 public files three were pretty-printed objects one after the other, or an array with more
objects pasted behind its `]`; a reader of lines accepts none of their 16,372 lines.
"""

import io
import re
from collections.abc import Iterator
from typing import BinaryIO

from pipeline.readers.containers.json_value import NotJson, load, shown
from pipeline.readers.containers.row import Bad, Row
from pipeline.readers.containers.window import TOKEN, Window
from pipeline.readers.containers.wrapping import is_message, wrapped

ITEM_LIMIT = 16 * 2**20
"""Bytes in one item of an array; a longer one has lost its closing bracket. The longest row of 61
public files has 140 thousand."""

OPENING = (b"{", b"[", b'"')


def read(stream: BinaryIO) -> Iterator[Row | Bad]:
    """The rows of a stream of UTF-8, each with the line on which it begins.

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
    """Whether nothing in a text is broken but its end, where it is not `whole`."""
    rows = list(read(io.BytesIO(head)))
    good = [row for row in rows if isinstance(row, Row)]
    return bool(good) and (len(good) == len(rows) or (not whole and good == rows[: len(good)]))


def _row(line: int, text: bytes) -> Row | Bad:
    try:
        return Row(line, load(text))
    except NotJson as error:
        return Bad(line, str(error), shown(text.rstrip()))


def _opens_rows(window: Window) -> bool:
    """Whether the list at `pos` is one of rows: of objects that are no messages, or of lists."""
    ahead = window.pos + 1
    while not (inside := window.data[ahead:].lstrip()[:1]) and window.more():
        pass
    if inside != b"{":
        return inside == b"["
    start = window.data.index(b"{", ahead)
    item = _row(0, window.data[start : window.end_of_value(start, ITEM_LIMIT)])
    return isinstance(item, Bad) or not is_message(item.value)


def _items(window: Window) -> Iterator[Row | Bad]:
    """The items of the list at `pos`, up to its bracket."""
    window.take(window.pos + 1)
    while first := window.next_byte():
        if first == b"]":
            window.take(window.pos + 1)
            return
        yield _next_value(window, ITEM_LIMIT)[0]
    yield Bad(window.line, "the file ends inside its list: the closing ] is missing", "")


def _document(row: Row | Bad, text: bytes) -> Iterator[Row | Bad]:
    """A value that stands alone: a row, or an object around rows."""
    keys = wrapped(row.value) if isinstance(row, Row) else []
    if not keys:
        yield row
        return
    for key, at in _lists(text):
        if key in keys:
            inner = Window(io.BytesIO(text[at:]), row.line + text.count(b"\n", 0, at))
            inner.next_byte()
            yield from _items(inner)


def _lists(text: bytes) -> Iterator[tuple[str, int]]:
    """The keys of an object that hold lists, and where each list begins."""
    depth, key = 0, b""
    for token in TOKEN.finditer(text):
        if token[0] == b"[" and depth == 1:
            yield load(key), token.start()
        if token[0] in (b"{", b"["):
            depth += 1
        elif token[0] in (b"]", b"}"):
            depth -= 1
        elif depth == 1:
            key = token[0]


def _next_value(window: Window, limit: int | None) -> tuple[Row | Bad, bytes]:
    """The value at `pos` as a row and as text; `limit` is given inside a list.

    A broken one ends where the next row seems to begin.
    """
    start, line = window.pos, window.line
    if window.data[start : start + 1] not in OPENING:
        text = window.take(window.end_of_line(start, b"\n,]" if limit else b"\n"))
        return _row(line, text), text
    end = window.end_of_value(start, limit)
    row = _row(line, window.data[start:end])
    if isinstance(row, Bad):
        why = row.why if end else "not JSON: its brackets do not close before the file ends"
        end = _next_row(window, end, limit is not None)
        row = Bad(line, why, shown(window.data[start:end].rstrip()))
    return row, window.take(end or len(window.data))


def _next_row(window: Window, end: int | None, inside: bool) -> int:
    """Where a broken value at `pos` ends: before a line that opens the same bracket as deep in."""
    start = window.pos
    if window.indent is not None:
        opening = window.data[start : start + 1]
        line = re.compile(b"\n" + re.escape(window.indent) + re.escape(opening))
        if found := line.search(window.data, start, end or len(window.data)):
            return found.start()
    if end is None:
        return len(window.data)
    # Outside of lists what follows on the line belongs to the rubbish: `[10:02] Anna: hello`.
    return end if inside or window.data[end : end + 1] in b"\r\n,{[" else window.end_of_line(end)
