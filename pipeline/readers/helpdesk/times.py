"""When messages were written: the texts and numbers of one file become seconds."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

TIME_LAYOUTS = (
    "%Y-%m-%d %H:%M:%S %Z", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M",
    "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %H:%M", "%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y %I:%M %p",
    "%m/%d/%y %H:%M", "%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d/%m/%y %H:%M",
    "%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%d-%m-%Y %H:%M:%S", "%d-%m-%Y %H:%M",
    "%b %d, %Y %I:%M %p", "%b %d, %Y %H:%M", "%B %d, %Y %I:%M %p", "%d %b %Y %H:%M:%S",
    "%d %b %Y %H:%M", "%I:%M:%S %p", "%I:%M %p", "%H:%M:%S", "%H:%M",
)  # fmt: skip
"""Month before day first: a file with a 13th month is then read with the day first."""


def seconds(times: Sequence[Any]) -> list[float | None] | None:
    """The times of a file as seconds, None for those that are missing or neither text nor number.

    Every time must be read by the same layout, so that 3/4 and 4/3 are not mixed; None when no
    layout reads them all.
    """
    given = [time if isinstance(time, str | int | float) and time != "" else None for time in times]
    distinct = {time for time in given if time is not None}
    for to_seconds in (_number, _iso, _mail, *map(_by_layout, TIME_LAYOUTS)):
        try:
            seconds_of = {time: to_seconds(time) for time in distinct}
        except (ValueError, TypeError, OverflowError):
            continue
        return [None if time is None else seconds_of[time] for time in given]
    return None


def _number(time: Any) -> float:
    """Seconds since 1970; milliseconds and microseconds are known by their size."""
    value = float(time)
    if value != value or value in (float("inf"), float("-inf")):
        raise ValueError(time)
    size = abs(value)
    return value / 1e6 if size > 1e14 else value / 1e3 if size > 1e11 else value


def _iso(time: Any) -> float:
    return _stamp(datetime.fromisoformat(_text(time).removesuffix(" UTC")))


def _mail(time: Any) -> float:
    return _stamp(parsedate_to_datetime(_text(time)))


def _by_layout(layout: str) -> Callable[[Any], float]:
    return lambda time: _stamp(datetime.strptime(_text(time), layout))  # noqa: DTZ007 - made UTC


def _text(time: Any) -> str:
    """A time that is a text; a number, which may stand beside texts in a file, fits no layout."""
    if not isinstance(time, str):
        raise TypeError(time)
    return time.strip()


def _stamp(moment: datetime) -> float:
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
