"""What each threshold would do to this data by this model, as far as people said."""

import numpy as np
import polars as pl

from pipeline.audit.calibration.estimate import Interval, Strata, precision, recall
from pipeline.audit.calibration.labels import read_labels, settled
from pipeline.audit.calibration.pair_sample import STRATUM
from pipeline.audit.calibration.pairs import Pairs, bands
from pipeline.curation.run_stages import Curation
from pipeline.features.models import NGRAMS, warning
from pipeline.store.store import Store
from schemas.base import Model

ENOUGH = 20
"""Labels from which a threshold is proposed, a language has a table of its own, and the report a
curve: of fewer, one alone moves a share by more than the 5 points that `WANTED` leaves."""

ABOVE = 10
"""Labels that must be above a proposed threshold, even where all pairs there are labelled: of
fewer, one slip of a key moves the share by more than 10 points."""

STEPS = 100
"""Numbers of further labels that are tried, each 5 to 10 % greater than the last."""

WANTED = 0.95
"""Precision that a threshold is proposed for: of 20 pairs above it, 19 are the same question."""


class Row(Model):
    """One threshold."""

    threshold: float
    pairs: int
    """Pairs above it that the guard does not hold apart."""
    labelled: int
    precision: Interval
    recall: Interval


class Calibration(Model):
    """Precision and recall of every threshold, and which one to take."""

    threshold: float
    """The present one."""
    compared: int
    """Questions that were compared."""
    questions: int
    """Different questions that there are."""
    labelled: int
    """Labelled pairs of the sample that count."""
    outside: int
    """Labelled pairs that are not of the sample, so that nothing follows from them."""
    rows: tuple[Row, ...]
    languages: dict[str, tuple[Row, ...]]
    """Of those with `ENOUGH` labels."""
    guarded: int
    """Pairs above the present threshold that the guard holds apart; they are in no row."""
    guarded_labelled: int
    """Labelled pairs, at any cosine, that the guard holds apart."""
    guarded_same: int
    """How many of these people found the same all the same."""
    wanted: float
    """The precision that `proposed` keeps to."""
    proposed: float | None
    """The lowest threshold whose precision is `wanted`, by the lower end of its interval; None as
    long as a lower one may have it too."""
    missing: int | None
    """More labels, in the order of the sample, after which it is known which is the lowest if the
    shares stay as they are; None: it is known, and there is none."""


def calibration(
    pairs: Pairs, said: pl.DataFrame, threshold: float, wanted: float = WANTED
) -> Calibration:
    """Estimate precision and recall of all thresholds.

    Args:
        pairs: the pairs and how many there are.
        said: what people said (`labels.settled`).
        threshold: the present one.
        wanted: precision that a threshold must have, with 97.5 % certainty, to be proposed.
    """
    answered = pairs.sample.join(said, on=["one", "other"])
    strata = _strata(pairs.strata, answered)
    free = strata.filter(~pl.col("guarded"))
    rows = _rows(free, threshold)
    asked = answered.filter("guarded")
    above = strata.filter("guarded", pl.col("band") >= threshold)
    proposed, missing = _proposed(pairs, said, free, threshold, wanted)
    return Calibration(
        threshold=threshold,
        compared=pairs.compared,
        questions=pairs.questions,
        labelled=len(answered) - len(asked),
        outside=len(said) - len(answered),
        rows=rows,
        languages=_by_language(free, threshold),
        guarded=int(above["pairs"].sum()),
        guarded_labelled=len(asked),
        guarded_same=int(asked["same"].sum()),
        wanted=wanted,
        proposed=proposed,
        missing=missing,
    )


def unfit(store: Store, curation: Curation) -> str | None:
    """One sentence where the threshold does not fit its model and no labels speak for it.

    Labels found by the vectors of another model speak for another threshold; those found by
    spelling, which is compared beside each model, may speak for any.
    """
    stage, model = curation.recipe.near_duplicate, curation.features.embedding.model
    said = warning(model, stage.threshold) if stage.enabled else None
    if said is None:
        return None
    ours = [label for label in read_labels(store) if label.model in (model, NGRAMS)]
    return None if len(settled(ours)) >= ENOUGH else said


def _proposed(
    pairs: Pairs, said: pl.DataFrame, free: pl.DataFrame, threshold: float, wanted: float
) -> tuple[float | None, int | None]:
    """`Calibration.proposed` and `Calibration.missing`.

    Thresholds that would stay open if all of the sample were labelled are passed over.
    """
    now, asked = _arrays(free), _asked(pairs, said, free)
    every = _further(now, asked)
    edges = [edge for edge in bands(threshold) if _holds(every, edge, wanted) is not None]
    steps = np.geomspace(1, max(len(asked), 1), STEPS).round().astype(int)
    for count in (0, *np.unique(steps)):
        strata = _further(now, asked[:count])
        judged = ((edge, _holds(strata, edge, wanted)) for edge in edges)
        lowest, holds = next((one for one in judged if one[1] is not False), (None, False))
        if holds is not None:
            return (None, int(count)) if count else (lowest, 0 if holds else None)
    return None, None


def _holds(strata: Strata, threshold: float, wanted: float) -> bool | None:
    """Whether a threshold has the precision that is wanted; None for want of labels."""
    found, above = precision(strata, threshold), strata.take(strata.band >= threshold)
    labelled, pairs = above.labelled.sum(), above.pairs.sum()
    enough = labelled >= ABOVE and strata.labelled.sum() >= ENOUGH
    if enough and found.low >= wanted:
        return True
    short = found.value is not None and found.value < wanted
    return False if short and (enough or labelled == pairs) else None


def _asked(pairs: Pairs, said: pl.DataFrame, free: pl.DataFrame) -> np.ndarray:
    """The stratum of each pair that is asked about next, as its row of `free`; behind it: none."""
    asked = pairs.sample.join(said, on=["one", "other"], how="anti", maintain_order="left")
    numbered = free.select(STRATUM).with_row_index("stratum")
    asked = asked.join(numbered, on=STRATUM, how="left", maintain_order="left")
    return asked["stratum"].fill_null(len(free)).to_numpy()


def _further(now: Strata, asked: np.ndarray) -> Strata:
    """The strata when these were labelled too, if the shares stay as they are.

    A stratum without labels has the share of all labels; without any all are the same.
    """
    usual = now.same.sum() / now.labelled.sum() if now.labelled.any() else 1.0
    share = np.where(now.labelled > 0, now.same / np.maximum(now.labelled, 1), usual)
    size = len(now.band)
    labelled = now.labelled + np.bincount(asked, minlength=size + 1)[:size]
    return Strata(now.band, now.pairs, labelled, share * labelled)


def _strata(counts: pl.DataFrame, answered: pl.DataFrame) -> pl.DataFrame:
    """Each stratum with `pairs`, `labelled` and `same`."""
    found = answered.group_by(STRATUM).agg(labelled=pl.len(), same=pl.col("same").sum())
    both = counts.join(found, on=STRATUM, how="left", maintain_order="left")
    return both.with_columns(pl.col("labelled", "same").fill_null(0).cast(pl.Int64))


def _rows(strata: pl.DataFrame, threshold: float) -> tuple[Row, ...]:
    arrays = _arrays(strata)
    return tuple(
        Row(
            threshold=edge,
            pairs=int(arrays.pairs[arrays.band >= edge].sum()),
            labelled=int(arrays.labelled[arrays.band >= edge].sum()),
            precision=precision(arrays, edge),
            recall=recall(arrays, edge),
        )
        for edge in bands(threshold)
    )


def _by_language(strata: pl.DataFrame, threshold: float) -> dict[str, tuple[Row, ...]]:
    labelled = strata.group_by("language").agg(pl.col("labelled").sum()).sort("language")
    enough = labelled.filter(pl.col("labelled") >= ENOUGH)["language"]
    return {code: _rows(strata.filter(language=code), threshold) for code in enough}


def _arrays(strata: pl.DataFrame) -> Strata:
    names = ("band", "pairs", "labelled", "same")
    return Strata(*(strata[name].to_numpy().astype(np.float64) for name in names))
