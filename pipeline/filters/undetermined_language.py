"""Replies whose language cannot be determined."""

import polars as pl

from pipeline.features.language import UNDETERMINED
from pipeline.filters.stage import Stage
from schemas.reasons import Reason


class UndeterminedLanguage(Stage):
    """Flag records whose reply has too little text to determine its language."""

    def __call__(self, records: pl.DataFrame) -> pl.DataFrame:
        """Verdicts on `records`; nothing is measured."""
        unknown = pl.col("language") == UNDETERMINED
        return self.flag(records.filter(unknown), Reason.undetermined_language)
