"""What tells two questions apart that an embedding finds alike: numbers, negation, opposites.

Of real questions with one number changed 72 % stay above 0.92, with a negation or an opposite 92 %,
with a unit 69 %; of harmless changes 93 %. No threshold separates them, so words do: a pair of
which each question says something else is a flag and no duplicate. Names need no guard: 7 %.

Each question is written down as the multiset of its numbers and, for every contrast of
contrasts.toml, how often it uses each side. Two questions differ if their numbers do, or if one
uses a side more often and the other another side of the same contrast. Whether a question is
negated is one more contrast; a question in a language without a table uses none at all.

A number said twice counts twice: of 244 real questions that do so all stay above 0.92 when one is
made another number of the question (the mean of 2, 3, 3 and of 2, 2, 3), which sets cannot see.
"""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import polars as pl

from pipeline.near_duplicates.guard.lexicon import contrasts, find, languages, lexicon, plain
from pipeline.near_duplicates.guard.numerals import DIGITS, numerals

LANGUAGES = languages()
"""Languages (ISO 639-1) whose negation, units and opposites are known. Digits always are."""

NEGATED = ("not negated", "negated", "negated twice")
"""Sides of negation; more than two are two."""

CONTRASTS = {**contrasts(), "negation": NEGATED, "negation of a way": NEGATED}
"""All contrasts by name, with the names of their sides."""

WORD = 64
"""Bits of a word; no contrast has more than 16 sides."""

LEVELS = 4
"""How often a side is used is counted to four: a bit for each side that is used, then one for each
that is used twice, and so on."""


class Place(NamedTuple):
    """Where the bits of a contrast are: in which word, from which bit on, of how many sides."""

    word: int
    first: int
    sides: int


def _places() -> list[Place]:
    places = [Place(0, 0, len(next(iter(CONTRASTS.values()))))]
    for names in list(CONTRASTS.values())[1:]:
        word, first, sides = places[-1]
        end = first + LEVELS * sides
        fits = end + LEVELS * len(names) <= WORD
        places.append(Place(word, end, len(names)) if fits else Place(word + 1, 0, len(names)))
    return places


PLACES = _places()
"""The places of the contrasts, in their order."""

WORDS = PLACES[-1].word + 1
"""Words that hold the sides of a question."""

PAIRS = 8_192
"""Pairs whose sides are compared at once: a megabyte an array."""


@dataclass(frozen=True)
class Signatures:
    """What each of n questions says, as far as the guard knows."""

    key: np.ndarray
    """uint64 (n,): a hash of the multiset of numbers."""
    sides: np.ndarray
    """uint64 (n, words): how often each side is used, the bits of a contrast as in `PLACES`."""

    def differ(self, left: np.ndarray, right: np.ndarray) -> np.ndarray:
        """Bool (pairs,): whether the questions `left` and `right` (indices) say something else."""
        different: np.ndarray = self.key[left] != self.key[right]
        alike = np.flatnonzero(~different)
        for start in range(0, len(alike), PAIRS):
            pairs = alike[start : start + PAIRS]
            one, other = self.sides[left[pairs]], self.sides[right[pairs]]
            different[pairs] = _opposed(one, other).any(axis=0)
        return different


def signatures_of(questions: pl.DataFrame) -> Signatures:
    """The signatures of questions (`question`, `question_language`)."""
    numbers, used = _said(questions)
    key = np.zeros(len(questions), np.uint64)
    np.add.at(key, numbers["row"].to_numpy(), numbers["value"].hash().to_numpy())
    sides = np.zeros((len(questions), WORDS), np.uint64)
    often = used.group_by("row", "column", "side").len()
    row, column, side, count = often.to_numpy().T.astype(np.int64)
    word, first, width = np.array(PLACES)[column].T
    for level in range(LEVELS):
        here = count > level
        bit = (first + level * width + side)[here].astype(np.uint64)
        np.bitwise_or.at(sides, (row[here], word[here]), np.left_shift(np.uint64(1), bit))
    return Signatures(key, sides)


def _opposed(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Bool (contrasts, pairs): `one` uses a side more often than `other` does, and `other` another.

    So "unblock my blocked card" is not opposed to "unblock my card", but to "block my card".
    """
    more, less = (one & ~other).T, (other & ~one).T
    opposed = np.zeros((len(PLACES), len(one)), bool)
    for contrast, (word, first, width) in enumerate(PLACES):
        mask = np.uint64(((1 << LEVELS * width) - 1) << first)
        opposed[contrast] = ((more[word] & mask) != 0) & ((less[word] & mask) != 0)
    return opposed


def difference(one: str, other: str, spoken: tuple[str, str]) -> str | None:
    """What two questions differ in, such as `number: 50 against 80`, or None if in nothing.

    Args:
        one: a question.
        other: another one.
        spoken: the languages of the two.
    """
    both = pl.DataFrame({"question": [one, other], "question_language": list(spoken)})
    numbers, _ = _said(both)
    left, right = (Counter(numbers.filter(row=row)["value"]) for row in (0, 1))
    if left != right:
        return f"number: {_listed(left - right)} against {_listed(right - left)}"
    here, there = signatures_of(both).sides[:, None]
    for contrast in np.flatnonzero(_opposed(here, there)):
        more = [_used(bits[0], int(contrast)) for bits in (here & ~there, there & ~here)]
        name = list(CONTRASTS)[contrast].replace("_", " ")
        return f"{name}: {more[0]} against {more[1]}"
    return None


def _used(bits: np.ndarray, contrast: int) -> str:
    """The names of the sides of a contrast whose bits are set."""
    (word, first, width), names = PLACES[contrast], list(CONTRASTS.values())[contrast]
    mine = int(bits[word]) >> first
    return " and ".join(
        name
        for side, name in enumerate(names)
        if any(mine >> level * width + side & 1 for level in range(LEVELS))
    )


def _listed(numbers: Counter[str]) -> str:
    return ", ".join(sorted(numbers.elements())) or "none"


def _said(questions: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Every number (`row, value`) and every side used (`row, column, side`) of questions."""
    numbers = [pl.DataFrame(schema={"row": pl.Int64, "value": pl.String})]
    used = [pl.DataFrame(schema={"row": pl.Int64, "column": pl.Int64, "side": pl.Int64})]
    rows = questions.select("question", "question_language", row=pl.int_range(pl.len()))
    for (language,), part in rows.group_by("question_language"):
        table = lexicon(str(language))
        own = [_in_digits(part["question"], str(language), table.scales if table else {})]
        if table:
            words = plain(part["question"], spaced=table.spaced)
            own.append(_read(words, table.numbers.token, table.numbers.read))
            sides = _sides(find(words, table.hits), len(part))
            used.append(sides.with_columns(row=part["row"].gather(sides["row"])))
        values = pl.concat(own)
        numbers.append(values.with_columns(row=part["row"].gather(values["row"])))
    return pl.concat(numbers), pl.concat(used)


def _in_digits(text: pl.Series, language: str, scales: dict[str, int]) -> pl.DataFrame:
    """The numbers written in digits, of texts of one language: `row, value`."""
    scale = "|".join(sorted(map(re.escape, scales), key=len, reverse=True))
    pattern = rf"{DIGITS}(?:[\s-]?(?:{scale})\b)?" if scale else DIGITS
    folded = text.str.to_lowercase().str.normalize("NFKC")
    return _read(folded, pattern, lambda token: numerals(token, language, scales))


def _read(text: pl.Series, pattern: str, read: Callable[[str], list[str]]) -> pl.DataFrame:
    """What `read` finds in the tokens of each text that the pattern finds: `row, value`."""
    found = text.str.extract_all(pattern)
    tokens = pl.DataFrame({"token": found}).with_row_index("row").explode("token").drop_nulls()
    unique = tokens["token"].unique()
    values = pl.DataFrame(
        {"token": unique, "value": [read(token) for token in unique]},
        schema={"token": pl.String, "value": pl.List(pl.String)},
    )
    return tokens.join(values, on="token").explode("value").drop_nulls().select("row", "value")


def _sides(hits: pl.DataFrame, texts: int) -> pl.DataFrame:
    """The sides (`row, column, side`) that words of `texts` texts use; negations are counted."""
    columns = {contrast: column for column, contrast in enumerate(CONTRASTS)}
    nots, nothings, asks = (
        np.bincount(hits.filter(line=line, side=side)["row"].to_numpy(), minlength=texts)
        for line, side in (("negation", 0), ("negation", 1), ("asking", 0))
    )
    # "No tengo nada" negates once: words of the second kind count where there is none of the first.
    degree = np.minimum(np.maximum(nots, np.minimum(nothings, 1)), len(NEGATED) - 1)
    negation = np.where(asks > 0, columns["negation of a way"], columns["negation"])
    negated = pl.DataFrame({"row": np.arange(texts), "column": negation, "side": degree})
    words = hits.filter(pl.col("line").is_in(list(contrasts()))).select(
        "row", pl.col("line").replace_strict(columns).alias("column"), "side"
    )
    return pl.concat([words.cast(pl.Int64), negated.cast(pl.Int64)])
