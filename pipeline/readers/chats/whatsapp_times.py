"""Dates and times of WhatsApp as seconds: which number is the day, and which word the afternoon.

Neither is written in the file, so the file as a whole decides: messages stand in the order in which
they were written, and that reading is right under which time hardly ever runs back.
"""

import re
from collections.abc import Sequence
from datetime import date
from itertools import pairwise, product
from typing import NamedTuple

DAY = 86_400.0
EPOCH = date(1970, 1, 1).toordinal()

Numbers = tuple[int, int, int]

ORDERS: dict[str, Numbers] = {
    "day month year": (2, 1, 0),
    "month day year": (2, 0, 1),
    "year month day": (0, 1, 2),
    "year day month": (0, 2, 1),
}
"""Where year, month and day stand among the three numbers; of equal ones the first counts."""

AFTERNOON_WORDS = frozenset(
    (
        "pm", "p", "nachm", "nachmittags", "ös", "下午", "晚上", "中午", "午後", "오후", "م", "μμ",
        "अपराह्न", "du", "odp", "tarde", "noche", "ch", "после полудня",
    )
)  # fmt: skip
MORNING_WORDS = frozenset(
    (
        "am", "a", "vorm", "vormittags", "öö", "上午", "早上", "凌晨", "清晨", "午前", "오전",
        "ص", "πμ", "पूर्वाह्न", "de", "dop", "mañana", "sa", "до полудня",
    )
)  # fmt: skip
"""Words as `_plain` makes them. Others are found out from the order of the messages."""

MOST_UNKNOWN = 6
"""Words that are not known and are tried in every way; a file with more has names among them."""

TRIED = 3000
"""Stamps by which readings are compared."""


class Stamp(NamedTuple):
    """Date and time as they are written."""

    numbers: Numbers
    clock: Numbers
    word: str
    """What stands beside the time: the half of the day, or a word such as `klo`."""


def seconds_of_stamps(stamps: Sequence[Stamp]) -> list[float | None]:
    """The seconds of each message; None for those whose date no calendar has."""
    days = _days(stamps)
    halves = _halves(stamps, days)
    times: list[float | None] = []
    for stamp, day in zip(stamps, days, strict=True):
        times.append(None if day is None else day * DAY + _clock(stamp, halves))
    return times


def _days(stamps: Sequence[Stamp]) -> list[int | None]:
    """The days under the order that fits most dates, and in which time runs back least."""
    dates = list(dict.fromkeys(stamp.numbers for stamp in stamps))[:TRIED]

    def faults(order: Numbers) -> tuple[int, int, int]:
        given = [_year_month_day(numbers, order) for numbers in dates]
        ranks = [(year * 12 + month) * 31 + day for year, month, day in filter(None, given)]
        back = sum(after < before for before, after in pairwise(ranks))
        return given.count(None), back, max(ranks, default=0) - min(ranks, default=0)

    order = min(ORDERS.values(), key=faults)
    read = {numbers: _year_month_day(numbers, order) for numbers in {s.numbers for s in stamps}}
    number_of = {numbers: _day_number(day) for numbers, day in read.items()}
    return [number_of[stamp.numbers] for stamp in stamps]


def _year_month_day(numbers: Numbers, order: Numbers) -> Numbers | None:
    """Year, month and day; None where there is no such day."""
    year, month, day = (numbers[place] for place in order)
    if not (1 <= month <= 12 and 1 <= day <= 31) or 100 <= year < 1000:
        return None
    return (year + 2000 if year < 100 else year), month, day


def _day_number(day: Numbers | None) -> int | None:
    """Days since 1970. Of calendars other than ours some days are not in ours."""
    if day is None:
        return None
    year, month, number = day
    try:
        return date(year, month, number).toordinal() - EPOCH
    except ValueError:
        return date(year, month, 28).toordinal() + number - 28 - EPOCH


def _halves(stamps: Sequence[Stamp], days: Sequence[int | None]) -> dict[str, float]:
    """Seconds to add for each word beside the times; none where the clock has 24 hours."""
    words = {_plain(stamp.word) for stamp in stamps}
    if any(stamp.clock[0] > 12 for stamp in stamps) or words == {""}:
        return {}
    known = {word: 0.0 for word in words & MORNING_WORDS}
    known |= {word: DAY / 2 for word in words & AFTERNOON_WORDS}
    unknown = sorted(words - known.keys() - {""})
    if (not known and len(words) < 2) or len(unknown) > MOST_UNKNOWN:
        return known
    first = list(zip(stamps, days, strict=True))[:TRIED]

    def runs_back(halves: dict[str, float]) -> int:
        times = [day * DAY + _clock(stamp, halves) for stamp, day in first if day is not None]
        return sum(after < before for before, after in pairwise(times))

    tried = (
        known | dict(zip(unknown, halves, strict=True))
        for halves in product((0.0, DAY / 2), repeat=len(unknown))
    )
    return min(tried, key=runs_back)


def _clock(stamp: Stamp, halves: dict[str, float]) -> float:
    hour, minute, second = stamp.clock
    half = halves.get(_plain(stamp.word)) if halves else None
    if half is not None:
        return (hour % 12) * 3600 + minute * 60 + second + half
    return hour * 3600 + minute * 60 + second


def _plain(word: str) -> str:
    """A word without case, dots and blanks: `p. m.` and `PM` are one."""
    return re.sub(r"[.\s\u00a0\u202f]", "", word).casefold()
