"""Conversations that carry different labels in different files or rows."""

import polars as pl

from pipeline.filters.stage import Stage
from schemas.reasons import Reason


class LabelConflict(Stage):
    """Flag records that were seen with different labels for their language or domain."""

    measures = "number of times the conversation was seen"

    def __call__(self, records: pl.DataFrame) -> pl.DataFrame:
        """Verdicts on `records`; each value is what this stage `measures`."""
        return self.flag(
            records.filter(pl.col("label_conflict")), Reason.label_conflict, pl.col("seen")
        )
