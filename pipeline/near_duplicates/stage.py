"""The stage that drops near-duplicate questions."""

from typing import Literal

import polars as pl
from pydantic import Field, PositiveInt

from pipeline.near_duplicates.admit import Nearest, admit
from pipeline.near_duplicates.answers import settled
from pipeline.near_duplicates.questions import questions_of
from pipeline.near_duplicates.vectors import comparable, nearest
from pipeline.preference import by_preference
from pipeline.stage import Stage, no_verdicts
from schemas.reasons import Reason


class NearDuplicate(Stage):
    """Drop questions that are nearer than `threshold` to one that is kept.

    Compared are all user turns together, among records with the same tools: by the embedding model
    in the languages that it knows, by hashed character n-grams in all others. Of two the better one
    stays (see `pipeline.preference`). Two that differ in a number, a unit, a negation or an
    opposite both stay, flagged.
    """

    scope = "set"

    threshold: float = Field(default=0.92, gt=0, le=1)
    """Cosine above which two questions are the same. A house rule; it belongs to the model."""

    answers: PositiveInt | Literal["all"] = 1
    """How many different answers to the same question stay, the best first; or "all"."""

    def __call__(self, records: pl.DataFrame) -> pl.DataFrame:
        """Verdicts on records of `questions.with_questions`; the value is the cosine."""
        return pl.concat([no_verdicts(), *[self._within(group) for group in comparable(records)]])

    def _within(self, group: pl.DataFrame) -> pl.DataFrame:
        ordered = by_preference(group)
        found = admit(questions_of(ordered), self.threshold)
        fallen = _beside(ordered, found.twin)
        survivors = ordered.join(fallen, left_on="id", right_on="other_id", how="semi")
        stay = None if self.answers == "all" else self.answers
        fallen = settled(fallen, survivors, stay)
        alike = _beside(ordered, found.guarded).filter(~pl.col("id").is_in(fallen["id"].implode()))
        other = Reason.same_question_other_answer
        return pl.concat(
            [
                *[
                    self.drop(fallen.filter(~pl.col("stands"), reason=reason.value), reason, VALUE)
                    for reason in (Reason.near_duplicate, other)
                ],
                self.flag(fallen.filter("stands"), other, VALUE),
                self.flag(alike, Reason.guarded_pair, VALUE),
            ]
        )

    def near_rejected(self, kept: pl.DataFrame, rejected: pl.DataFrame) -> pl.DataFrame:
        """Flags on kept records whose question is near one that a person rejected."""
        near = nearest(kept, rejected).filter(pl.col("cosine") > self.threshold)
        return self.flag(near, Reason.near_rejected, VALUE)


VALUE = pl.col("cosine")


def _beside(ordered: pl.DataFrame, nearest: Nearest) -> pl.DataFrame:
    """The rows for which there is a nearest one, with its `other_id` and `cosine`."""
    there = nearest.row >= 0
    return ordered.filter(pl.Series(there)).with_columns(
        other_id=ordered["id"].gather(nearest.row[there]),
        cosine=pl.Series(nearest.cosine[there], dtype=pl.Float64),
    )
