"""Precision and recall of each threshold, on this data and by this model, from people's labels."""

from typing import Literal, NamedTuple

import numpy as np
import polars as pl

from pipeline.audit.calibration.estimate import Interval, Strata, precision, recall
from pipeline.audit.calibration.labels import read_labels, settled_pairs
from pipeline.audit.calibration.pair_sample import STRATUM
from pipeline.audit.calibration.pairs import Pairs, bands
from pipeline.curation.run_stages import Curation
from pipeline.features.models import NGRAMS, warning
from pipeline.store.store import Store
from schemas.base import Model

ENOUGH = 20
"""Labels from which a threshold is proposed, a language has a table of its own, and the report a
curve: among fewer, a single one moves a share by more than the 5 points that `WANTED` leaves."""

ABOVE = 10
"""Labels that must be above a proposed threshold, even where all pairs there are labelled: among
fewer, one wrong key moves the share by more than 10 points."""

STEPS = 100
"""How many numbers of further labels are tried, each 5 to 10 % greater than the last."""

WANTED = 0.95
"""Precision that a proposed threshold must have: of 20 pairs above it, 19 are the same question."""


class OperatingPoint(Model):
    """Precision and recall at one threshold."""

    threshold: float
    pairs: int
    """Pairs above it that the guard does not tell apart."""
    labelled: int
    precision: Interval
    recall: Interval


class Calibration(Model):
    """Precision and recall of every threshold, and which one to take."""

    threshold: float
    """The present threshold."""
    compared: int
    """Questions that were compared."""
    questions: int
    """Different questions that there are."""
    labelled: int
    """Pairs of the sample that have a label and that the guard does not tell apart."""
    outside: int
    """Labelled pairs that are not in the sample, so that nothing follows from them."""
    rows: tuple[OperatingPoint, ...]
    languages: dict[str, tuple[OperatingPoint, ...]]
    """The same for each language that has `ENOUGH` labels."""
    guarded: int
    """Pairs above the present threshold that the guard tells apart; they are in no row."""
    guarded_labelled: int
    """Labelled pairs, at any cosine, that the guard tells apart."""
    guarded_same: int
    """How many of these are the same question all the same, by their labels."""
    wanted: float
    """The precision that `proposed` must have."""
    proposed: float | None
    """The lowest threshold that has the precision `wanted`, by the lower end of its interval; None
    as long as a lower one may have it too."""
    missing: int | None
    """How many more labels, in the order of the sample, would show which threshold is the lowest or
    that there is none, if the shares stay as they are: 0 if one is proposed, None if it is known
    that there is none, or if no number of labels would show it."""


def calibration(
    pairs: Pairs, labels: pl.DataFrame, threshold: float, wanted: float = WANTED
) -> Calibration:
    """Estimate precision and recall of all thresholds.

    Args:
        pairs: the pairs and how many there are.
        labels: which pairs are the same question (`labels.settled_pairs`).
        threshold: the present threshold.
        wanted: precision that a threshold must have, with 97.5 % certainty, to be proposed.
    """
    labelled = pairs.sample.join(labels, on=["one", "other"])
    strata = _strata(pairs.strata, labelled)
    free = strata.filter(~pl.col("guarded"))
    guarded = strata.filter("guarded", pl.col("band") >= threshold)
    guarded_labels = labelled.filter("guarded")
    proposal = _propose(pairs, labels, free, threshold, wanted)
    return Calibration(
        threshold=threshold,
        compared=pairs.compared,
        questions=pairs.questions,
        labelled=len(labelled) - len(guarded_labels),
        outside=len(labels) - len(labelled),
        rows=_operating_points(free, threshold),
        languages=_by_language(free, threshold),
        guarded=int(guarded["pairs"].sum()),
        guarded_labelled=len(guarded_labels),
        guarded_same=int(guarded_labels["same"].sum()),
        wanted=wanted,
        proposed=proposal.threshold,
        missing=proposal.missing,
    )


def unfit(store: Store, curation: Curation) -> str | None:
    """One sentence if the threshold does not fit its model, and no labels support it.

    Labels of pairs that another model found support a threshold of that model; pairs found by
    spelling, which is compared beside each model, support any.
    """
    stage, model = curation.recipe.near_duplicate, curation.features.embedding.model
    sentence = warning(model, stage.threshold) if stage.enabled else None
    if sentence is None:
        return None
    of_model = [label for label in read_labels(store) if label.model in (model, NGRAMS)]
    return None if len(settled_pairs(of_model)) >= ENOUGH else sentence


class _Proposal(NamedTuple):
    """`Calibration.proposed` and `Calibration.missing`."""

    threshold: float | None
    missing: int | None


def _propose(
    pairs: Pairs, labels: pl.DataFrame, free: pl.DataFrame, threshold: float, wanted: float
) -> _Proposal:
    """The lowest threshold with the wanted precision, or how many more labels would show it.

    Thresholds that would stay open if all of the sample were labelled are passed over.
    """
    present, next_strata = _arrays(free), _strata_to_label(pairs, labels, free)
    whole_sample = _with_more_labels(present, next_strata)
    candidates = [
        edge for edge in bands(threshold) if _has_precision(whole_sample, edge, wanted) != "open"
    ]
    lowest, answer = _lowest(present, candidates, wanted)
    if answer != "open":
        return _Proposal(lowest, 0 if answer == "yes" else None)
    steps = np.geomspace(1, max(len(next_strata), 1), STEPS).round().astype(int)
    for count in np.unique(steps):
        future = _with_more_labels(present, next_strata[:count])
        if _lowest(future, candidates, wanted)[1] != "open":
            return _Proposal(None, int(count))
    return _Proposal(None, None)


_Answer = Literal["yes", "no", "open"]


def _lowest(strata: Strata, thresholds: list[float], wanted: float) -> tuple[float | None, _Answer]:
    """The lowest threshold that is not ruled out, and whether it has the wanted precision."""
    for threshold in thresholds:
        answer = _has_precision(strata, threshold, wanted)
        if answer != "no":
            return threshold, answer
    return None, "no"


def _has_precision(strata: Strata, threshold: float, wanted: float) -> _Answer:
    """Whether a threshold has the wanted precision; open as long as too few pairs are labelled."""
    interval, above = precision(strata, threshold), strata.take(strata.band >= threshold)
    labelled, pairs = above.labelled.sum(), above.pairs.sum()
    enough = labelled >= ABOVE and strata.labelled.sum() >= ENOUGH
    if enough and interval.low >= wanted:
        return "yes"
    too_low = interval.value is not None and interval.value < wanted
    return "no" if too_low and (enough or labelled == pairs) else "open"


def _strata_to_label(pairs: Pairs, labels: pl.DataFrame, free: pl.DataFrame) -> np.ndarray:
    """The strata of the pairs that have no label yet, in the order in which they are asked about.

    A stratum is given by its row in `free`; that of a guarded pair by the number of rows.
    """
    unlabelled = pairs.sample.join(labels, on=["one", "other"], how="anti", maintain_order="left")
    numbered = free.select(STRATUM).with_row_index("stratum")
    unlabelled = unlabelled.join(numbered, on=STRATUM, how="left", maintain_order="left")
    return unlabelled["stratum"].fill_null(len(free)).to_numpy()


def _with_more_labels(strata: Strata, labelled: np.ndarray) -> Strata:
    """The strata once pairs of these strata are labelled too, if the shares stay as they are.

    A stratum without labels gets the share of all labels; where there are none at all, all pairs
    count as the same question.
    """
    overall = strata.same.sum() / strata.labelled.sum() if strata.labelled.any() else 1.0
    known_share = strata.same / np.maximum(strata.labelled, 1)
    share = np.where(strata.labelled > 0, known_share, overall)
    size = len(strata.band)
    total = strata.labelled + np.bincount(labelled, minlength=size + 1)[:size]
    return Strata(strata.band, strata.pairs, total, share * total)


def _strata(counts: pl.DataFrame, labelled: pl.DataFrame) -> pl.DataFrame:
    """Each stratum with `pairs`, `labelled` and `same`."""
    by_stratum = labelled.group_by(STRATUM).agg(labelled=pl.len(), same=pl.col("same").sum())
    both = counts.join(by_stratum, on=STRATUM, how="left", maintain_order="left")
    return both.with_columns(pl.col("labelled", "same").fill_null(0).cast(pl.Int64))


def _operating_points(strata: pl.DataFrame, threshold: float) -> tuple[OperatingPoint, ...]:
    arrays = _arrays(strata)
    return tuple(
        OperatingPoint(
            threshold=edge,
            pairs=int(arrays.pairs[arrays.band >= edge].sum()),
            labelled=int(arrays.labelled[arrays.band >= edge].sum()),
            precision=precision(arrays, edge),
            recall=recall(arrays, edge),
        )
        for edge in bands(threshold)
    )


def _by_language(strata: pl.DataFrame, threshold: float) -> dict[str, tuple[OperatingPoint, ...]]:
    labelled = strata.group_by("language").agg(pl.col("labelled").sum()).sort("language")
    enough = labelled.filter(pl.col("labelled") >= ENOUGH)["language"]
    return {code: _operating_points(strata.filter(language=code), threshold) for code in enough}


def _arrays(strata: pl.DataFrame) -> Strata:
    names = ("band", "pairs", "labelled", "same")
    return Strata(*(strata[name].to_numpy().astype(np.float64) for name in names))
