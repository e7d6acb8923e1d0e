"""What each threshold would do to this data by this model, as far as people said."""

import numpy as np
import polars as pl

from pipeline.near_duplicates.calibrate import Pairs, bands
from pipeline.near_duplicates.estimate import Interval, Strata, precision, recall
from pipeline.near_duplicates.pair_sample import STRATUM
from schemas.base import Model

ENOUGH = 20
"""Labels from which a language has a table of its own, and the report a curve."""

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
    """The lowest threshold whose precision is `wanted`, by the lower end of its interval."""
    missing: int | None
    """More labels, in the order of the sample, after which one can be proposed if the shares stay
    as they are; None: all of them would not do."""


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
    proposed = _proposed(_arrays(free), threshold, wanted)
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
        missing=0 if proposed else _missing(pairs, said, free, threshold, wanted),
    )


def _proposed(strata: Strata, threshold: float, wanted: float) -> float | None:
    edges = bands(threshold)
    return next((edge for edge in edges if precision(strata, edge).low >= wanted), None)


def _missing(
    pairs: Pairs, said: pl.DataFrame, free: pl.DataFrame, threshold: float, wanted: float
) -> int | None:
    """How many of the pairs that are asked about next would be enough, if the shares stay."""
    now = _arrays(free)
    if not now.labelled.any():
        return None
    usual = now.same.sum() / now.labelled.sum()
    share = np.where(now.labelled > 0, now.same / np.maximum(now.labelled, 1), usual)
    asked = pairs.sample.join(said, on=["one", "other"], how="anti", maintain_order="left")
    numbered = free.select(STRATUM).with_row_index("stratum")
    asked = asked.join(numbered, on=STRATUM, how="left", maintain_order="left")
    stratum = asked["stratum"].fill_null(len(free)).to_numpy()
    for count in np.unique(np.geomspace(1, max(len(asked), 1), STEPS).round().astype(int)):
        more = np.bincount(stratum[:count], minlength=len(free) + 1)[: len(free)]
        labelled = now.labelled + more
        if _proposed(Strata(now.band, now.pairs, labelled, share * labelled), threshold, wanted):
            return int(count)
    return None


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
