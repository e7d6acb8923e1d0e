"""A text shortened, or two side by side with the words marked in which they differ."""

import difflib
import itertools
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
    start = _start(said)
    one, other = (WORD.findall(text[start : start + COMPARED]) for text in said)
    same = difflib.SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks()
    # A space between two differing words is no agreement.
    spans = [s for s in same if "".join(one[s.a : s.a + s.size]).strip() or not s.size]
    sides = [(s.a, s.size) for s in spans], [(s.b, s.size) for s in spans]
    return [
        _around(_pieces(words, side), torn=(start > 0, len(text) > start + COMPARED))
        for text, words, side in zip(said, (one, other), sides, strict=True)
    ]


def _start(said: list[str]) -> int:
    """Where to begin: two long texts may differ behind all that is compared."""
    if max(map(len, said)) <= COMPARED:
        return 0
    alike = itertools.takewhile(lambda pair: pair[0] == pair[1], zip(*said, strict=False))
    return max(sum(1 for _ in alike) - COMPARED // 2, 0)


def bracketed(pieces: list[Piece]) -> str:
    """Pieces as plain text, those that differ in brackets."""
    return "".join(f"[{piece.text}]" if piece.differs else piece.text for piece in pieces)


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


def _around(pieces: list[Piece], torn: tuple[bool, bool]) -> list[Piece]:
    """At most `LENGTH` characters, from a little before the first difference on.

    `torn` says whether there is more text before and behind the pieces.
    """
    whole = sum(len(piece.text) for piece in pieces)
    before = len(pieces[0].text) if pieces and not pieces[0].differs else 0
    start = min(max(before - LEAD, 0), max(whole - LENGTH, 0))
    around, place = list[Piece](), 0
    for text, differs in pieces:
        part = text[max(start - place, 0) : max(start + LENGTH - place, 0)]
        place += len(text)
        if part:
            around.append(Piece(part, differs))
    if start or torn[0]:
        first = around[0].text
        around[0] = Piece(f"… {first.partition(' ')[2] or first}", around[0].differs)
    if start + LENGTH < whole or torn[1]:
        around.append(Piece(" …"))
    return around
