"""Records that say the same as another, apart from how they were typed."""

import polars as pl

from pipeline.filters.preference import by_preference
from pipeline.filters.stage import Stage, no_verdicts
from schemas.reasons import Reason


class ExactRepeat(Stage):
    """Drop all but one of the records with the same question, answer, system text and tools.

    Case, white space, width of characters and outer punctuation make no difference
    (`features.fold`).
    """

    scope = "key"

    def key(self) -> pl.Expr:
        """The folded question, replies, system text and tools."""
        return pl.col("repeat_key")

    def __call__(self, records: pl.DataFrame) -> pl.DataFrame:
        """Verdicts on `records`; the other record is the one that is kept."""
        ordered = by_preference(records)
        ordered = ordered.with_columns(other_id=pl.col("id").first().over("repeat_key"))
        return self.drop(ordered.filter(pl.col("id") != pl.col("other_id")), Reason.exact_repeat)

    def near_rejected(self, kept: pl.DataFrame, rejected: pl.DataFrame) -> pl.DataFrame:
        """Flags on kept records that repeat one that a person rejected; it is the other record."""
        if not len(rejected):
            return no_verdicts()
        first = rejected.sort("id").unique("repeat_key", keep="first")
        other_ids = first.select("repeat_key", other_id="id")
        return self.flag(kept.join(other_ids, on="repeat_key"), Reason.near_rejected)
