"""A text shortened, or two side by side with the words marked in which they differ."""

import difflib
import re
from typing import NamedTuple

from pipeline.features.tokens import UNSPACED

LENGTH = 280
"""Characters of a text that are shown."""

LEAD = 60
"""Characters that are shown before the first difference of two long texts."""

COMPARED = 2000
"""Characters of two texts that are compared; `difflib` takes the square of it."""

WORD = re.compile(rf"[{UNSPACED}]|[^\W{UNSPACED}]+|\s+|[^\w\s]")


class Piece(NamedTuple):
    """A stretch of text, and whether the twin has another one there."""

    text: str
    differs: bool = False


def shown(said: list[str]) -> list[list[Piece]]:
    """One text shortened, or two around their first difference, with differing words marked."""
    if len(said) != 2:
        return [[Piece(cut(text))] if text else [] for text in said]
    one, other = (WORD.findall(text[:COMPARED]) for text in said)
    same = difflib.SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks()
    # A space between two differing words is no agreement.
    spans = [s for s in same if "".join(one[s.a : s.a + s.size]).strip() or not s.size]
    return [
        _around(_pieces(one, [(s.a, s.size) for s in spans])),
        _around(_pieces(other, [(s.b, s.size) for s in spans])),
    ]


def cut(text: str) -> str:
    """The beginning of a text."""
    return text if len(text) <= LENGTH else text[: LENGTH - 1].rstrip() + "…"


def _pieces(words: list[str], same: list[tuple[int, int]]) -> list[Piece]:
    pieces, end = [], 0
    for start, size in same:
        pieces.append(Piece("".join(words[end:start]), True))
        pieces.append(Piece("".join(words[start : start + size])))
        end = start + size
    return [piece for piece in pieces if piece.text]


def _around(pieces: list[Piece]) -> list[Piece]:
    """At most `LENGTH` characters, from a little before the first difference on."""
    whole = sum(len(piece.text) for piece in pieces)
    before = len(pieces[0].text) if pieces and not pieces[0].differs else 0
    start = min(max(before - LEAD, 0), max(whole - LENGTH, 0))
    around, place = list[Piece](), 0
    for text, differs in pieces:
        part = text[max(start - place, 0) : max(start + LENGTH - place, 0)]
        place += len(text)
        if part:
            around.append(Piece(part, differs))
    if start:
        _, _, word = around[0].text.partition(" ")
        around[0] = Piece(f"… {word}", around[0].differs)
    if start + LENGTH < whole:
        around.append(Piece(" …"))
    return around
