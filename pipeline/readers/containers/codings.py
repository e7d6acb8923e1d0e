"""Text in an older coding than UTF-8: found out where it is certain, and said where it is not.

Chinese, Japanese, Korean and Cyrillic codings are told from each other by charset-normalizer, which
tries them all and looks at what comes out. Latin codings such as Windows-1252 differ in a few
letters only, and a guess would put wrong letters into words: such rows are refused, and told how to
save the file.
"""

import codecs
import re

from pipeline.misread import MISREAD_AS, unread

CERTAIN = frozenset(
    ("gb18030", "gb2312", "gbk", "hz", "big5", "big5hkscs", "cp950", "shift_jis", "shift_jis_2004",
     "shift_jisx0213", "cp932", "euc_jp", "euc_jis_2004", "euc_jisx0213", "cp949", "euc_kr",
     "johab", "cp1251", "koi8_r", "koi8_u", "iso2022_jp", "iso2022_kr")
)  # fmt: skip
"""Codings whose texts are told from all others."""

MOST_CHAOS = 0.1
"""charset-normalizer's measure of how odd a decoded text looks, from 0; its own limit is 0.2."""

MOSTLY = 0.9
"""Share of the lines with other bytes than ASCII that must not be UTF-8."""

SAMPLE_BYTES = 2**16

_PIECE_END = re.compile(r'(["\n])')
"""Where a string of JSON, a cell or a line ends."""

FEWEST_BYTES = 16
"""Bytes outside of ASCII by which a coding may be told."""


def coding_of(head: bytes) -> str | None:
    """The coding of a file that begins with `head` and is not UTF-8; None if it is, or unclear."""
    if b"\0" in head or head.isascii():
        return None
    whole_lines = head.split(b"\n")[: -1 if b"\n" in head else None]
    lines = [line for line in whole_lines if not line.isascii()]
    if not lines or sum(not _decodes(line, "utf-8") for line in lines) < MOSTLY * len(lines):
        return None
    sample = b"\n".join(lines)[:SAMPLE_BYTES]
    if sum(byte > 127 for byte in sample) < FEWEST_BYTES:
        return None
    return _tried(sample)


def misread_coding(head: bytes) -> str | None:
    """The coding in which a file that begins with `head` was misread and then saved as UTF-8.

    None if it was not, or not nearly all of it.
    """
    if head.isascii() or not _decodes(head[: head.rfind(b'"') + 1] or head, "utf-8"):
        return None
    pieces = _PIECE_END.split(head.decode("utf-8", "ignore"))[:-1]
    texts = [piece for piece in pieces if not piece.isascii()]
    for coding in MISREAD_AS if sum(map(len, texts)) >= FEWEST_BYTES else ():
        misread = sum(unread(text, coding) is not None for text in texts)
        if misread >= MOSTLY * len(texts):
            return coding
    return None


def mend_misread(text: str, coding: str) -> str:
    """A part of such a file as it was before; strings that cannot have been misread stay."""
    return "".join(
        piece if piece.isascii() or (before := unread(piece, coding)) is None else before
        for piece in _PIECE_END.split(text)
    )


def _tried(sample: bytes) -> str | None:
    from charset_normalizer import from_bytes

    best = from_bytes(sample).best()
    if best is None or best.encoding not in CERTAIN or best.chaos > MOST_CHAOS:
        return None
    return codecs.lookup(best.encoding).name


def _decodes(text: bytes, coding: str) -> bool:
    try:
        text.decode(coding)
    except UnicodeDecodeError:
        return False
    return True
