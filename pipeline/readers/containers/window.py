"""A window over a stream of JSON: finds where each value ends by brackets and strings alone.

What lies between the brackets may be broken: a bad row then ends where it should, and the next one
is read. Memory is that of the longest value.
"""

import re
from typing import BinaryIO

READ_BYTES = 2**20
"""Bytes that are read at once; twice as many each time while one value does not end."""

BLANKS = re.compile(rb"(?:[\s,]|\xef\xbb\xbf)*")
TOKEN = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:(")|\\?\Z)|[\[\]{}]', re.DOTALL)
"""A string (the group is its closing quote, if it has one), or one bracket."""

QUOTE = ord('"')


class Window:
    """Bytes of a stream from `pos` on, with the line of `pos`."""

    def __init__(self, stream: BinaryIO, line: int = 1) -> None:
        self.data = b""
        self.pos = 0
        self.line = line
        self.indent: bytes | None = b""
        """The blanks before `pos` on its line; None when there is something else."""
        self._stream = stream

    def more(self) -> bool:
        """Read on; False at the end of the stream."""
        piece = self._stream.read(max(READ_BYTES, len(self.data) - self.pos))
        self.data += piece
        return bool(piece)

    def next_byte(self) -> bytes:
        """Skip blanks, commas and byte order marks; the byte behind them, or none at the end."""
        while True:
            blank = BLANKS.match(self.data, self.pos)
            end = blank.end() if blank else self.pos
            if end < len(self.data) or not self.more():
                break
        blanks = self.take(end)
        if b"\n" in blanks:
            self.indent = blanks[blanks.rindex(b"\n") + 1 :]
        return self.data[self.pos : self.pos + 1]

    def take(self, end: int) -> bytes:
        """The bytes from `pos` to `end`, which becomes `pos`."""
        piece = self.data[self.pos : end]
        self.line += piece.count(b"\n")
        if piece:
            self.indent = None
        self.pos = end
        if end > READ_BYTES:
            self.data, self.pos = self.data[end:], 0
        return piece

    def end_of_value(self, start: int, limit: int | None = None) -> int | None:
        """Where the object, list or string at `start` ends; None: not within `limit` bytes."""
        depth, at = 0, start
        while True:
            for token in TOKEN.finditer(self.data, at):
                first = self.data[token.start()]
                if first == QUOTE:
                    if token[1] is None:  # The string goes on behind what has been read.
                        break
                elif first in b"{[":
                    depth += 1
                else:
                    depth -= 1
                at = token.end()
                if depth <= 0:
                    return at
            if (limit and len(self.data) - start > limit) or not self.more():
                return None

    def end_of_line(self, start: int, stops: bytes = b"\n") -> int:
        """Where the first of the bytes `stops` comes after `start`, or the stream ends."""
        stop, at = re.compile(b"[" + re.escape(stops) + b"]"), start + 1
        while True:
            if match := stop.search(self.data, at):
                return match.start()
            at = len(self.data)
            if not self.more():
                return at
