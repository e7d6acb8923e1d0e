"""Precision and recall of a threshold from labelled pairs, with what is not known yet.

Pairs are labelled in strata (language and band of cosine), of which the sizes are known. A share
over several strata is the sum of their shares, weighted by size. Its 95 % interval is found by
MOVER: Wilson's limits of each stratum (Wilson 1927), narrowed for a finite stratum (Cochran,
*Sampling Techniques*, 2.6), and the distances from the shares to them added in squares (Zou, Huang
and Zhang 2009, "A note on confidence interval estimation for a linear function of binomial
proportions", CSDA 53). A stratified bootstrap would be shorter and wrong: where all labels of a
stratum agree, it sees no doubt at all. A stratum without labels is taken at its worst.

Recall at t is A / (A + B), A the same pairs above t and B those below it: a share r is within its
interval as long as the interval of (1 - r) A - r B holds zero (Fieller's argument; Donner and Zou
2012 use it with MOVER).
"""

from dataclasses import dataclass

import numpy as np

from schemas.base import Model

Z = 1.959964
"""Of the normal distribution, for 95 %."""

SHARES = np.linspace(0, 1, 1001)
"""Values of recall that are tried."""


class Interval(Model):
    """An estimate with its 95 % interval; of no labels nothing is known: None, from 0 to 1."""

    value: float | None
    low: float
    high: float


@dataclass(frozen=True)
class Strata:
    """Pairs by band of cosine; arrays of the same length."""

    band: np.ndarray
    """float64: the lower end of the band."""
    pairs: np.ndarray
    """How many pairs there are; at least 1."""
    labelled: np.ndarray
    """How many of them people labelled: a random sample."""
    same: np.ndarray
    """How many of these are the same question."""

    def take(self, which: np.ndarray) -> "Strata":
        """Some of the strata."""
        parts = (self.band, self.pairs, self.labelled, self.same)
        return Strata(*(part[which] for part in parts))

    def limits(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Share of same pairs with its lower and upper limit; 0, 0 and 1 where none is labelled."""
        n = np.maximum(self.labelled, 1e-9)
        share = self.same / n
        middle = (share + Z**2 / (2 * n)) / (1 + Z**2 / n)
        half = Z / (1 + Z**2 / n) * np.sqrt(share * (1 - share) / n + Z**2 / (4 * n**2))
        finite = np.sqrt((self.pairs - self.labelled) / np.maximum(self.pairs - 1, 1))
        low = share - (share - np.maximum(middle - half, 0)) * finite
        high = share + (np.minimum(middle + half, 1) - share) * finite
        known = self.labelled > 0
        return np.where(known, share, 0), np.where(known, low, 0), np.where(known, high, 1)


def precision(strata: Strata, threshold: float) -> Interval:
    """Share of the pairs above a threshold that are the same question."""
    above = strata.take(strata.band >= threshold)
    known = above.take(above.labelled > 0)
    if not len(known.band):
        return Interval(value=None, low=0, high=1)
    value = float(known.pairs @ (known.same / known.labelled) / known.pairs.sum())
    low, high = _bounds(above, above.pairs[None, :] / above.pairs.sum())
    return _interval(value, float(low[0]), float(high[0]))


def recall(strata: Strata, threshold: float) -> Interval:
    """Share of the same pairs that are above a threshold, of those in any of the strata."""
    above = strata.band >= threshold
    if not strata.labelled.any():
        return Interval(value=None, low=0, high=1)
    if above.all():
        return Interval(value=1, low=1, high=1)
    same_above, same_below = (_same(strata.take(side)) for side in (above, ~above))
    weights = np.where(above, 1 - SHARES[:, None], -SHARES[:, None]) * strata.pairs
    low, high = _bounds(strata, weights)
    same = same_above + same_below
    value = same_above / same if same else None
    # Both fall as the share grows; the interval may be shorter than a step between two shares.
    least, most = SHARES[low <= 0].min(), SHARES[high >= 0].max()
    return _interval(value, float(least), float(most))


def _same(strata: Strata) -> float:
    """How many pairs are the same, by the strata with labels."""
    known = strata.take(strata.labelled > 0)
    return float(known.pairs @ (known.same / known.labelled))


def _bounds(strata: Strata, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """95 % limits (n,) of weighted sums of the strata's shares; weights are float64 (n, strata)."""
    share, low, high = strata.limits()
    known = strata.labelled > 0
    down = np.where(weights > 0, share - low, high - share) * weights
    up = np.where(weights > 0, high - share, share - low) * weights
    middle = weights @ share
    fall = np.sqrt((down[:, known] ** 2).sum(axis=1))
    rise = np.sqrt((up[:, known] ** 2).sum(axis=1))
    unknown = weights[:, ~known]
    worst, best = np.minimum(unknown, 0).sum(axis=1), np.maximum(unknown, 0).sum(axis=1)
    return middle - fall + worst, middle + rise + best


def _interval(value: float | None, low: float, high: float) -> Interval:
    """Limits within 0 and 1, and never beside the estimate: it may be finer than `SHARES`."""
    inside = (low, high) if value is None else (min(low, value), max(high, value))
    return Interval(value=value, low=max(inside[0], 0), high=min(inside[1], 1))
