"""Pairs of questions around the threshold, for people to say which are the same.

All pairs are counted, in strata of language and cosine, and a few pairs of each stratum are
sampled: those with the smallest hashes of their two ids. So the sample is random, the same on every
machine, and only grows at its end; and what is found in it speaks for all pairs, weighted by the
counts.

The decisions of a review are not used, since they say nothing about pairs: a reviewer looks at each
record by itself; a rejection is about the answer; and a correction has the question of its parent,
so that the two are the same whatever their cosine.
"""

from dataclasses import dataclass
from typing import Any

import polars as pl

from pipeline.audit.calibration.pair_sample import (
    COUNT_SCHEMA,
    PAIR_SCHEMA,
    STRATUM,
    sample_pairs,
    smallest_hashes,
)
from pipeline.curation.curated import Curated
from pipeline.curation.run_stages import Curation
from pipeline.features import describe
from pipeline.features.embed import Embedder
from pipeline.features.fold import fold
from pipeline.near_duplicates.corpus import corpus_of
from pipeline.near_duplicates.guard import difference
from pipeline.near_duplicates.questions import with_questions
from pipeline.near_duplicates.stage import NearDuplicate
from pipeline.near_duplicates.vectors import MODEL, comparable
from pipeline.store.store import Store
from schemas.progress import Progress, quiet
from schemas.verdict import Action

FLOOR = 0.80
"""Pairs with a lower cosine are not looked at; recall is relative to the same pairs above it."""

THRESHOLDS = (0.80, 0.82, 0.84, 0.86, 0.88, 0.90, 0.92, 0.94, 0.96, 0.98)

QUESTIONS = 20_000
"""Most questions that are compared: 200 million pairs, in seconds; a minute if all are near."""

GUARDED_LATER = 4
"""Guarded pairs are never dropped, so only one of them is asked about for so many others."""


@dataclass(frozen=True)
class Pairs:
    """Pairs above `FLOOR` of questions that differ in more than their spelling."""

    sample: pl.DataFrame
    """The pairs to ask about, most informative first: `one`, `other` (ids, the smaller first),
    `cosine`, `model`, the columns of `STRATUM`, `question`, `question_language`, `other_question`,
    `other_language`."""
    strata: pl.DataFrame
    """How many pairs there are: the columns of `STRATUM`, and `pairs`."""
    compared: int
    """Questions that were compared, at most `QUESTIONS`."""
    questions: int
    """Different questions that there are."""


def near_pairs(
    store: Store, curated: Curated, curation: Curation, progress: Progress = quiet
) -> Pairs:
    """Sample and count the pairs of the records that reach the near-duplicate stage."""
    distinct = _distinct(_contenders(store, curated, curation, progress))
    corpus = corpus_of(distinct)
    embedder = Embedder(curation.features.embedding, store.cache_dir)
    chosen = distinct.head(QUESTIONS)
    frame = with_questions(chosen, curation.features, embedder, corpus, progress)
    threshold = curation.recipe.near_duplicate.threshold
    sample, strata = _sampled(frame, bands(threshold), progress)
    sample = _with_texts(sample, frame, curation.features.embedding.model)
    return Pairs(_most_informative(sample, threshold), strata, len(frame), len(distinct))


def bands(threshold: float) -> list[float]:
    """Lower ends of the bands of cosine; the present threshold is always one of them."""
    return sorted({*THRESHOLDS, *([threshold] if FLOOR < threshold < 1 else [])})


def guard_says(pair: dict[str, Any]) -> str | None:
    """What the guard tells a pair of the sample apart by; None where it does not."""
    if not pair["guarded"]:
        return None
    languages = (pair["question_language"], pair["other_language"])
    return difference(pair["question"], pair["other_question"], languages)


def _contenders(
    store: Store, curated: Curated, curation: Curation, progress: Progress
) -> pl.DataFrame:
    """The records that are kept, and those that would be if nothing were a near-duplicate."""
    drops = pl.col("action") == Action.drop.value
    others = curated.verdicts.filter(drops, pl.col("stage") != NearDuplicate.name())
    records = store.records().join(others, on="id", how="anti")
    return describe(records, curation.features, store.cache_dir, progress)


def _distinct(records: pl.DataFrame) -> pl.DataFrame:
    """Each question once, in order of id, which is a random order.

    Questions that differ in their spelling alone fall at any threshold: asking about them would say
    nothing, and a template of a thousand copies would be half a million pairs.
    """
    folded = pl.Series("folded", list(map(fold, records["question"])), dtype=pl.String)
    once = records.with_columns(folded).sort("id")
    return once.unique(["tool_set", "folded"], keep="first", maintain_order=True)


def _sampled(
    frame: pl.DataFrame, lower: list[float], progress: Progress
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The pairs with the smallest hashes of each stratum, and how many pairs each has."""
    samples, counts = [pl.DataFrame(schema=PAIR_SCHEMA)], [pl.DataFrame(schema=COUNT_SCHEMA)]
    groups = comparable(frame)
    for place, group in enumerate(groups):
        progress(place, len(groups), "comparing questions")
        sample, count = sample_pairs(group, lower, FLOOR)
        samples.append(sample)
        counts.append(count)
    strata = pl.concat(counts).group_by(STRATUM).sum().sort(STRATUM)
    return smallest_hashes(pl.concat(samples), STRATUM), strata


def _with_texts(sample: pl.DataFrame, frame: pl.DataFrame, model: str) -> pl.DataFrame:
    """The sample with both questions, and the model by whose vectors each pair was found."""
    by = pl.when(encoder=MODEL).then(pl.lit(model)).otherwise("encoder")
    first = frame.select("question", "question_language", one="id", model=by)
    second = frame.select(other="id", other_question="question", other_language="question_language")
    return sample.join(first, on="one", how="left").join(second, on="other", how="left")


def _most_informative(sample: pl.DataFrame, threshold: float) -> pl.DataFrame:
    """The sample in an order in which the first few labels say most about the threshold.

    Pairs come in rounds. The two bands that meet at the threshold take part from the first round
    on, each band farther away from one round later; within a round languages take turns.
    """
    lower = pl.Series(bands(threshold))
    place = pl.col("band").replace_strict(lower, pl.int_range(len(lower), eager=True))
    present = int((lower <= max(threshold, FLOOR)).sum()) - 1
    distance = pl.when(place >= present).then(place - present).otherwise(present - 1 - place)
    rank = pl.int_range(pl.len()).over(STRATUM)
    waits = pl.when("guarded").then(GUARDED_LATER * (rank + 1)).otherwise(rank)
    ordered = sample.sort("hash", "one", "other").with_columns(
        turn=waits + distance, distance=distance
    )
    return ordered.sort("turn", "distance", "language", "guarded", "hash").drop("turn", "distance")
