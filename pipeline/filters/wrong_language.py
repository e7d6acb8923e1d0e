"""Replies in a language that nobody asked for."""

import polars as pl

from pipeline.features.language import UNDETERMINED
from pipeline.filters.stage import FlagOrDrop, Stage
from pipeline.filters.word_lists import word_list
from schemas.reasons import Reason
from schemas.verdict import Action

UNSURE = (UNDETERMINED, "zxx")
"""Not told, or no language at all: code, numbers."""

WORD = r"\b\p{Ll}+\b|[\p{Lo}]"
"""A word in small letters, or a letter of a script without them."""

MIN_WORDS = 8
"""Lists of names and codes look like another language: five Italian cheeses are no Italian."""


class WrongLanguage(Stage):
    """Flag replies in no target language, or in another than their question's.

    Only where the languages are sure, and not where the question asks for another one. Set
    `action = "drop"` to leave out what is in no `[language] targets`.
    """

    action: FlagOrDrop = Action.flag

    def __call__(self, records: pl.DataFrame) -> pl.DataFrame:
        """Verdicts on `records`; the value is the number of tokens of the longest reply."""
        asked, given = pl.col("question_language"), pl.col("reply_language")
        foreign = ~pl.col("targeted") & ~pl.col("language").is_in(UNSURE)
        other = (asked != given) & ~asked.is_in(UNSURE) & ~given.is_in(UNSURE)
        said = pl.col("reply").str.count_matches(WORD) >= MIN_WORDS
        asked_for = pl.col("question").str.contains(_asks_for_another())
        found = records.filter(foreign | other).filter(said & ~asked_for)
        return self.verdicts(found, self.action, Reason.wrong_language, pl.col("reply_tokens"))


def _asks_for_another() -> str:
    """A pattern of questions that ask for another language than their own."""
    translate, into, languages = (
        word_list("wrong_language", name).anywhere for name in ("translate", "into", "languages")
    )
    return rf"(?i){translate}|\b(?:{into})\s?(?:{languages})\b"
