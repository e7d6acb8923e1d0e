"""The same question and answer, written a little differently."""

import re
import unicodedata

import polars as pl

from pipeline.preference import by_preference
from pipeline.stage import Stage
from schemas.reasons import Reason

INVISIBLE = str.maketrans("", "", "​﻿⁠")
"""Zero-width space, BOM, word joiner. Never the joiners that Persian and emoji need."""

MARKS = r"""[\s.,;:!?…"'“”‘’«»()¡¿。、]+"""
OUTER = re.compile(rf"^{MARKS}|{MARKS}$")
"""Marks of a sentence only: a sign is part of what is said in `-3`, `C++` and `C#`."""


class ExactRepeat(Stage):
    """Drop all but one of records with the same question and answer.

    Same means after NFKC, case folding, single spaces and outer punctuation; never letters
    alone: `x^3 - 2x` is not `x^3 + 2x`.
    """

    scope = "key"

    def __call__(self, records: pl.DataFrame) -> pl.DataFrame:
        """Verdicts on `records`; the other record is the one that stands."""
        keys = pl.Series(repeat_key(records), dtype=pl.String)
        ordered = by_preference(records.with_columns(key=keys))
        ordered = ordered.with_columns(other_id=pl.col("id").first().over("key"))
        return self.drop(ordered.filter(pl.col("id") != pl.col("other_id")), Reason.exact_repeat)

    def near_rejected(self, kept: pl.DataFrame, rejected: pl.DataFrame) -> pl.DataFrame:
        """Flags on kept records that say what one that a person rejected said."""
        said = dict(zip(repeat_key(rejected), rejected["id"], strict=True))
        others = pl.Series([said.get(key) for key in repeat_key(kept)], dtype=pl.String)
        return self.flag(
            kept.with_columns(other_id=others).drop_nulls("other_id"), Reason.near_rejected
        )


def repeat_key(records: pl.DataFrame) -> list[str]:
    """What two records must share to be repeats: folded question, replies, and tools."""
    texts = zip(records["question"], records["replies"], records["tool_set"], strict=True)
    return [f"{fold(q)}\0{fold(' '.join(a))}\0{tools}" for q, a, tools in texts]


def fold(text: str) -> str:
    """The text as it is compared."""
    plain = unicodedata.normalize("NFKC", text).translate(INVISIBLE).casefold()
    spaced = " ".join(plain.split())
    return OUTER.sub("", spaced) or spaced
