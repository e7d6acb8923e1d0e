import time

import pytest

from pipeline.llm.pace import MOST_HOLDS, Pace


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    return now


def test_it_doubles_each_round_up_to_the_most(clock: list[float]) -> None:
    pace, limits = Pace(10), []
    for _ in range(5):
        limits.append(pace.limit)
        for _ in range(pace.limit):
            pace.answered()
    assert limits == [1, 2, 4, 8, 10]


def test_after_a_refusal_it_halves_and_then_adds_one_a_round(clock: list[float]) -> None:
    pace = Pace(64)
    for _ in range(31):
        pace.answered()
    pace.rate_limited(0.0)
    assert pace.limit == 16
    for _ in range(17):
        pace.answered()
    assert pace.limit == 17


def test_refusals_of_one_burst_halve_once(clock: list[float]) -> None:
    pace = Pace(64)
    for _ in range(31):
        pace.answered()
    for _ in range(20):
        pace.rate_limited(0.0)
    assert pace.limit == 16
    clock[0] += 1.1
    pace.rate_limited(0.0)
    assert pace.limit == 8


def test_it_holds_everyone_as_long_as_the_server_says(clock: list[float]) -> None:
    pace = Pace(4)
    pace.rate_limited(30.0)
    pace.rate_limited(2.0)
    assert pace.held_until == 1030


def test_a_server_that_refuses_for_ever_is_given_up_after_minutes(clock: list[float]) -> None:
    pace = Pace(4)
    while not pace.hopeless:
        pace.rate_limited(0.0)
        clock[0] = max(clock[0], pace.held_until)
    assert pace.holds == MOST_HOLDS
    assert 200 < clock[0] - 1000 < 600


def test_an_answer_ends_the_row_of_holds(clock: list[float]) -> None:
    pace = Pace(4)
    pace.rate_limited(0.0)
    pace.answered()
    assert pace.holds == 0
