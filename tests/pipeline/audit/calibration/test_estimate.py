"""Intervals of precision and recall hold what they promise, and doubt is never left out."""

import numpy as np
import pytest

from pipeline.audit.calibration.estimate import Strata, precision, recall

BANDS = np.array([0.80, 0.84, 0.88, 0.92, 0.96])
PAIRS = np.array([50_000, 30_000, 20_000, 10_000, 4_000])
SHARES = np.array([0.05, 0.2, 0.5, 0.85, 0.97])


def strata(pairs: list[int], labelled: list[int], same: list[int]) -> Strata:
    return Strata(BANDS[: len(pairs)], *(np.array(part, float) for part in (pairs, labelled, same)))


def test_one_stratum_has_the_interval_of_wilson() -> None:
    found = precision(strata([10**9], [200], [10]), 0.8)
    assert found.value == 0.05
    assert (found.low, found.high) == pytest.approx((0.027383, 0.089578), abs=1e-5)


def test_a_stratum_that_is_labelled_whole_leaves_no_doubt() -> None:
    found = precision(strata([40], [40], [30]), 0.8)
    assert (found.low, found.value, found.high) == (0.75, 0.75, 0.75)


def test_strata_count_by_the_pairs_that_they_have_and_not_by_their_labels() -> None:
    found = precision(strata([900, 100], [10, 100], [0, 100]), 0.8)
    assert found.value == pytest.approx(0.1)


def test_agreeing_labels_leave_a_doubt() -> None:
    found = precision(strata([1000, 1000], [3, 3], [3, 3]), 0.8)
    assert found.value == 1
    assert found.low < 0.8


def test_without_labels_nothing_is_known() -> None:
    nothing = strata([100, 100], [0, 0], [0, 0])
    for found in (precision(nothing, 0.8), recall(nothing, 0.8)):
        assert (found.value, found.low, found.high) == (None, 0, 1)


def test_a_stratum_without_labels_may_be_all_same_or_all_different() -> None:
    found = precision(strata([100, 100], [100, 0], [80, 0]), 0.8)
    assert (found.low, found.high) == pytest.approx((0.4, 0.9))


def test_recall_is_the_share_of_the_same_pairs_that_are_above() -> None:
    found = recall(strata([100, 100], [100, 100], [30, 90]), 0.84)
    assert found.value == pytest.approx(0.75)
    assert found.low == pytest.approx(0.75, abs=1e-3)


def test_all_same_pairs_are_above_the_lowest_threshold() -> None:
    found = recall(strata([100, 100], [5, 5], [1, 5]), 0.8)
    assert (found.low, found.value, found.high) == (1, 1, 1)


@pytest.mark.parametrize("labels", [5, 20, 60])
def test_the_truth_is_within_the_intervals_as_often_as_they_say(labels: int) -> None:
    """Of 95 % intervals 88 % hold the truth with 5 labels a stratum, 93 % with 20 and more."""
    draws = np.random.default_rng(1)
    same = np.round(PAIRS * SHARES).astype(int)
    above = BANDS >= 0.92
    true = same[above].sum() / PAIRS[above].sum(), same[above].sum() / same.sum()
    held = np.zeros(3)
    for _ in range(400):
        drawn = draws.hypergeometric(same, PAIRS - same, labels)
        here = Strata(BANDS, PAIRS, np.full(5, labels), drawn)
        share, part = precision(here, 0.92), recall(here, 0.92)
        held += [
            share.low <= true[0] <= share.high,
            part.low <= true[1] <= part.high,
            share.low <= true[0],
        ]
    assert (held / 400 >= (0.88 if labels < 20 else 0.92)).all()
    assert held[2] / 400 >= 0.97
