"""Folding: texts that say the same but are typed differently become equal."""

import re
import unicodedata

_INVISIBLE = str.maketrans("", "", "\u200b\ufeff\u2060")
"""Zero-width space, BOM, word joiner; not the joiners that Persian and emoji need."""

_PUNCTUATION = r"""[\s.,;:!?…"'“”‘’«»()¡¿。、]+"""
_OUTER_PUNCTUATION = re.compile(rf"^{_PUNCTUATION}|{_PUNCTUATION}$")
"""Only what ends or quotes a sentence: in `-3`, `C++` and `C#` a sign has a meaning."""


def fold(text: str) -> str:
    """The text in NFKC, case folded, with single spaces and without punctuation at its ends.

    Inner signs stay: `x^3 - 2x` is not `x^3 + 2x`. A text of nothing but punctuation stays, too.
    """
    plain = unicodedata.normalize("NFKC", text).translate(_INVISIBLE).casefold()
    spaced = " ".join(plain.split())
    return _OUTER_PUNCTUATION.sub("", spaced) or spaced
