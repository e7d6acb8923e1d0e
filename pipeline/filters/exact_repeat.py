"""The same question and answer, written a little differently."""

import polars as pl

from pipeline.filters.preference import by_preference
from pipeline.filters.stage import Stage, no_verdicts
from schemas.reasons import Reason


class ExactRepeat(Stage):
    """Drop all but one of records with the same question and answer.

    Same means after NFKC, case folding, single spaces and outer punctuation (`features.fold`), with
    the same tools.
    """

    scope = "key"

    def key(self) -> pl.Expr:
        """The folded question, replies and tools."""
        return pl.col("repeat_key")

    def __call__(self, records: pl.DataFrame) -> pl.DataFrame:
        """Verdicts on `records`; the other record is the one that stands."""
        ordered = by_preference(records)
        ordered = ordered.with_columns(other_id=pl.col("id").first().over("repeat_key"))
        return self.drop(ordered.filter(pl.col("id") != pl.col("other_id")), Reason.exact_repeat)

    def near_rejected(self, kept: pl.DataFrame, rejected: pl.DataFrame) -> pl.DataFrame:
        """Flags on kept records that say what one that a person rejected said."""
        if not len(rejected):
            return no_verdicts()
        said = rejected.sort("id").unique("repeat_key", keep="first")
        said = said.select("repeat_key", pl.col("id").alias("other_id"))
        return self.flag(kept.join(said, on="repeat_key"), Reason.near_rejected)
