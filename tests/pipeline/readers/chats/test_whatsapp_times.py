"""Day, month and half of the day are found from the file as a whole."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.readers.chats.whatsapp_times import Stamp, seconds_of_stamps

ORDERS = {
    "day first": lambda time: (time.day, time.month, time.year % 100),
    "month first": lambda time: (time.month, time.day, time.year % 100),
    "year first": lambda time: (time.year, time.month, time.day),
}

START = datetime(2023, 1, 1, tzinfo=UTC)


def gaps(times: list[float | None]) -> list[float]:
    known = [time for time in times if time is not None]
    assert len(known) == len(times)
    return [after - before for before, after in pairwise(known)]


@pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS)
@given(hours=st.lists(st.integers(1, 60), min_size=80, max_size=120), start=st.integers(0, 8000))
def test_a_chat_of_weeks_tells_which_number_is_the_day(order, hours, start) -> None:
    time, times = START + timedelta(hours=start), []
    for pause in [0, *hours]:
        time += timedelta(hours=pause)
        times.append(time)
    stamps = [Stamp(order(time), (time.hour, 0, 0), "") for time in times]
    assert gaps(seconds_of_stamps(stamps)) == [pause * 3600 for pause in hours]


@pytest.mark.parametrize(
    ("morning", "afternoon"),
    [("AM", "PM"), ("a.\u00a0m.", "p.\u00a0m."), ("上午", "下午"), ("ص", "م"), ("ena", "dva")],
)
@given(hours=st.lists(st.integers(1, 7), min_size=40, max_size=80))
def test_the_half_of_the_day_is_known_by_its_word_or_by_the_order(
    morning: str, afternoon: str, hours: list[int]
) -> None:
    time, stamps = START, []
    for pause in [0, *hours]:
        time += timedelta(hours=pause)
        word = afternoon if time.hour >= 12 else morning
        clock = ((time.hour - 1) % 12 + 1, 0, 0)
        stamps.append(Stamp((time.day, time.month, time.year), clock, word))
    assert gaps(seconds_of_stamps(stamps)) == [pause * 3600 for pause in hours]


def test_a_word_that_is_no_half_of_the_day_changes_nothing() -> None:
    stamps = [Stamp((3, 5, 2024), (9, 0, 0), "klo"), Stamp((3, 5, 2024), (11, 0, 0), "klo")]
    assert gaps(seconds_of_stamps(stamps)) == [7200]


def test_a_day_of_another_calendar_is_a_day() -> None:
    stamps = [Stamp((1403, 2, day), (9, 0, 0), "") for day in (28, 29, 30, 31)]
    assert gaps(seconds_of_stamps(stamps)) == [86400] * 3


def test_numbers_that_are_no_date_have_no_time_and_spoil_no_other() -> None:
    numbers = [(3, 5, 2024), (99, 99, 2024), (4, 5, 2024)]
    times = seconds_of_stamps([Stamp(given, (9, 0, 0), "") for given in numbers])
    assert times[1] is None
    assert None not in (times[0], times[2])
