"""How many to ask for, and when to give up, from the share of answers that were accepted."""

from math import ceil, sqrt

SURE = 0.84
"""Standard deviations of a one-sided 80 % bound: cautious enough to order 0 or 1 too many."""

VERY_SURE = 1.96
"""Standard deviations of a 95 % interval: with none accepted and 5 % wanted, 73 answers show it."""


def upper_bound(accepted: int, checked: int, deviations: float) -> float:
    """Upper end of Wilson's interval for a share; 1 where nothing was checked yet."""
    if not checked:
        return 1.0
    share, z2 = accepted / checked, deviations**2
    spread = deviations * sqrt(share * (1 - share) / checked + z2 / (4 * checked**2))
    return min(1.0, (share + z2 / (2 * checked) + spread) / (1 + z2 / checked))


def wanted(missing: int, accepted: int, checked: int) -> int:
    """How many answers to have on their way for `missing` more to be accepted, and few too many."""
    if missing <= 0:
        return 0
    # Rounded, as a bound of 0.9999999999 in place of 1 would order one too many.
    return ceil(round(missing / upper_bound(accepted, checked, SURE), 6))


def yields_too_little(accepted: int, checked: int, least: float) -> bool:
    """Whether the share that is accepted is surely below `least`."""
    return upper_bound(accepted, checked, VERY_SURE) < least
