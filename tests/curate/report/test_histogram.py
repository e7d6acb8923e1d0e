import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from curate.report.histogram import BINS, bin_values

numbers = st.floats(-1e6, 1e6, allow_nan=False)


@given(st.lists(numbers, min_size=1), st.one_of(st.none(), st.floats(1e-3, 1e5)))
def test_every_value_is_in_one_bin_and_the_threshold_on_an_edge(
    values: list[float], threshold: float | None
) -> None:
    histogram = bin_values({"dropped": pl.Series(values, dtype=pl.Float64)}, threshold)
    assert histogram is not None
    assert sum(histogram.totals) == len(values)
    assert len(histogram.totals) <= BINS + 2
    if threshold is not None:
        edges = (threshold - histogram.start) / histogram.width
        assert edges == pytest.approx(round(edges), abs=1e-6)


def test_values_below_and_above_the_threshold_never_share_a_bin() -> None:
    cosines = pl.Series([0.90, 0.9199, 0.92, 0.93, 0.95, 1.0])
    histogram = bin_values({"all": cosines}, 0.92, "threshold")
    assert histogram is not None
    edge = round((0.92 - histogram.start) / histogram.width)
    assert sum(histogram.totals[:edge]) == 2


def test_whole_numbers_have_bins_of_whole_numbers() -> None:
    histogram = bin_values({"dropped": pl.Series([1, 2, 2]), "flagged": pl.Series([9])}, 10)
    assert histogram is not None
    assert (histogram.start, histogram.width) == (1, 1)
    assert histogram.counts["dropped"][:2] == (1, 2)
    assert histogram.counts["flagged"][8] == 1
    assert histogram.end > 10


def test_what_was_not_measured_has_no_histogram() -> None:
    assert bin_values({"dropped": pl.Series([None, None, float("nan")], dtype=pl.Float64)}) is None


def test_one_value_does_not_vary() -> None:
    histogram = bin_values({"dropped": pl.Series([1.0, 1.0])}, 0.5)
    assert histogram is not None
    assert not histogram.varies
    assert histogram.example == 1.0


def test_a_few_values_far_away_are_counted_and_not_drawn() -> None:
    histogram = bin_values({"kept": pl.Series([*range(100), 50_000])})
    assert histogram is not None
    assert (histogram.beyond, histogram.largest) == (1, 50_000)
    assert histogram.end <= 110
    assert sum(histogram.totals) == 100


def test_what_is_not_far_away_is_drawn() -> None:
    histogram = bin_values({"kept": pl.Series([*range(100), 200])})
    assert histogram is not None
    assert (histogram.beyond, sum(histogram.totals)) == (0, 101)
