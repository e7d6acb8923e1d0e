"""Replies in a language that nobody asked for."""

import polars as pl

from pipeline.features.language import UNDETERMINED
from pipeline.filters.stage import FlagOrDrop, Stage
from pipeline.filters.word_lists import word_list
from schemas.reasons import Reason
from schemas.verdict import Action

_NO_LANGUAGE = (UNDETERMINED, "zxx")
"""Undetermined, or no language at all (code, numbers)."""

_SMALL_WORD = r"\b\p{Ll}+\b|[\p{Lo}]"
"""A word in lower case, or a letter of a script that has no cases."""

_FEWEST_WORDS = 8
"""Lists of names and codes look like another language: five Italian cheeses are not Italian."""


class WrongLanguage(Stage):
    """Flag replies in none of `[language] targets`, or in another language than their question.

    Only where the languages are certain, and not where the question asks for another language.
    """

    measures = "number of tokens of the longest reply"

    action: FlagOrDrop = Action.flag

    def __call__(self, records: pl.DataFrame) -> pl.DataFrame:
        """Verdicts on `records`; each value is what this stage `measures`."""
        question, reply = pl.col("question_language"), pl.col("reply_language")
        no_target = ~pl.col("targeted") & ~pl.col("language").is_in(_NO_LANGUAGE)
        certain = ~question.is_in(_NO_LANGUAGE) & ~reply.is_in(_NO_LANGUAGE)
        has_sentences = pl.col("reply").str.count_matches(_SMALL_WORD) >= _FEWEST_WORDS
        asked_for = pl.col("question").str.contains(_asks_for_another())
        suspicious = records.filter(no_target | (certain & (question != reply)))
        wrong = suspicious.filter(has_sentences & ~asked_for)
        return self.verdicts(wrong, self.action, Reason.wrong_language, pl.col("reply_tokens"))


def _asks_for_another() -> str:
    """A pattern of questions that ask for another language than their own."""
    translate, into, languages = (
        word_list("wrong_language", name).anywhere for name in ("translate", "into", "languages")
    )
    return rf"(?i){translate}|\b(?:{into})\s?(?:{languages})\b"
