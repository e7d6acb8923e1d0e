"""Last replies without any text."""

import polars as pl

from pipeline.filters.stage import Stage
from schemas.reasons import Reason


class EmptyReply(Stage):
    """Drop records whose last reply has no text and calls no tool."""

    def __call__(self, records: pl.DataFrame) -> pl.DataFrame:
        """Verdicts on `records`; the value is the reply's length."""
        length = pl.col("reply").str.len_chars()
        return self.drop(records.filter(length == 0), Reason.empty_reply, length)
