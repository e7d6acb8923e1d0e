"""Measured values in bins of which one edge is the threshold, so that no bar straddles it."""

import math

import polars as pl

from schemas.base import Model

BINS = 32
"""The most bars; more would be thinner than a finger on a phone."""

MOST = 0.98
"""Share of the values that is always drawn; the others may be too far away."""

FAR = 4
"""Times the span of `MOST` from which the largest value is too far away."""

_SLACK = 1e-9
"""Of a bin: 0.95 - 0.92 is a little less than three hundredths."""


class Histogram(Model):
    """Counts of bins of equal width from `start` on, one tuple a series."""

    start: float
    width: float
    counts: dict[str, tuple[int, ...]]
    threshold: float | None = None
    name: str = ""
    """The setting that is the threshold."""
    example: float = 0.0
    """One value: the only one, where there is one."""
    beyond: int = 0
    """Values so far above all others that they are not drawn."""
    largest: float = 0.0

    @property
    def totals(self) -> list[int]:
        """Records in each bin, of all series."""
        return [sum(column) for column in zip(*self.counts.values(), strict=True)]

    @property
    def varies(self) -> bool:
        """Whether there is anything to draw: values in more than one bin."""
        return sum(total > 0 for total in self.totals) > 1

    @property
    def end(self) -> float:
        """Right edge of the last bin."""
        return self.start + self.width * len(self.totals)


def bin_values(
    series: dict[str, pl.Series], threshold: float | None = None, name: str = ""
) -> Histogram | None:
    """Bin all series alike; None where nothing was measured."""
    finite = {key: _finite(values) for key, values in series.items()}
    everything = pl.concat(list(finite.values()))
    if not len(everything):
        return None
    limit, largest, all_of_them = _limit(everything), _number(everything.max()), len(everything)
    finite = {key: values.filter(values <= limit) for key, values in finite.items()}
    everything = everything.filter(everything <= limit)
    extremes = [_number(everything.min()), _number(everything.max())]
    extremes += [threshold] if threshold is not None else []
    whole = bool((everything == everything.floor()).all())
    width = _width(max(extremes) - min(extremes), whole)
    anchor = threshold or 0.0
    first = math.floor((min(extremes) - anchor) / width + _SLACK)
    last = math.floor((max(extremes) - anchor) / width + _SLACK)
    return Histogram(
        start=anchor + first * width,
        width=width,
        counts={key: _counts(values, anchor, width, first, last) for key, values in finite.items()},
        threshold=threshold,
        name=name,
        example=extremes[0],
        beyond=all_of_them - len(everything),
        largest=largest,
    )


def _limit(values: pl.Series) -> float:
    """Up to where values are drawn: a few that are far above all others would flatten the rest."""
    low, most, largest = (
        _number(value) for value in (values.min(), values.quantile(MOST, "higher"), values.max())
    )
    return min(low + FAR * (most - low), largest) if most > low else largest


def _finite(values: pl.Series) -> pl.Series:
    numbers = values.drop_nulls().cast(pl.Float64)
    return numbers.filter(numbers.is_finite())


def _number(value: object) -> float:
    assert isinstance(value, float)
    return value


def _width(span: float, whole: bool) -> float:
    """The smallest of 1, 2, 5, 10, 20 … (or 0.1, 0.05 …) of which `BINS` cover the span."""
    least = max(span / BINS, 1.0 if whole else 1e-4)
    power: float = 10.0 ** math.floor(math.log10(least))
    return next(power * step for step in (1, 2, 5, 10) if power * step >= least * (1 - _SLACK))


def _counts(
    values: pl.Series, anchor: float, width: float, first: int, last: int
) -> tuple[int, ...]:
    places = ((values - anchor) / width + _SLACK).floor().cast(pl.Int64) - first
    counts = dict(places.value_counts().iter_rows())
    return tuple(counts.get(place, 0) for place in range(last - first + 1))
