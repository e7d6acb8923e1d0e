import time
from datetime import UTC, datetime

import pytest

from pipeline.llm.call import FailureKind
from pipeline.llm.journal import Order, Send
from pipeline.llm.ledger import Ledger
from pipeline.llm.settings import LlmSettings
from pipeline.llm.stops import FAILURES_IN_A_ROW, PATIENCE_S, Silence, out_of_budget, poor_yield


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    return now


@pytest.fixture
def silence(clock: list[float]) -> Silence:
    return Silence(LlmSettings())


def fail(silence: Silence, times: int) -> None:
    for _ in range(times):
        silence.failed()


def lost(silence: Silence) -> object:
    return silence.stop(FailureKind.lost, "reset", always_rate_limited=False)


def test_a_server_that_never_answered_is_given_up_after_a_row_of_failures(
    silence: Silence,
) -> None:
    fail(silence, FAILURES_IN_A_ROW - 1)
    assert lost(silence) is None
    fail(silence, 1)
    assert lost(silence) is not None


def test_a_server_that_has_answered_is_waited_for_a_minute(
    silence: Silence, clock: list[float]
) -> None:
    silence.answered()
    fail(silence, 3 * FAILURES_IN_A_ROW)
    clock[0] += PATIENCE_S
    assert lost(silence) is None
    clock[0] += 1
    assert lost(silence) is not None


def test_an_answer_ends_the_row_of_failures(silence: Silence, clock: list[float]) -> None:
    fail(silence, FAILURES_IN_A_ROW)
    silence.answered()
    clock[0] += 2 * PATIENCE_S
    assert lost(silence) is None


def test_a_refused_connection_is_final_only_before_the_first_answer(silence: Silence) -> None:
    first = silence.stop(FailureKind.unreachable, "refused", always_rate_limited=False)
    assert first is not None
    assert first.denied
    silence.answered()
    assert silence.stop(FailureKind.unreachable, "refused", always_rate_limited=False) is None


def test_a_spent_budget_tells_what_was_spent_what_is_in_doubt_and_what_comes_next() -> None:
    order = Order(n=2, about={}, at=datetime(2026, 1, 2, tzinfo=UTC))
    ledger = Ledger([order, Send(slot=0, attempt=1, request="ab", reserved=20_000)])
    stop = out_of_budget(ledger, budget=50_000, worst=40_000)
    assert stop.why == (
        "the budget of $0.05 is used up: $0.0000 spent and $0.0200 in doubt,"
        " and the next request could cost $0.0400"
    )
    assert not stop.denied


def test_a_poor_yield_names_the_commonest_reason() -> None:
    recent = [None, *["near_duplicate"] * 60, *["empty"] * 39]
    stop = poor_yield(recent, min_yield=0.2)
    assert stop is not None
    assert stop.why == "only 1 of the last 100 answers were accepted; 60 were near_duplicate"
    assert poor_yield(recent, min_yield=0.01) is None
