"""Order: "from Rome to Paris" is not "from Paris to Rome", though the two have the same words.

Vectors hardly see order. Two questions are told apart if

- they have the same words, and two parts with something between them were exchanged: "the dog bit
  the man" against "the man bit the dog". A part that moved ("by train from Rome", "from Rome by
  train"), and what stands on both sides of "and", ask for the same;
- or what one goes from is what the other goes to, and the other way round, whatever their other
  words are (`DIRECTIONS`). Of a word the first letters count, so that its endings do not.
"""

import re
from dataclasses import dataclass

import numpy as np
import polars as pl

from pipeline.near_duplicates.guard.lexicon import UNSPACED_LANGUAGES

MOST_DIRECTIONS = 3

ORDER_COLUMNS = 2 + 2 * MOST_DIRECTIONS
"""Columns of `Orders`: words, neighbours, then directions and their opposites."""

STEM = 4
"""Letters of a word that count in a direction."""

ROWS_AT_ONCE = 100_000

_STOP = r"[.!?。！？;；]+(?:\s|$)|[。！？；\n]"
"""What ends a sentence."""

_KANJI = r"[\p{Han}\p{Katakana}ー]{2,}"

_NAME = r"(?:\p{L}{1,3}\s+)?(\p{L}{3,})"
"""A word, with an article before it or without."""

DIRECTIONS = {
    "en": ("from", "(?:in|on)?to"),
    "de": ("von|aus|vom", "nach|ins?|zum|zur|auf"),
    "fr": ("de|du|depuis", "à|en|vers|au|aux"),
    "es": ("de|desde|del", "a|al|hacia|hasta|en"),
    "pt": ("de|do|da", "para|a|ao|até"),
    "it": ("da|dal|dalla|di", "a|ad|in|verso|al|alla"),
    "nl": ("van|uit", "naar|in"),
    "ru": ("из|с|от|со", "в|во|на|до|к"),
}
"""By language, the words before where something comes from, and before where it goes to."""

_ARROW = r"(\p{L}{2,})\s?(?:→|->|⇒|\s[-–—]\s)\s?(\p{L}{2,})"
"""`Rome → Paris`, `Rome - Paris`."""

_UNSPACED_DIRECTIONS = {
    "zh": r"[从由自把将](\p{Han}{2}).{0,6}?[到至往成为给](\p{Han}{2})",
    "ja": rf"({_KANJI})(?:から|を).{{0,4}}?({_KANJI})(?:へ|に|まで)",
}


SYMMETRIC = frozenset(
    (
        *("and", "or", "und", "oder", "et", "ou", "y", "e", "o", "u", "ed", "en", "of"),
        *("и", "или", "和", "与", "或", "跟", "同", "と", "や", "か"),
    )
)
"""Words on both sides of which the same may stand in either order."""

ENDS = 4
"""Words by which what two texts begin or end with may belong to a part that moved."""

_WORDS = re.compile(r"[぀-ヿ㐀-鿿]|[^\W_぀-ヿ㐀-鿿]+")


@dataclass(frozen=True)
class Orders:
    """In which order n questions say what they say."""

    values: np.ndarray
    """uint64 (n, `ORDER_COLUMNS`), 0 for none."""
    texts: pl.Series
    """The questions, in lower case."""

    def differ(self, left: np.ndarray, right: np.ndarray) -> np.ndarray:
        """Bool (pairs,): whether order tells the questions `left` and `right` (rows) apart."""
        first, second = self.values[left], self.values[right]
        apart: np.ndarray = (first[:, 0] == second[:, 0]) & (first[:, 1] != second[:, 1])
        few = np.flatnonzero(apart)
        texts = (self.texts.gather(rows[few]) for rows in (left, right))
        apart[few] = [exchanged(*pair) for pair in zip(*texts, strict=True)]
        for forward in range(2, 2 + MOST_DIRECTIONS):
            for backward in range(2 + MOST_DIRECTIONS, ORDER_COLUMNS):
                there = first[:, forward] != 0
                apart |= there & (first[:, forward] == second[:, backward])
        return apart

    def joined(self, others: "Orders") -> "Orders":
        """These, then others."""
        values = np.concatenate([self.values, others.values])
        return Orders(values, pl.concat([self.texts, others.texts]))


def exchanged(first: str, second: str) -> bool:
    """Whether of two texts with the same words the second is more than the first with a part moved.

    What both begin and end with is left out; a part moved if what is left is a rotation. A word at
    the ends that both have may belong to the part ("playing golf on a field for golf").
    """
    left, right = _WORDS.findall(first), _WORDS.findall(second)
    begin = _common(left, right)
    end = min(_common(left[::-1], right[::-1]), len(left) - begin)
    return not any(
        _is_moved(left[start : len(left) - stop], right[start : len(right) - stop])
        for start in range(begin, max(begin - ENDS, -1), -1)
        for stop in range(end, max(end - ENDS, -1), -1)
    )


def _common(left: list[str], right: list[str]) -> int:
    """How many words two lists begin with alike."""
    pairs = zip(left, right, strict=False)
    return next((place for place, (one, other) in enumerate(pairs) if one != other), len(left))


def _is_moved(left: list[str], right: list[str]) -> bool:
    """Whether one is a rotation of the other, or has the sides of an "and" exchanged."""
    return any(
        left[place:] + left[:place] == right
        or (word in SYMMETRIC and [*left[place + 1 :], word, *left[:place]] == right)
        for place, word in enumerate(left)
    )


def orders_of(questions: pl.DataFrame) -> Orders:
    """The orders of questions (`question`, `question_language`)."""
    rows = questions.select(
        question=pl.col("question").str.to_lowercase(), language="question_language"
    )
    values = np.zeros((len(rows), ORDER_COLUMNS), np.uint64)
    numbered = rows.with_row_index("row")
    for (language,), part in numbered.group_by("language"):
        for chunk in part.iter_slices(ROWS_AT_ONCE):
            places = chunk["row"].to_numpy()
            spaced = language not in UNSPACED_LANGUAGES
            values[places, :2] = _words_and_neighbours(chunk["question"], spaced)
            values[places, 2:] = _directions(chunk["question"], str(language))
    return Orders(values, rows["question"])


def _words_and_neighbours(texts: pl.Series, spaced: bool) -> np.ndarray:
    """uint64 (texts, 2): hashes of the words of each text, and of its pairs of neighbours.

    The last word of a sentence is a neighbour of the first, so that a rotation has the same pairs.
    """
    word = r"[\p{L}\p{N}]+" if spaced else r"[\p{L}\p{N}]"
    tokens = pl.DataFrame({"token": texts.str.extract_all(f"{word}|{_STOP}")}).with_row_index("row")
    tokens = tokens.explode("token").drop_nulls()
    stops = tokens["token"].str.contains(r"^[^\p{L}\p{N}]").to_numpy()
    rows, hashes = tokens["row"].to_numpy()[~stops], tokens["token"].hash().to_numpy()[~stops]
    found = np.zeros((len(texts), 2), np.uint64)
    if not len(rows):
        return found
    sentence = np.cumsum(stops)[~stops]
    begins = np.flatnonzero(np.diff(rows, prepend=-1) | np.diff(sentence, prepend=-1))
    following = np.roll(hashes, -1)
    following[np.append(begins[1:], len(hashes)) - 1] = hashes[begins]
    of_row = np.flatnonzero(np.diff(rows, prepend=-1))
    found[rows[of_row], 0] = np.add.reduceat(hashes, of_row)
    found[rows[of_row], 1] = np.add.reduceat(_mixed(hashes, following), of_row)
    return found


def _mixed(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """uint64: a hash of each pair, in which the order of the two matters."""
    pairs = (first * np.uint64(0x9E3779B97F4A7C15)) ^ second
    pairs *= np.uint64(0xC2B2AE3D27D4EB4F)
    mixed: np.ndarray = pairs ^ (pairs >> np.uint64(29))
    return mixed


def _directions(texts: pl.Series, language: str) -> np.ndarray:
    """uint64 (texts, 2 `MOST_DIRECTIONS`): hashes of directions, then of their opposites."""
    found = np.zeros((len(texts), 2 * MOST_DIRECTIONS), np.uint64)
    for place, pattern in enumerate(_patterns(language)):
        ends = texts.str.extract_groups(pattern).struct.unnest()
        start, goal = (ends.to_series(side).str.slice(0, STEM) for side in (0, 1))
        there = (start.is_not_null() & goal.is_not_null() & (start != goal)).fill_null(value=False)
        rows = np.flatnonzero(there.to_numpy())
        start, goal = start.gather(rows), goal.gather(rows)
        found[rows, place] = (start + ">" + goal).hash().to_numpy()
        found[rows, place + MOST_DIRECTIONS] = (goal + ">" + start).hash().to_numpy()
    return found


def _patterns(language: str) -> tuple[str, ...]:
    """Patterns with where something comes from, and where it goes to, as groups."""
    if language in _UNSPACED_DIRECTIONS:
        return (_UNSPACED_DIRECTIONS[language], _ARROW)
    if language not in DIRECTIONS:
        return (_ARROW,)
    start, goal = DIRECTIONS[language]
    both = rf"\b(?:{start})\s+{_NAME}(?:\s+\p{{L}}+){{0,3}}?\s+(?:{goal})\s+{_NAME}"
    last = rf"^.*\b(\p{{L}}{{3,}})\s+(?:{goal})\s+{_NAME}"
    return (both, _ARROW, last) if language in {"en", "de", "nl", "ru"} else (both, _ARROW)
