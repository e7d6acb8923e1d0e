"""Numbers written in words: two hundred and fifty is 250.

The table of a language gives a few words. Here they are multiplied and added up, also where several
make up one word (zweihundert, fünfundzwanzig, trentotto) or a joint ties them (cento e cinco).

Reading goes from word to word. A number is a list of addends, from large to small: a word is added
if it is smaller than what the last addend leaves room for (five after twenty, but not after three),
a scale such as "thousand" multiplies the smaller addends before it, and any other word begins a
second number.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

GAP = "  "
"""What stands between two words of a text made by `lexicon.plain_words`, which also begins and ends
with one half of it: so the patterns ` a ` and ` b ` are both found in ` a  b `."""

SCALES = frozenset({100, 1_000, 1_000_000, 1_000_000_000})
"""Numbers that multiply what stands before them: two hundred, three thousand."""

NEVER = r"[^\s\S]"
"""A pattern that matches nothing."""


@dataclass(frozen=True)
class NumberWords:
    """The words of which a language builds numbers; all as `lexicon.plain_words` writes them."""

    spaced: bool
    """Whether the language puts spaces between words."""
    values: dict[str, int]
    """The number that each word stands for."""
    inner: frozenset[str]
    """Words that count beside others only: "one" does in "twenty one", not in "one of them"."""
    signs: dict[str, str]
    """Words for a sign: `percent` is `%`."""
    joints: tuple[frozenset[str], frozenset[str]]
    """Words that may stand behind tens (`treinta y cinco`), and behind hundreds (`two hundred and
    five`)."""
    passed: frozenset[str]
    """Phrases in which a number word means no number, with the half gaps around them."""
    measures: frozenset[str]
    """Words one of which must follow a number in a language without spaces: the three in 三明治, a
    sandwich, is no number."""

    @cached_property
    def token(self) -> str:
        """A pattern for Polars that finds what `read` reads, from gap to gap."""
        word, joint = _any(self.values), _any(self.joints[0] | self.joints[1])
        if not self.spaced:
            return f"{_any(self.passed | {*self.signs})}|0?{word}+{_any(self.measures)}"
        numbers = f"(?:0{GAP})?{word}(?:(?:{GAP})?(?:{joint}(?:{GAP})?)?{word})*"
        return f"{_any(self.passed)}| {_any(self.signs)} | {numbers} "

    def read(self, token: str) -> list[str]:
        """The numbers in a token that `token` found, in digits, and its signs.

        A scale after a number in digits (`2 million`) belongs to that number and is left out.
        """
        if token in self.passed:
            return []
        if token.strip() in self.signs:
            return [self.signs[token.strip()]]
        numbers: list[SpelledNumber] = []
        for word in self._words(token):
            if numbers:
                numbers += numbers.pop().followed_by(word)
            else:
                numbers.append(SpelledNumber([word.value], word.counts))
        return [str(sum(number.addends)) for number in numbers if number.counts]

    def _words(self, token: str) -> list["NumberWord"]:
        """The number words of a token, each with what ties it to the one before."""
        words, between = list[NumberWord](), list[str]()
        pieces = self._piece.findall(token.strip())
        for piece in pieces:
            if piece in self.values:
                words.append(self._word(piece, between))
                between = []
            else:
                between.append(piece)
        after_digits = pieces[0] == "0" and bool(words) and words[0].value in SCALES
        return words[1:] if after_digits else words

    def _word(self, word: str, between: list[str]) -> "NumberWord":
        """A word as it stands behind a word before it, with the pieces `between` the two."""
        joints = {*between} - {GAP}
        return NumberWord(
            value=self.values[word],
            counts=word not in self.inner,
            joined=bool(joints),
            spaced=GAP in between,
            after=10 if joints <= self.joints[0] else 100,
        )

    @cached_property
    def _piece(self) -> re.Pattern[str]:
        """A piece of a token such that others follow to its end: cent-otto, and not cento-tto."""
        words = {*self.values} | self.joints[0] | self.joints[1] | self.measures
        piece = _any(words | {GAP, "0"})
        return re.compile(f"{piece}(?={piece}*$)")


class NumberWord(NamedTuple):
    """A number word, and what ties it to the number word before it."""

    value: int
    counts: bool
    """False for a word that counts beside others only."""
    joined: bool
    """Whether a joint stands between the two: the `und` of `fünfundzwanzig`."""
    spaced: bool
    """Whether they are two words."""
    after: int
    """The joint stands only after multiples of this: 10 (`treinta y cinco`, and where there is no
    joint), or 100 (`two hundred and five`)."""


@dataclass(frozen=True)
class SpelledNumber:
    """A number of which some words have been read."""

    addends: list[int]
    """From large to small: 2,000, 300, 5."""
    counts: bool
    """False while it is a single word that counts beside others only."""

    def followed_by(self, word: NumberWord) -> list["SpelledNumber"]:
        """This number with one more word; or this one, and a second that begins with the word.

        "Two three" and "between twenty and five" are two numbers.
        """
        kept, addend = self._combined(word)
        if not kept:
            return [SpelledNumber([addend], counts=True)]
        room = _room_behind(kept[-1])
        if addend < room and word.after <= room:
            return [SpelledNumber([*kept, addend], counts=True)]
        combined = len(kept) < len(self.addends)
        return [
            SpelledNumber(kept, self.counts or combined),
            SpelledNumber([addend], word.counts or combined),
        ]

    def _combined(self, word: NumberWord) -> tuple[list[int], int]:
        """The addends that stay as they are, and one that is made of the others and the word."""
        units_first = word.joined and not word.spaced  # fünf-und-zwanzig
        if units_first and 20 <= word.value < 100 and self.addends[-1] < 10:
            return self.addends[:-1], self.addends[-1] + word.value
        if word.value in SCALES and not word.joined:
            kept = [addend for addend in self.addends if addend >= word.value]
            multiplied = sum(self.addends[len(kept) :]) or 1
            return kept, multiplied * word.value
        return self.addends, word.value


def _room_behind(addend: int) -> int:
    """What comes after an addend is smaller than this: 10 after twenty, 100 after two hundred."""
    if addend % 1_000 == 0:
        return max(scale for scale in SCALES if addend % scale == 0)
    if addend % 100 == 0:
        return 100
    return 10 if addend >= 20 and addend % 10 == 0 else 1


def _any(words: Iterable[str]) -> str:
    """A pattern of any of the words, the longest first, or one that matches nothing."""
    longest = sorted(words, key=lambda word: (-len(word), word))
    return f"(?:{'|'.join(map(re.escape, longest)) or NEVER})"
