"""Numbers written in words, as a language builds them: two hundred and fifty is 250.

The table of a language gives a few words, which are added up and multiplied here, also where they
make up one word (zweihundert, fünfundzwanzig, trentotto) or have a joint (cento e cinco).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

GAP = "  "
"""Between two words, and one half at each end: so ` a ` and ` b ` are both found in ` a  b `."""

SCALES = frozenset({100, 1_000, 1_000_000, 1_000_000_000})
"""Numbers that multiply what stands before them."""

NEVER = r"[^\s\S]"
"""A pattern that is never found."""


@dataclass(frozen=True)
class NumberWords:
    """The words that a language makes numbers of; all as `lexicon.plain` writes them."""

    spaced: bool
    values: dict[str, int]
    """What each word counts."""
    inner: frozenset[str]
    """Words that count beside others only: the one of "twenty one" does, not of "one of them"."""
    signs: dict[str, str]
    """Words for a sign: `percent` is `%`."""
    joints: tuple[frozenset[str], frozenset[str]]
    """Words that may follow tens (`treinta y cinco`), and hundreds (`two hundred and five`)."""
    passed: frozenset[str]
    """Phrases in which number words mean no number, with the half gaps around them."""
    measures: frozenset[str]
    """Without spaces a number needs its measure word: the three of 三明治, a sandwich, is none."""

    @cached_property
    def token(self) -> str:
        """A pattern for Polars: what is to be read, from gap to gap."""
        word, joint = _any(self.values), _any(self.joints[0] | self.joints[1])
        if not self.spaced:
            return f"{_any(self.passed | {*self.signs})}|0?{word}+{_any(self.measures)}"
        numbers = f"(?:0{GAP})?{word}(?:(?:{GAP})?(?:{joint}(?:{GAP})?)?{word})*"
        return f"{_any(self.passed)}| {_any(self.signs)} | {numbers} "

    def read(self, token: str) -> list[str]:
        """The numbers in a token that `token` found, in digits, and its signs.

        A scale after a number in digits (`2 million`) is part of that and left out.
        """
        if token in self.passed:
            return []
        if token.strip() in self.signs:
            return [self.signs[token.strip()]]
        pieces = self._piece.findall(token.strip())
        words = [place for place, piece in enumerate(pieces) if piece in self.values]
        if pieces[0] == "0" and words and self.values[pieces[words[0]]] in SCALES:
            words = words[1:]
        numbers: list[Spelled] = []
        for before, place in zip([None, *words], words, strict=False):
            value, counts = self.values[pieces[place]], pieces[place] not in self.inner
            between = pieces[before + 1 : place] if before is not None else []
            if numbers:
                numbers += numbers.pop().then(value, counts, between, self._room(between))
            else:
                numbers.append(Spelled([value], counts))
        return [str(sum(number.addends)) for number in numbers if number.counts]

    def _room(self, between: list[str]) -> int:
        """The least `room` that what stands between two words asks of the first."""
        joints = {*between} - {GAP}
        return 10 if joints <= self.joints[0] else 100

    @cached_property
    def _piece(self) -> re.Pattern[str]:
        """A piece of a token such that others follow to its end: cent-otto, and not cento-tto."""
        words = {*self.values} | self.joints[0] | self.joints[1] | self.measures
        piece = _any(words | {GAP, "0"})
        return re.compile(f"{piece}(?={piece}*$)")


@dataclass(frozen=True)
class Spelled:
    """A number that is being read."""

    addends: list[int]
    """From large to small: 2,000, 300, 5."""
    counts: bool
    """False while it is one inner word alone."""

    def then(self, value: int, counts: bool, between: list[str], least: int) -> list["Spelled"]:
        """This number with one more word; or this one, and another that begins with the word.

        "Two three" and "between twenty and five" are two numbers.
        """
        held, new = self.addends, value
        if 20 <= value < 100 and held[-1] < 10 and between and GAP not in between:
            held, new = held[:-1], held[-1] + value  # fünf-und-zwanzig
        elif value in SCALES and between in ([], [GAP]):
            held = [addend for addend in held if addend >= value]
            new = value * (sum(self.addends[len(held) :]) or 1)
        if not held:
            return [Spelled([new], counts=True)]
        if max(new + 1, least) <= _room(held[-1]):
            return [Spelled([*held, new], counts=True)]
        grown = len(held) < len(self.addends)
        return [Spelled(held, self.counts or grown), Spelled([new], counts or grown)]


def _room(addend: int) -> int:
    """What is added to a number must be smaller: 10 after twenty, 100 after two hundred."""
    if addend % 1_000 == 0:
        return max(scale for scale in SCALES if addend % scale == 0)
    if addend % 100 == 0:
        return 100
    return 10 if addend >= 20 and addend % 10 == 0 else 1


def _any(words: Iterable[str]) -> str:
    """A pattern of any of the words, the longest first, or one that is never found."""
    longest = sorted(words, key=lambda word: (-len(word), word))
    return f"(?:{'|'.join(map(re.escape, longest)) or NEVER})"
