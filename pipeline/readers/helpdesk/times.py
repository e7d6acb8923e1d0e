"""When messages were written: a time of any layout becomes seconds, one time at a time.

One export mixes layouts: an old ticket was imported, another came by mail. So each time is read by
itself. Only what one time cannot say is asked of the others: whether 3/4 is in March or in April.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

DAY_AND_MONTH = re.compile(r"\s*(\d{1,2})([/.-])(\d{1,2})\2(?:\d{4}|\d{2})\b")
"""A date that begins with a day or with a month."""

MONTH_FIRST = ("%m/%d/%Y", "%m/%d/%y", "%m-%d-%Y", "%m.%d.%Y")
DAY_FIRST = ("%d/%m/%Y", "%d/%m/%y", "%d-%m-%Y", "%d.%m.%Y", "%d.%m.%y")
DATES = (
    "%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%b %d, %Y", "%B %d, %Y", "%d %b %Y",
    "%d %B %Y", "%d-%b-%Y", "%d-%b-%y", "%a %b %d %Y",
)  # fmt: skip
CLOCKS = (
    " %H:%M:%S", " %H:%M", " %I:%M:%S %p", " %I:%M %p", " %H:%M:%S.%f", " %H:%M:%S %Z",
    " %H:%M:%S %z", " %H:%M %Z", ", %H:%M:%S", ", %H:%M", ", %I:%M:%S %p", ", %I:%M %p", "",
)  # fmt: skip
CLOCKS_ALONE = ("%I:%M:%S %p", "%I:%M %p", "%H:%M:%S", "%H:%M")

MONTHS = 12

LEAST_DATE = 1e8
"""Seconds; a smaller number is no date (it would be before 1973)."""

FEW_FAILURES = 20
"""Times of one shape that cannot be read, after which the next is not tried in every layout."""

ToSeconds = Callable[[Any], float]


class TimeReader:
    """Reads the times of one file."""

    def __init__(self, times: Iterable[Any]) -> None:
        """Find out from all times of the file whether days or months come first in it."""
        times = list(times)
        self._months_first = {sign: _months_first(times, sign, sign == "/") for sign in "/-."}
        self._readers: dict[tuple[bool, ...], list[ToSeconds]] = {}
        self._unreadable = Counter[tuple[str, tuple[bool, ...]]]()

    def seconds(self, times: Sequence[Any]) -> list[float | None] | None:
        """The times of one conversation as seconds, None for those that are missing.

        None for all of them where one cannot be read: their order is not known then. Whether days
        or months come first is asked of these times, and of the others only if they do not tell.
        """
        order = tuple(_months_first(times, sign, self._months_first[sign]) for sign in "/-.")
        seconds: list[float | None] = []
        for time in times:
            if not isinstance(time, str | int | float) or isinstance(time, bool) or time == "":
                seconds.append(None)
                continue
            second = self._second(time, order)
            if second is None:
                return None
            seconds.append(second)
        known = [second for second in seconds if second is not None]
        counted = [second < LEAST_DATE for second in known]
        if any(counted) and not all(counted):
            return None  # Seconds since the chat began beside a date.
        return seconds

    def _second(self, time: Any, order: tuple[bool, ...]) -> float | None:
        readers = self._readers.get(order)
        if readers is None:
            readers = self._readers[order] = _readers(order)
        shape = (re.sub(r"\d", "0", str(time)[:40]), order)
        if self._unreadable[shape] >= FEW_FAILURES:
            return None
        for place, reader in enumerate(readers):
            try:
                second = reader(time)
            except (ValueError, TypeError, OverflowError):
                continue
            if place:  # The next time has probably the same layout.
                readers.insert(0, readers.pop(place))
            return second
        self._unreadable[shape] += 1
        return None


def _readers(months_first: Sequence[bool]) -> list[ToSeconds]:
    """What reads a time, where dates with `/`, `-` and `.` begin with the month or do not."""
    dates: list[str] = [*DATES]
    for sign, is_month_first in zip("/-.", months_first, strict=True):
        known = MONTH_FIRST if is_month_first else DAY_FIRST
        dates += [date for date in known if sign in date]
    layouts = [date + clock for date in dates for clock in CLOCKS]
    return [_number, _iso, *map(_by_layout, (*layouts, *CLOCKS_ALONE)), _mail]


def _months_first(times: Iterable[Any], sign: str, default: bool = True) -> bool:
    """Whether dates with this sign begin with the month, by those that can only be read one way."""
    votes = 0
    for time in times:
        match = DAY_AND_MONTH.match(time) if isinstance(time, str) else None
        if match and match[2] == sign:
            votes += (int(match[3]) > MONTHS) - (int(match[1]) > MONTHS)
    return votes > 0 if votes else default


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


def _by_layout(layout: str) -> ToSeconds:
    return lambda time: _stamp(datetime.strptime(_text(time), layout))  # noqa: DTZ007 - made UTC


def _text(time: Any) -> str:
    """A time that is a text; a number, which may stand beside texts in a file, fits no layout."""
    if not isinstance(time, str):
        raise TypeError(time)
    return time.strip()


def _stamp(moment: datetime) -> float:
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
