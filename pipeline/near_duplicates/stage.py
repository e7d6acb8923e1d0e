"""The stage that drops near-duplicate questions."""

import numpy as np
import polars as pl
from pydantic import Field

from pipeline.near_duplicates.admit import admit
from pipeline.preference import by_preference
from pipeline.stage import Stage, no_verdicts
from schemas.reasons import Reason


class NearDuplicate(Stage):
    """Drop questions that are nearer than `threshold` to one that is kept.

    Compared are all user turns together, among records with the same tools, in languages that the
    embedding model knows. Of two the better one stays (see `pipeline.preference`).
    """

    scope = "set"

    threshold: float = Field(default=0.92, gt=0, le=1)
    """Cosine above which two questions are the same. A house rule; it belongs to the model."""

    def __call__(self, records: pl.DataFrame) -> pl.DataFrame:
        """Verdicts on records with a `vector` column (null: not judged); value is the cosine."""
        judged = records.drop_nulls("vector")
        groups = judged.partition_by("tool_set") if len(judged) else []
        return pl.concat([no_verdicts(), *[self._within(group) for group in groups]])

    def _within(self, group: pl.DataFrame) -> pl.DataFrame:
        ordered = by_preference(group)
        vectors = vectors_of(ordered)
        found = admit(vectors[:0], vectors, self.threshold)
        fallen = ~found.admitted
        rows = ordered.filter(pl.Series(fallen)).with_columns(
            other_id=ordered["id"].gather(found.twin[fallen]),
            cosine=pl.Series(found.cosine[fallen], dtype=pl.Float64),
        )
        return self.drop(rows, Reason.near_duplicate, pl.col("cosine"))

    def near_rejected(self, kept: pl.DataFrame, rejected: pl.DataFrame) -> pl.DataFrame:
        """Flags on kept records whose question is near one that a person rejected."""
        kept, rejected = kept.drop_nulls("vector"), rejected.drop_nulls("vector").sort("id")
        if not len(kept) or not len(rejected):
            return no_verdicts()
        cosines = vectors_of(kept).astype(np.float64) @ vectors_of(rejected).astype(np.float64).T
        found = kept.with_columns(
            other_id=rejected["id"].gather(cosines.argmax(axis=1)),
            cosine=pl.Series(cosines.max(axis=1)),
        )
        near = found.filter(pl.col("cosine") > self.threshold)
        return self.flag(near, Reason.near_rejected, pl.col("cosine"))


def vectors_of(records: pl.DataFrame) -> np.ndarray:
    """The `vector` column as float32 (rows, dimension)."""
    return np.ascontiguousarray(records["vector"].to_numpy(), dtype=np.float32)
