"""How many to ask for, and when to give up, from the share of answers that were accepted."""

from math import ceil, sqrt

SURE = 0.84
"""Standard deviations of the one-sided 80 % bound: cautious enough to order 0 or 1 too many."""

VERY_SURE = 1.96
"""Standard deviations of the 95 % interval: with nothing accepted and 5 % wanted, 73 verdicts."""


def upper_bound(accepted: int, judged: int, deviations: float) -> float:
    """Upper end of Wilson's interval for a share; 1 where nothing was judged yet."""
    if not judged:
        return 1.0
    share, z2 = accepted / judged, deviations**2
    spread = deviations * sqrt(share * (1 - share) / judged + z2 / (4 * judged**2))
    return min(1.0, (share + z2 / (2 * judged) + spread) / (1 + z2 / judged))


def wanted(missing: int, accepted: int, judged: int) -> int:
    """Answers to have on their way so that `missing` more are accepted, and few too many."""
    if missing <= 0:
        return 0
    # Rounded, because a bound of 0.9999999999 for "all of them" would order one too many.
    return ceil(round(missing / upper_bound(accepted, judged, SURE), 6))


def yields_too_little(accepted: int, judged: int, least: float) -> bool:
    """Whether the share accepted is surely under `least`."""
    return upper_bound(accepted, judged, VERY_SURE) < least
