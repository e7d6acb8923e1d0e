"""What tells two questions apart that an embedding finds alike: numbers, negation, opposites.

Of real questions with one number changed 72 % stay above 0.92, with a negation or an opposite 92 %,
with a unit 69 %; of harmless changes 93 %. No threshold separates them, so words do: a pair of
which each question says something else is a flag and no duplicate. Names need no guard: 7 %.

Each question is written down as the multiset of its numbers and, for every contrast of
contrasts.toml, the sides that it uses. Two questions differ if their numbers do, or if both use a
contrast and not the same sides of it. Whether a question is negated is one more contrast; a
question in a language without a table uses none at all.
"""

import re
from collections import Counter
from dataclasses import dataclass

import numpy as np
import polars as pl

from pipeline.near_duplicates.lexicon import contrasts, find, languages, lexicon, plain
from pipeline.near_duplicates.numerals import DIGITS, numerals

LANGUAGES = languages()
"""Languages (ISO 639-1) whose negation, units and opposites are known. Digits always are."""

NEGATED = ("not negated", "negated", "negated twice")
"""Sides of negation; more than two are two."""

CONTRASTS = {**contrasts(), "negation": NEGATED, "negation of a way": NEGATED}
"""Columns of `Signatures.sides` by name, with the names of their bits."""

OPPOSITES = [len(names) == 2 for names in CONTRASTS.values()]
"""Contrasts of two sides. A text that uses both ("unblock my blocked card") takes neither."""

BOTH = 3
"""Both bits of an opposite."""

PAIRS = 65_536
"""Pairs whose sides are compared at once: some 10 MB."""


@dataclass(frozen=True)
class Signatures:
    """What each of n questions says, as far as the guard knows."""

    key: np.ndarray
    """uint64 (n,): a hash of the multiset of numbers."""
    sides: np.ndarray
    """uint16 (n, len(CONTRASTS)): a bit for each side of each contrast that is used."""

    def differ(self, left: np.ndarray, right: np.ndarray) -> np.ndarray:
        """Bool (pairs,): whether the questions `left` and `right` (indices) say something else."""
        different: np.ndarray = self.key[left] != self.key[right]
        alike = np.flatnonzero(~different)
        for start in range(0, len(alike), PAIRS):
            pairs = alike[start : start + PAIRS]
            one, other = self.sides[left[pairs]], self.sides[right[pairs]]
            opposed = (one != other) & (one != 0) & (other != 0)
            different[pairs] = opposed.any(axis=1)
        return different

    def take(self, rows: np.ndarray) -> "Signatures":
        """The signatures of some rows, in the order given."""
        return Signatures(self.key[rows], self.sides[rows])


def signatures(questions: pl.DataFrame) -> Signatures:
    """The signatures of questions (`question`, `question_language`)."""
    numbers, used = _said(questions)
    key = np.zeros(len(questions), np.uint64)
    np.add.at(key, numbers["row"].to_numpy(), numbers["value"].hash().to_numpy())
    sides = np.zeros((len(questions), len(CONTRASTS)), np.uint16)
    bits = np.left_shift(1, used["side"].to_numpy()).astype(np.uint16)
    np.bitwise_or.at(sides, (used["row"].to_numpy(), used["column"].to_numpy()), bits)
    sides[:, OPPOSITES] = np.where(sides[:, OPPOSITES] == BOTH, 0, sides[:, OPPOSITES])
    return Signatures(key, sides)


def difference(one: str, other: str, spoken: tuple[str, str]) -> str | None:
    """What two questions differ in, such as `number: 50 against 80`, or None if in nothing.

    Args:
        one: a question.
        other: another one.
        spoken: the languages of the two.
    """
    both = pl.DataFrame({"question": [one, other], "question_language": list(spoken)})
    numbers, used = _said(both)
    left, right = (Counter(numbers.filter(row=row)["value"]) for row in (0, 1))
    if left != right:
        return f"number: {_listed(left - right)} against {_listed(right - left)}"
    for column, (contrast, names) in enumerate(CONTRASTS.items()):
        here = used.filter(column=column).unique().sort("side")
        said = [[names[side] for side in here.filter(row=row)["side"]] for row in (0, 1)]
        if all(said) and said[0] != said[1] and not (len(names) == 2 in map(len, said)):
            return f"{contrast}: {' and '.join(said[0])} against {' and '.join(said[1])}"
    return None


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
            own.append(find(words, table.numbers).select("row", "value"))
            sides = _sides(find(words, table.hits), len(part))
            used.append(sides.with_columns(row=part["row"].gather(sides["row"])))
        values = pl.concat(own)
        numbers.append(values.with_columns(row=part["row"].gather(values["row"])))
    return pl.concat(numbers), pl.concat(used)


def _in_digits(text: pl.Series, language: str, scales: dict[str, int]) -> pl.DataFrame:
    """The numbers written in digits, of texts of one language: `row, value`."""
    scale = "|".join(sorted(map(re.escape, scales), key=len, reverse=True))
    pattern = rf"{DIGITS}(?:[\s-]?(?:{scale})\b)?" if scale else DIGITS
    found = text.str.to_lowercase().str.normalize("NFKC").str.extract_all(pattern)
    tokens = pl.DataFrame({"token": found}).with_row_index("row").explode("token").drop_nulls()
    unique = tokens["token"].unique()
    values = pl.DataFrame(
        {"token": unique, "value": [numerals(token, language, scales) for token in unique]},
        schema={"token": pl.String, "value": pl.List(pl.String)},
    )
    return tokens.join(values, on="token").explode("value").select("row", "value")


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
    return pl.concat([words.cast(pl.Int64), negated.cast(pl.Int64)]).unique()
