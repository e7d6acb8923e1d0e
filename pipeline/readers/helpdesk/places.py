"""Where texts of the desk stand in conversations: first or last, alone or beside others."""

from collections import defaultdict
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

AT_ONCE = 120.0
"""Seconds in which a machine answers."""


class Place(NamedTuple):
    """One place of a text of the desk."""

    before: str
    """The text of the desk right before it, with no word of the customer between; "" for none."""
    after: str
    """The one right after it."""
    is_first: bool
    """Whether it is the first that the desk says once the customer has asked."""
    is_answered: bool
    """Whether the customer writes right after it."""
    is_last: bool
    """Whether nobody writes after it."""
    delay: float | None
    """Seconds since the message before it, if both times are known."""
    is_behind_late: bool = False
    """Whether the text before it came later than a machine's would."""

    @property
    def is_alone(self) -> bool:
        """Whether the desk says nothing else before the customer writes again."""
        return not self.before and not self.after


def places_of(
    talks: Sequence[Sequence[str]],
    seconds: Sequence[Sequence[float | None]],
    without: AbstractSet[str] = frozenset(),
) -> dict[str, list[Place]]:
    """The places of each text.

    Args:
        talks: What stands in each conversation, in order: the key of a text of the desk, or "" for
            a message of the customer.
        seconds: When.
        without: Keys that are passed over, as if they were not there.
    """
    places: dict[str, list[Place]] = defaultdict(list)
    for talk, times in zip(talks, seconds, strict=True):
        kept = [(k, t) for k, t in zip(talk, times, strict=True) if k not in without]
        has_asked = has_answered = False
        for place, (key, time) in enumerate(kept):
            if not key:
                has_asked = True
                continue
            before, earlier = kept[place - 1] if place else ("", None)
            is_last = place + 1 == len(kept)
            after = "" if is_last else kept[place + 1][0]
            known = isinstance(time, float) and isinstance(earlier, float)
            delay = time - earlier if known and time is not None and earlier is not None else None
            is_first = has_asked and not has_answered
            has_answered = has_answered or has_asked
            # The same text twice in a row is not another one.
            before, after = ("" if other == key else other for other in (before, after))
            is_behind = bool(before) and place > 1 and _is_later(kept[place - 2][1], earlier)
            answered = not is_last and not kept[place + 1][0]
            places[key].append(Place(before, after, is_first, answered, is_last, delay, is_behind))
    return places


def _is_later(earlier: float | None, time: float | None) -> bool:
    return earlier is not None and time is not None and time - earlier > AT_ONCE
