"""Precision of each reason and recall of each fault, from judged records of known strata.

Within a stratum the judged records are a random sample, so a share over several strata is the sum
of their shares, weighted by their sizes; intervals as in `calibration.estimate` (Wilson, MOVER).
"""

import polars as pl

from pipeline.audit.calibration.estimate import Interval, Strata, precision, recall
from pipeline.audit.judging.draw import pair_strata, strata
from pipeline.audit.judging.judgements import Item
from pipeline.audit.judging.kinds import DIFFERENT, PAIRED, REASONS, SINGLE, faults_of
from schemas.base import Model
from schemas.reasons import Reason
from schemas.verdict import Action

WANTED_PRECISION = 0.95
"""Precision from which a reason may drop."""

ENOUGH_JUDGED = 10
"""Judged records below which a reason is not said to be wrong too often: among fewer, one slip of
a judge decides."""


class ReasonScore(Model):
    """How often one reason is right where it drops, or where it flags."""

    reason: str
    action: str
    """What it did: drop or flag. A reason that does both has a score for each."""
    found: int
    judged: int
    right: int
    precision: Interval

    @property
    def is_wrong_too_often(self) -> bool:
        """Whether it drops, was judged often enough, and is surely below `WANTED_PRECISION`."""
        surely_low = self.judged >= ENOUGH_JUDGED and self.precision.high < WANTED_PRECISION
        return self.action == Action.drop.value and surely_low


class FaultScore(Model):
    """How many of the records with one fault are found."""

    fault: str
    judged: int
    """Judged records that have it."""
    recall: Interval


def reason_scores(
    ids: pl.Series, verdicts: pl.DataFrame, judged: dict[Item, frozenset[str] | bool]
) -> list[ReasonScore]:
    """The score of every reason that found something and that can be judged."""
    cells = _cells(strata(ids, verdicts), judged)
    pairs = _cells(pair_strata(verdicts), judged)
    scores = []
    for action in Action:
        scores += [_single_score(reason, action, verdicts, cells) for reason in SINGLE]
        scores += [_paired_score(reason, action, pairs) for reason in PAIRED]
    return [score for score in scores if score.found]


def fault_scores(
    ids: pl.Series, verdicts: pl.DataFrame, judged: dict[Item, frozenset[str] | bool]
) -> list[FaultScore]:
    """The score of every fault that a reason looks for and that a judge found."""
    cells = _cells(strata(ids, verdicts), judged)
    return [
        FaultScore(
            fault=fault.name,
            judged=int(cells.filter(_names(fault.name)).height),
            recall=recall(_strata(cells, _found(verdicts, reasons), _names(fault.name)), 1),
        )
        for fault, reasons in REASONS.items()
        if reasons and cells.filter(_names(fault.name)).height
    ]


def _cells(items: pl.DataFrame, judged: dict[Item, frozenset[str] | bool]) -> pl.DataFrame:
    """The items with `is_judged`, and with `faults` or `same` where they are."""
    keys = list(zip(items["id"], items["other_id"], strict=True))
    said = [judged.get(key) for key in keys]
    faults = [sorted(value) if isinstance(value, frozenset) else None for value in said]
    same = [value if isinstance(value, bool) else None for value in said]
    return items.with_columns(
        is_judged=pl.Series([value is not None for value in said], dtype=pl.Boolean),
        faults=pl.Series(faults, dtype=pl.List(pl.String)),
        same=pl.Series(same, dtype=pl.Boolean),
    )


def _names(fault: str) -> pl.Expr:
    return pl.col("faults").list.contains(fault).fill_null(value=False)


def _found(verdicts: pl.DataFrame, reasons: tuple[Reason, ...]) -> pl.Expr:
    """Whether one of the reasons found a record."""
    found = verdicts.filter(pl.col("reason").is_in([reason.value for reason in reasons]))
    return pl.col("id").is_in(found["id"].unique().implode())


def _strata(cells: pl.DataFrame, found: pl.Expr, is_right: pl.Expr) -> Strata:
    """The strata, each divided into what was found (band 1) and what was not (band 0)."""
    grouped = cells.group_by("stratum", found.alias("found")).agg(
        pl.len().alias("pairs"),
        pl.col("is_judged").sum().alias("judged"),
        (is_right & pl.col("is_judged")).sum().alias("right"),
    )
    columns = ("found", "pairs", "judged", "right")
    return Strata(*(grouped[name].cast(pl.Float64).to_numpy() for name in columns))


def _single_score(
    reason: Reason, action: Action, verdicts: pl.DataFrame, cells: pl.DataFrame
) -> ReasonScore:
    names = [fault.name for fault in faults_of(reason)]
    is_right = pl.any_horizontal([_names(name) for name in names])
    did = verdicts.filter(pl.col("action") == action.value)
    return _score(reason, action, cells, _found(did, (reason,)), is_right)


def _paired_score(reason: Reason, action: Action, cells: pl.DataFrame) -> ReasonScore:
    is_right = pl.col("same").fill_null(value=False)
    if reason in DIFFERENT:
        is_right = ~pl.col("same").fill_null(value=True)
    found = pl.col("stratum") == f"{action.value} {reason.value}"
    return _score(reason, action, cells, found, is_right)


def _score(
    reason: Reason, action: Action, cells: pl.DataFrame, found: pl.Expr, is_right: pl.Expr
) -> ReasonScore:
    there = cells.filter(found)
    known = there.filter("is_judged")
    divided = _strata(cells, found, is_right)
    only = divided.take(divided.band == 1)
    return ReasonScore(
        reason=reason.value,
        action=action.value,
        found=there.height,
        judged=known.height,
        right=known.filter(is_right).height,
        precision=precision(only, 1) if len(only.band) else Interval(value=None, low=0, high=1),
    )
