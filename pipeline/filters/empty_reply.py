"""Last replies without any text."""

import polars as pl

from pipeline.filters.stage import Stage
from schemas.reasons import Reason


class EmptyReply(Stage):
    """Drop records whose last reply has no text and calls no tool."""

    measures = "length of the reply in characters"

    def __call__(self, records: pl.DataFrame) -> pl.DataFrame:
        """Verdicts on `records`; each value is what this stage `measures`."""
        length = pl.col("reply").str.len_chars()
        return self.drop(records.filter(length == 0), Reason.empty_reply, length)
