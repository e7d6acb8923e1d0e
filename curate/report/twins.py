"""Excerpts of texts: one shortened, or two with the words marked in which they differ."""

import difflib
import itertools
import re
from typing import NamedTuple

from pipeline.features.tokens import UNSPACED

EXCERPT_LENGTH = 280
"""Characters of a text that are shown."""

LEAD = 60
"""Characters that are shown before the first difference of two long texts."""

COMPARED = 2000
"""Characters of two texts that are compared; `difflib`'s time grows with the square of it."""

_WORD = re.compile(rf"[{UNSPACED}]|[^\W{UNSPACED}]+|\s+|[^\w\s]")


class Piece(NamedTuple):
    """A stretch of text, and whether the other text is different there."""

    text: str
    differs: bool = False


def excerpts(texts: list[str]) -> list[list[Piece]]:
    """One text shortened, or two around their first difference, with differing words marked."""
    if len(texts) != 2:
        return [[Piece(shortened(text))] if text else [] for text in texts]
    start = _start(texts)
    left, right = (_WORD.findall(text[start : start + COMPARED]) for text in texts)
    blocks = difflib.SequenceMatcher(None, left, right, autojunk=False).get_matching_blocks()
    # Two differing words with the same space between them still differ as a whole.
    blocks = [b for b in blocks if "".join(left[b.a : b.a + b.size]).strip() or not b.size]
    spans = [(b.a, b.size) for b in blocks], [(b.b, b.size) for b in blocks]
    return [
        _around(_pieces(words, same), torn=(start > 0, len(text) > start + COMPARED))
        for text, words, same in zip(texts, (left, right), spans, strict=True)
    ]


def _start(texts: list[str]) -> int:
    """Where to begin comparing: long texts may be equal for more than `COMPARED` characters."""
    if max(map(len, texts)) <= COMPARED:
        return 0
    alike = itertools.takewhile(lambda pair: pair[0] == pair[1], zip(*texts, strict=False))
    return max(sum(1 for _ in alike) - COMPARED // 2, 0)


def bracketed(pieces: list[Piece]) -> str:
    """Pieces as plain text, those that differ in brackets."""
    return "".join(f"[{piece.text}]" if piece.differs else piece.text for piece in pieces)


def shortened(text: str) -> str:
    """The beginning of a text."""
    return text if len(text) <= EXCERPT_LENGTH else text[: EXCERPT_LENGTH - 1].rstrip() + "…"


def _pieces(words: list[str], same: list[tuple[int, int]]) -> list[Piece]:
    """The words as pieces; `same` are start and length of the spans that both texts share."""
    pieces, end = [], 0
    for start, size in same:
        pieces.append(Piece("".join(words[end:start]), True))
        pieces.append(Piece("".join(words[start : start + size])))
        end = start + size
    return [piece for piece in pieces if piece.text]


def _around(pieces: list[Piece], torn: tuple[bool, bool]) -> list[Piece]:
    """At most `EXCERPT_LENGTH` characters, from a little before the first difference on.

    `torn` says whether there is more text before and after the pieces.
    """
    whole = sum(len(piece.text) for piece in pieces)
    before = len(pieces[0].text) if pieces and not pieces[0].differs else 0
    start = min(max(before - LEAD, 0), max(whole - EXCERPT_LENGTH, 0))
    around, place = list[Piece](), 0
    for text, differs in pieces:
        part = text[max(start - place, 0) : max(start + EXCERPT_LENGTH - place, 0)]
        place += len(text)
        if part:
            around.append(Piece(part, differs))
    if start or torn[0]:
        first = around[0].text
        around[0] = Piece(f"… {first.partition(' ')[2] or first}", around[0].differs)
    if start + EXCERPT_LENGTH < whole or torn[1]:
        around.append(Piece(" …"))
    return around
