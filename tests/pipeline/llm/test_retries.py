import random
import time

import pytest

from pipeline.llm.retries import RetryQueue


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    monkeypatch.setattr(random, "uniform", lambda low, high: high)
    return now


def pause_after(failures: int, retry_after_s: float | None = None) -> float:
    queue = RetryQueue()
    queue.add_after_pause(7, failures, retry_after_s)
    return queue.next_due - time.monotonic()


def test_the_pause_doubles_with_each_failure_up_to_eight_seconds(clock: list[float]) -> None:
    assert [pause_after(n) for n in (1, 2, 3, 4, 5, 6)] == [0.5, 1, 2, 4, 8, 8]


def test_a_pause_is_shortened_at_random_by_a_quarter_at_most(
    clock: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(random, "uniform", lambda low, high: low)
    assert pause_after(3) == 1.5


def test_the_servers_own_pause_is_kept_to_the_second(clock: list[float]) -> None:
    assert pause_after(1, retry_after_s=30.0) == 30


def test_a_slot_is_due_only_when_its_pause_is_over(clock: list[float]) -> None:
    queue = RetryQueue()
    queue.add_after_pause(7, 1, 2.0)
    assert queue.due(clock[0] + 1.9) is None
    assert queue.due(clock[0] + 2) == 7
    assert len(queue) == 1
    queue.remove(7)
    assert (len(queue), queue.due(clock[0] + 99)) == (0, None)


def test_slots_left_by_a_killed_run_come_at_once_and_the_lowest_first(clock: list[float]) -> None:
    queue = RetryQueue([5, 2, 9])
    queue.add_after_pause(1, 1, 2.0)
    order = []
    while (slot := queue.due(clock[0])) is not None:
        order.append(slot)
        queue.remove(slot)
    assert order == [2, 5, 9]


def test_removing_a_slot_that_is_not_first_removes_nothing(clock: list[float]) -> None:
    queue = RetryQueue([2, 5])
    queue.remove(77)
    assert len(queue) == 2
