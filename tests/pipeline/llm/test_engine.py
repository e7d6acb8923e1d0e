"""The engine against a provider that is only memory: what is sent, when, and how often."""

import asyncio
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.llm import engine, retries
from pipeline.llm.call import CallFailure, FailureKind, Finish, Reply, Request
from pipeline.llm.engine import MAX_FAILURES, Engine
from pipeline.llm.journal import CheckedAnswer, Journal, Order, Recv, read_journal
from pipeline.llm.ledger import Ledger
from pipeline.llm.prices import find_price
from pipeline.llm.settings import LlmSettings
from schemas.message import Message

SETTINGS = LlmSettings(base_url="http://127.0.0.1:9/v1", max_in_flight=8)


class Everything:
    """Asks for the number of the slot, and accepts every answer."""

    def request(self, slot: int) -> Request:
        return Request(messages=(Message(role="user", content=str(slot)),), max_tokens=9)

    def check(self, answer: Recv) -> CheckedAnswer:
        return CheckedAnswer(slot=answer.slot)


class Memory:
    """Answers, or fails for the slots in `failing`; remembers how often each slot was sent."""

    def __init__(self, failing: dict[int, FailureKind], before: Callable[[], None]) -> None:
        self.sent: Counter[int] = Counter()
        self._failing, self._before = failing, before

    async def ask(self, request: Request) -> Reply | CallFailure:
        self._before()
        slot = int(request.messages[0].text)
        self.sent[slot] += 1
        await asyncio.sleep(0)
        if slot in self._failing:
            return CallFailure(kind=self._failing[slot], detail="no", retry_after_s=0.0)
        return Reply(text="yes", finish=Finish.stop, model="m")

    async def close(self) -> None:
        pass


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[Memory, Ledger]]:
    """Fills an order for n answers; gives the provider and what the journal adds up to."""

    def fill(
        n: int,
        failing: dict[int, FailureKind] | None = None,
        before: Callable[[], None] = lambda: None,
    ) -> tuple[Memory, Ledger]:
        provider = Memory(failing or {}, before)
        monkeypatch.setattr(engine, "open_provider", lambda settings: provider)
        monkeypatch.setattr(retries, "FIRST_PAUSE_S", 0.0)
        path = tmp_path / "j.jsonl"
        journal = Journal(path)
        journal.append(Order(n=n, about={}, at=datetime(2026, 1, 2, tzinfo=UTC)))
        ledger = Ledger(read_journal(path))

        async def once() -> object:
            price = find_price(SETTINGS)
            return await Engine(Everything(), journal, ledger, SETTINGS, price).run()

        assert asyncio.run(once()) is None
        journal.close()
        assert Ledger(read_journal(path)).books() == ledger.books()
        return provider, ledger

    return fill


def test_an_order_is_filled_and_nothing_more_is_sent(run) -> None:
    provider, ledger = run(40)
    assert ledger.accepted_for_order == 40
    assert provider.sent == Counter(range(40))


def test_a_request_leaves_only_when_its_line_is_on_the_disk(
    run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flushed = [0]

    def fsync(descriptor: int) -> None:
        flushed[0] = (tmp_path / "j.jsonl").read_bytes().count(b'"kind":"send"')

    sent = [0]

    def before() -> None:
        sent[0] += 1
        assert sent[0] <= flushed[0]

    monkeypatch.setattr("os.fsync", fsync)
    run(20, before=before)
    assert sent[0] == 20


@pytest.mark.parametrize(
    ("kind", "times"),
    [
        (FailureKind.refused, 1),
        (FailureKind.overloaded, MAX_FAILURES),
        (FailureKind.lost, MAX_FAILURES),
        (FailureKind.unreadable, MAX_FAILURES),
    ],
)
def test_a_slot_that_always_fails_is_given_up_and_the_next_takes_its_place(
    run, kind: FailureKind, times: int
) -> None:
    provider, ledger = run(10, failing={3: kind})
    assert provider.sent[3] == times
    assert ledger.books().failed == {kind.value: 1}
    assert ledger.books().slots == 11
