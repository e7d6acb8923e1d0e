"""A text as it is compared: what is written differently and says the same becomes equal."""

import re
import unicodedata

INVISIBLE = str.maketrans("", "", "\u200b\ufeff\u2060")
"""Zero-width space, BOM, word joiner. Never the joiners that Persian and emoji need."""

MARKS = r"""[\s.,;:!?…"'“”‘’«»()¡¿。、]+"""
OUTER = re.compile(rf"^{MARKS}|{MARKS}$")
"""Marks of a sentence only: a sign is part of what is said in `-3`, `C++` and `C#`."""


def fold(text: str) -> str:
    """NFKC, case folded, single spaces, without outer marks of a sentence.

    Never letters alone: `x^3 - 2x` is not `x^3 + 2x`.
    """
    plain = unicodedata.normalize("NFKC", text).translate(INVISIBLE).casefold()
    spaced = " ".join(plain.split())
    return OUTER.sub("", spaced) or spaced
