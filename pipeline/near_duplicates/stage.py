"""The stage that drops near-duplicate questions."""

from pathlib import Path
from typing import ClassVar, Literal

import numpy as np
import polars as pl
from pydantic import Field, PositiveInt

from pipeline.cache import Cache
from pipeline.features.models import DEFAULT_THRESHOLD
from pipeline.filters.preference import by_preference
from pipeline.filters.stage import Stage
from pipeline.near_duplicates.admit import Admitted, Nearest, admit
from pipeline.near_duplicates.answers import compare_answers
from pipeline.near_duplicates.join import FEW
from pipeline.near_duplicates.neighbour_cache import admit_with_cache
from pipeline.near_duplicates.questions import questions_of
from pipeline.near_duplicates.vectors import SAME_TASK, comparable, nearest
from schemas.reasons import Reason

NEIGHBOURS = Cache("near_duplicates", 1, ("near_duplicates/join.py",))
"""Which records are near each other, by cosine alone: what is made of that is decided again."""


class NearDuplicate(Stage):
    """Drop questions whose cosine to one that is kept is above `threshold`.

    All user turns together are compared, among records with the same tools and the same system
    text: by the embedding model in the languages that it knows, by hashed character n-grams in all
    others. Of two questions the better one stays (see `pipeline.filters.preference`). If the two
    differ in a number, a unit, a negation or an opposite, both stay, and the other one is flagged.
    Questions about many cases that are worded alike but for names, numbers and dates are of one
    template, of which `per_template` stay.
    """

    scope = "set"
    limit = "threshold"
    measures = "cosine of the two questions"
    counted: ClassVar = {Reason.same_template: "number of questions of the template"}

    threshold: float = Field(default=DEFAULT_THRESHOLD, gt=0, le=1)
    """Cosine above which two questions count as the same. Each model needs its own: this is our
    default for the bundled one; `curate calibrate` finds yours."""

    answers: PositiveInt | Literal["all"] = 1
    """How many different answers to the same question stay, the best first; or "all". Synthesis
    is asked for new questions and adds no answer to an old one, whatever this is."""

    per_template: PositiveInt | Literal["all"] = 3
    """How many questions of one template stay, those with the fullest answers first; or "all"."""

    def __call__(self, records: pl.DataFrame) -> pl.DataFrame:
        """Verdicts on records of `questions.with_questions`; each value is a cosine."""
        return self.call_cached(records, None)

    def call_cached(self, records: pl.DataFrame, cache_dir: Path | None) -> pl.DataFrame:
        """The same verdicts; rows that were compared in an earlier run are not compared again."""
        all_ordered = by_preference(records)
        counted = self._count_templates(all_ordered)
        ordered = all_ordered.join(counted, on="id", how="anti").with_row_index("row")
        groups = [group for group in comparable(ordered, SAME_TASK) if len(group) > 1]
        decided = [(group["row"].to_numpy(), self._admit(group, cache_dir)) for group in groups]
        fallen = _with_nearest(ordered, [(rows, admitted.twin) for rows, admitted in decided])
        survivors = ordered.join(fallen, left_on="id", right_on="other_id", how="semi")
        stay = None if self.answers == "all" else self.answers
        fallen = compare_answers(fallen, survivors, stay)
        guarded = _with_nearest(ordered, [(rows, admitted.guarded) for rows, admitted in decided])
        other = Reason.same_question_other_answer
        return pl.concat(
            [
                self.drop(counted, Reason.same_template, pl.col("questions")),
                *[
                    self.drop(fallen.filter(~pl.col("stands"), reason=reason.value), reason, VALUE)
                    for reason in (Reason.near_duplicate, other)
                ],
                self.flag(fallen.filter("stands"), other, VALUE),
                self.flag(_news(guarded, ordered), Reason.guarded_pair, VALUE),
            ]
        )

    def _count_templates(self, ordered: pl.DataFrame) -> pl.DataFrame:
        """The records beyond the first `per_template` of each template, best first.

        With `questions`, how many the template has, and `other_id`, the best of them.
        """
        of = (*SAME_TASK, "template")
        in_template = ordered.filter(pl.col("template").is_not_null()).with_columns(
            place=pl.int_range(pl.len()).over(of),
            questions=pl.len().over(of),
            other_id=pl.col("id").first().over(of),
        )
        most = len(ordered) if self.per_template == "all" else self.per_template
        return in_template.filter(pl.col("place") >= most)

    def _admit(self, ordered: pl.DataFrame, cache_dir: Path | None) -> Admitted:
        """Decide about comparable records, best first."""
        questions = questions_of(ordered, count_templates=True)
        if cache_dir is None or len(ordered) < FEW:
            return admit(questions, self.threshold)
        key = NEIGHBOURS.key(group=ordered.select(SAME_TASK).row(0))
        path = NEIGHBOURS.folder(cache_dir) / f"{key}.npz"
        names = _names(ordered, questions.vectors)
        return admit_with_cache(questions, self.threshold, path, names)

    def near_rejected(self, kept: pl.DataFrame, rejected: pl.DataFrame) -> pl.DataFrame:
        """Flags on kept records whose question is near one that a person rejected."""
        near = nearest(kept, rejected).filter(pl.col("cosine") > self.threshold)
        return self.flag(near, Reason.near_rejected, VALUE)


VALUE = pl.col("cosine")

FAMILY = 5
"""Questions that differ in their digits alone from which a guarded pair among them is no news."""


def _names(ordered: pl.DataFrame, vectors: np.ndarray) -> np.ndarray:
    """uint64 (n,): hashes of record, vectors, and what else the place in the order depends on."""
    ordered = ordered.with_columns(
        sum=pl.Series(vectors.view(np.uint32).sum(axis=1)), rest=pl.col("rest").list.sum()
    )
    parts = ("id", "reviewed", "origin", "sum", "shared", "rest", "template", "guard_key")
    name = pl.struct(*parts).hash()
    return ordered.select(name).to_series().to_numpy()


def _news(guarded: pl.DataFrame, ordered: pl.DataFrame) -> pl.DataFrame:
    """The guarded rows but those of a family: the same words with other numbers, many times."""
    family = pl.col("plain").str.replace_all(r"\d+", "0").str.to_lowercase()
    sizes = ordered.group_by(family.alias("family")).len("members")
    named = guarded.with_columns(family=family).join(
        sizes, on="family", how="left", maintain_order="left"
    )
    return named.filter(pl.col("members") < FAMILY)


def _with_nearest(ordered: pl.DataFrame, groups: list[tuple[np.ndarray, Nearest]]) -> pl.DataFrame:
    """The rows that have a nearest row in their group, best first, with `other_id` and `cosine`."""
    parts = [(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))]
    for rows, nearest_rows in groups:
        there = nearest_rows.row >= 0
        others = rows[nearest_rows.row[there]]
        parts.append((rows[there], others, nearest_rows.cosine[there]))
    row, other, cosine = (np.concatenate(part) for part in zip(*parts, strict=True))
    order = np.argsort(row)
    return ordered[row[order]].with_columns(
        other_id=ordered["id"].gather(other[order]), cosine=pl.Series(cosine[order])
    )
