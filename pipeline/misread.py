"""Text in UTF-8 that was read in another coding and saved so: `Ã¼` for ü, `РџСЂРё` for При.

Such text can be mended with certainty: written in the coding it was read in, its bytes are valid
UTF-8, which no text in a natural language is by chance. Codings and their holes are those of ftfy
(Speer, 2019), which also knows what such text looks like where only parts of it are damaged.
"""

import re
from collections.abc import Iterable

MISREAD_AS = (
    "sloppy-windows-1252",
    "latin-1",
    "sloppy-windows-1251",
    "sloppy-windows-1250",
    "sloppy-windows-1254",
    "cp437",
    "mac_roman",
    "gb18030",
    "shift_jis",
    "big5",
)
"""Codings in which UTF-8 is read by mistake, the commonest first."""

FEWEST_MENDED = 2
"""Letters outside of ASCII that mending must give: a single pair may be meant."""

SEVERAL_BYTES = frozenset(("gb18030", "shift_jis", "big5"))
"""Codings in which two bytes are a letter, so that short texts are UTF-8 by chance."""

FEWEST_OF_SEVERAL_BYTES = 8
"""Of 13,000 real Chinese replies four, of up to four letters, were UTF-8 by chance."""

_OUTSIDE = re.compile(r"[^\x00-\x7f]")


def misread_as(text: str, codings: Iterable[str] = MISREAD_AS) -> str | None:
    """The coding in which a text in UTF-8 was read, all of it; None if it was not."""
    if text.isascii():
        return None
    outside = len(_OUTSIDE.findall(text))
    for coding in codings:
        mended = unread(text, coding)
        if mended is not None:
            left = _OUTSIDE.findall(mended)
            fewest = FEWEST_OF_SEVERAL_BYTES if coding in SEVERAL_BYTES else FEWEST_MENDED
            if fewest <= len(left) <= outside and _is_writing("".join(left)):
                return coding
    return None


def unread(text: str, coding: str) -> str | None:
    """The text as it was before it was read in a coding; None if it was not."""
    import ftfy.bad_codecs  # noqa: F401 - registers the sloppy codings

    try:
        return text.encode(coding).decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return None


def _is_writing(letters: str) -> bool:
    """Whether what is outside of ASCII is what people write: letters and signs of printing."""
    return all(sign.isprintable() or sign in "\u00a0\u200b\u200c\u200d\ufeff" for sign in letters)
