import asyncio
import tempfile
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.llm.call import Finish, Reply
from pipeline.llm.journal import (
    CheckedAnswer,
    Commit,
    Fail,
    Journal,
    Order,
    Recv,
    Send,
    read_journal,
)
from pipeline.llm.ledger import Ledger
from schemas.errors import UserError

NOW = datetime(2026, 1, 2, tzinfo=UTC)


def recv(slot: int, attempt: int = 1, cost: int = 7) -> Recv:
    reply = Reply(text=f"über {slot}", finish=Finish.stop, model="m")
    return Recv(slot=slot, attempt=attempt, reply=reply, cost=cost, at=NOW)


def fail(slot: int, attempt: int, error: str = "lost", cost: int = 10, final: bool = False) -> Fail:
    return Fail(slot=slot, attempt=attempt, error=error, detail="", cost=cost, final=final, at=NOW)


def send(slot: int, attempt: int = 1) -> Send:
    return Send(slot=slot, attempt=attempt, request="ab", reserved=10)


STORY = [
    Order(n=2, about={"domain": "d"}, at=NOW),
    send(0), send(1), recv(1), CheckedAnswer(slot=1), fail(0, 1), send(0, 2), send(2), recv(0, 2),
    CheckedAnswer(slot=0, reason="near_duplicate", value=0.97, other_id="x"),
    recv(2), CheckedAnswer(slot=2),
    Commit(batch="0001-synth"),
    Order(n=1, about={}, at=NOW), send(3), send(4), fail(3, 1, "refused", 0, final=True),
    recv(4), CheckedAnswer(slot=4),
]  # fmt: skip


@cache
def story() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "j.jsonl"
        journal = Journal(path)
        for entry in STORY:
            journal.append(entry)
        journal.close()
        return path.read_bytes()


def test_what_was_appended_is_read_back() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "j.jsonl"
        path.write_bytes(story())
        assert list(read_journal(path)) == STORY


@given(cut=st.integers(0, 10**6), garbage=st.binary(max_size=60))
def test_a_journal_torn_at_any_byte_loads_as_a_prefix_and_can_be_continued(
    cut: int, garbage: bytes
) -> None:
    whole = story()
    kept = whole[: cut % (len(whole) + 1)]
    lines = kept.count(b"\n")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "j.jsonl"
        path.write_bytes(kept + garbage.replace(b"\n", b""))
        assert list(read_journal(path)) == STORY[:lines]
        assert Ledger(read_journal(path)).checked.items() <= Ledger(STORY).checked.items()
        journal = Journal(path)
        journal.append(Commit(batch="next"))
        journal.close()
        assert list(read_journal(path)) == [*STORY[:lines], Commit(batch="next")]


def test_a_line_that_is_not_an_entry_is_reported_with_its_number(tmp_path: Path) -> None:
    path = tmp_path / "j.jsonl"
    path.write_bytes(story().replace(b'"kind":"commit"', b'"kind":"comit"'))
    with pytest.raises(UserError, match="line 13 is not a valid journal entry"):
        list(read_journal(path))


def test_those_who_wait_for_the_disk_share_a_flush(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flushes = []
    monkeypatch.setattr("os.fsync", flushes.append)

    async def hundred() -> None:
        journal = Journal(tmp_path / "j.jsonl")

        async def append(slot: int) -> None:
            journal.append(send(slot))
            await journal.on_disk()

        await asyncio.gather(*(append(slot) for slot in range(100)))
        await journal.on_disk()

    asyncio.run(hundred())
    assert 1 <= len(flushes) <= 3


def test_the_books_of_every_prefix_balance_and_money_is_never_forgotten() -> None:
    booked = 0
    for length in range(len(STORY) + 1):
        ledger = Ledger(STORY[:length])
        ledger.books()
        ledger.order_books()
        if length and STORY[length - 1].kind == "send":
            assert ledger.booked == booked + 10
        booked = ledger.booked


def test_the_ledger_of_the_story() -> None:
    ledger = Ledger(STORY)
    assert ledger.spent == ledger.booked == 7 + 10 + 7 + 7 + 7
    assert ledger.booked_for_order == 7
    assert ledger.missing == 0
    assert ledger.uncommitted == [4]
    assert ledger.next_slot == 5
    books = ledger.books()
    assert (books.slots, books.accepted, books.spare) == (5, 3, 0)
    assert (books.rejected, books.failed) == ({"near_duplicate": 1}, {"refused": 1})
    assert ledger.order_books().slots == 2


def test_a_send_without_an_end_stays_booked_and_its_slot_is_open() -> None:
    ledger = Ledger([Order(n=9, about={}, at=NOW), send(0), send(1), recv(1)])
    assert (ledger.spent, ledger.booked) == (7, 17)
    assert ledger.open_slots == [0]
    assert ledger.spare == [1]
    assert ledger.books().failed == {"in_doubt": 1}
    ledger.fold(send(0, 2))
    ledger.fold(recv(0, 2))
    assert (ledger.spent, ledger.booked) == (14, 24)
    assert ledger.open_slots == []


def test_a_new_order_has_a_budget_of_its_own_and_takes_the_spare_answers() -> None:
    ledger = Ledger([Order(n=1, about={}, at=NOW), send(0), send(1), recv(1), send(2)])
    ledger.fold(Order(n=5, first_slot=40, about={}, at=NOW))
    assert ledger.booked_for_order == 0
    assert ledger.order_slots == {1}
    assert ledger.open_slots == []
    assert ledger.next_slot == 40


def test_a_line_on_the_disk_is_what_it_has_always_been(tmp_path: Path) -> None:
    """Journals of earlier versions must stay readable, and their jobs resumable."""
    path = tmp_path / "j.jsonl"
    journal = Journal(path)
    for entry in (*STORY[:2], STORY[3], *STORY[4:6], STORY[9], STORY[12]):
        journal.append(entry)
    journal.close()
    at = '"at":"2026-01-02T00:00:00Z"'
    reply = '{"text":"über 1","finish":"stop","model":"m"}'
    assert path.read_text("utf-8").splitlines() == [
        '{"kind":"order","n":2,"first_slot":0,"about":{"domain":"d"},' + at + "}",
        '{"kind":"send","slot":0,"attempt":1,"request":"ab","reserved":10}',
        '{"kind":"recv","slot":1,"attempt":1,"reply":' + reply + ',"cost":7,' + at + "}",
        '{"kind":"verdict","slot":1}',
        '{"kind":"fail","slot":0,"attempt":1,"error":"lost","detail":"","cost":10,"final":false,'
        + at
        + "}",
        '{"kind":"verdict","slot":0,"reason":"near_duplicate","value":0.97,"other_id":"x"}',
        '{"kind":"commit","batch":"0001-synth"}',
    ]


def test_a_refusal_for_the_rate_limit_is_no_failure_of_the_slot() -> None:
    refusals = [fail(0, n, "rate_limited", 0) for n in range(1, 9)]
    sends = [send(0, n) for n in range(1, 9)]
    lines = [line for pair in zip(sends, refusals, strict=True) for line in pair]
    ledger = Ledger([Order(n=1, about={}, at=NOW), *lines, send(0, 9), fail(0, 9)])
    assert (ledger.attempts(0), ledger.failures(0)) == (9, 1)
    assert ledger.open_slots == [0]
