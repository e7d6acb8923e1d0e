"""Replies whose own text does not tell their language."""

import polars as pl

from pipeline.features.language import UNDETERMINED
from pipeline.filters.stage import Stage
from schemas.reasons import Reason


class UndeterminedLanguage(Stage):
    """Flag records whose replies have too little text to determine their language.

    They count as the language of their question, and as `und` where that has too little, too.
    """

    def __call__(self, records: pl.DataFrame) -> pl.DataFrame:
        """Verdicts on `records`; nothing is measured."""
        unknown = (pl.col("reply_language") == UNDETERMINED) & pl.col("language_given").is_null()
        return self.flag(records.filter(unknown), Reason.undetermined_language)
