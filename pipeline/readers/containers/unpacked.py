"""The bytes of a file as UTF-8: unpacked if they are packed, recoded if they are UTF-16 or -32.

The first bytes tell. Files are read in pieces; only recoded ones are written to disk once.
"""

import bz2
import codecs
import gzip
import io
import lzma
import re
import sys
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from pipeline.readers.containers.codings import coding_of, mend_misread, misread_coding
from schemas.errors import UserError

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

HEAD_BYTES = 2**18
"""Bytes at the beginning of a file by which its kind is found."""

PACKED = (
    ("gzip", re.compile(rb"\x1f\x8b"), gzip.open),
    ("Zstandard", re.compile(rb"\x28\xb5\x2f\xfd"), zstd.open),
    ("bzip2", re.compile(rb"BZh[1-9](1AY&SY|\x17\x72\x45\x38\x50\x90)"), bz2.open),
    ("xz", re.compile(rb"\xfd7zXZ\0"), lzma.open),
)
"""Name, first bytes and opener."""

CODINGS = (
    ("utf-32", re.compile(codecs.BOM_UTF32_LE + b"|" + codecs.BOM_UTF32_BE)),
    ("utf-16", re.compile(codecs.BOM_UTF16_LE + b"|" + codecs.BOM_UTF16_BE)),
    ("utf-16-le", re.compile(rb"(?=([^\0]\0){8})")),
    ("utf-16-be", re.compile(rb"(?=(\0[^\0]){8})")),
)
"""Name, and the byte order mark, or eight characters of ASCII in UTF-16 without one. UTF-32 goes
first: its mark begins with that of UTF-16."""

UNPACK_ERRORS = (EOFError, OSError, zlib.error, lzma.LZMAError, zstd.ZstdError)
"""What reading a file raises that is damaged or breaks off."""


@contextmanager
def open_unpacked(path: Path) -> Iterator[tuple[BinaryIO, str]]:
    """A file's bytes in UTF-8 without a byte order mark, and how they were packed and coded.

    Raises:
        UserError: the file cannot be opened, or its first bytes cannot be unpacked.
    """
    with ExitStack() as stack:
        try:
            stream, packing = _unpack(path, stack)
            stream, coding = _in_utf8(stream, stack)
        except UNPACK_ERRORS as error:
            why = getattr(error, "strerror", None) or str(error) or type(error).__name__
            raise UserError(
                f"{path} cannot be read: {why}", "check its permissions, or download it again"
            ) from None
        yield stream, ", ".join(filter(None, (packing, coding)))


def read_head(stream: BinaryIO) -> tuple[bytes, bool]:
    """The first `HEAD_BYTES` bytes, and whether that is all; of a damaged file what can be read."""
    head = b""
    try:
        while len(head) < HEAD_BYTES and (piece := stream.read1(HEAD_BYTES)):  # type: ignore[attr-defined]
            head += piece
    except UNPACK_ERRORS:
        if not head:
            raise
    return head, len(head) < HEAD_BYTES


def _unpack(path: Path, stack: ExitStack) -> tuple[BinaryIO, str]:
    raw = stack.enter_context(path.open("rb"))
    first = raw.read(16)
    raw.seek(0)
    for name, magic, opener in PACKED:
        if magic.match(first):
            return cast(BinaryIO, stack.enter_context(opener(raw))), name
    return raw, ""


def _mended(stream: BinaryIO, coding: str, stack: ExitStack) -> tuple[BinaryIO, str]:
    """A file in UTF-8 that had been read in another coding, as it was before."""
    stream.seek(0)
    file = stack.enter_context(tempfile.TemporaryFile())  # noqa: SIM115 - the stack closes it
    text = io.TextIOWrapper(stream, "utf-8", errors="backslashreplace", newline="")
    for line in text:
        file.write(mend_misread(line, coding).encode())
    text.detach()
    file.seek(0)
    name = coding.removeprefix("sloppy-")
    return cast(BinaryIO, file), f"UTF-8 misread as {name}, mended"


def _in_utf8(stream: BinaryIO, stack: ExitStack) -> tuple[BinaryIO, str]:
    first = stream.read(16)
    name = next((name for name, begins in CODINGS if begins.match(first)), "")
    if not name and not first.startswith(codecs.BOM_UTF8):
        stream.seek(0)
        head, _ = read_head(stream)
        name = coding_of(head) or ""
        misread = None if name else misread_coding(head)
        if misread:
            return _mended(stream, misread, stack)
    if not name:
        stream.seek(len(codecs.BOM_UTF8) if first.startswith(codecs.BOM_UTF8) else 0)
        return stream, ""
    stream.seek(0)
    file = stack.enter_context(tempfile.TemporaryFile())  # noqa: SIM115 - the stack closes it
    text = io.TextIOWrapper(stream, name, errors="replace", newline="")
    while piece := text.read(HEAD_BYTES):
        file.write(piece.encode("utf-8", "backslashreplace"))
    text.detach()
    file.seek(0)
    return cast(BinaryIO, file), name.upper()
