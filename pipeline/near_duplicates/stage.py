"""The stage that drops near-duplicate questions."""

import polars as pl
from pydantic import Field

from pipeline.near_duplicates.admit import admit
from pipeline.near_duplicates.vectors import comparable, nearest, vectors_of
from pipeline.preference import by_preference
from pipeline.stage import Stage, no_verdicts
from schemas.reasons import Reason


class NearDuplicate(Stage):
    """Drop questions that are nearer than `threshold` to one that is kept.

    Compared are all user turns together, among records with the same tools: by the embedding model
    in the languages that it knows, by hashed character n-grams in all others. Of two the better one
    stays (see `pipeline.preference`).
    """

    scope = "set"

    threshold: float = Field(default=0.92, gt=0, le=1)
    """Cosine above which two questions are the same. A house rule; it belongs to the model."""

    def __call__(self, records: pl.DataFrame) -> pl.DataFrame:
        """Verdicts on records with vectors (`vectors.with_vectors`); the value is the cosine."""
        return pl.concat([no_verdicts(), *[self._within(group) for group in comparable(records)]])

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
        near = nearest(kept, rejected).filter(pl.col("cosine") > self.threshold)
        return self.flag(near, Reason.near_rejected, pl.col("cosine"))
