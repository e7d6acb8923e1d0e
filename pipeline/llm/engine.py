"""The engine: reserve, journal, request, journal, settle, judge, until an order is filled.

Three things were got wrong first. Answers are judged in the order of the journal and not of the
slots, or one slow request holds back hundreds. Bad answers are replaced by the next slot and not
asked again. And nothing is sent before its worst case is booked and on the disk.
"""

import asyncio
import heapq
import random
import time
from collections import Counter, deque
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from pipeline.llm.call import Failure, FailureKind, Provider, Reply, Request
from pipeline.llm.journal import Entry, Fail, Journal, Judged, Recv, Send
from pipeline.llm.ledger import Ledger
from pipeline.llm.pace import Pace
from pipeline.llm.prices import Price
from pipeline.llm.providers import connect, without_key
from pipeline.llm.settings import LlmSettings
from pipeline.llm.yields import wanted, yields_too_little
from schemas.progress import Progress, quiet

MOST_TRIES = 5
"""Failures of one slot after which it is given up."""

ROW = 20
"""Failures without an answer between them that end the run when the minute is over, too."""

ROW_S = 60
"""Seconds without an answer that are bad luck and not the end, once something was answered."""


class Task(Protocol):
    """What is asked in a slot, and what the answer is good for."""

    def request(self, slot: int) -> Request:
        """The request of a slot: the same each time."""
        ...

    def judge(self, answer: Recv) -> Judged:
        """The verdict; called once for each answer, in the order in which they came."""
        ...


@dataclass(frozen=True)
class Stop:
    """Why a run ended before its order was filled."""

    why: str
    remedy: str
    denied: bool = False
    """Whether settings or machine are wrong, so that nothing can work."""


class Engine:
    """One run over one journal. Make it and run it once, inside one event loop."""

    def __init__(
        self,
        task: Task,
        journal: Journal,
        ledger: Ledger,
        settings: LlmSettings,
        price: Price,
        *,
        min_yield: float = 0.0,
        progress: Progress = quiet,
    ) -> None:
        self._task, self._journal, self._ledger = task, journal, ledger
        self._settings, self._price, self._min_yield = settings, price, min_yield
        self._progress = progress
        self._cap = round(settings.budget_usd * 1_000_000)
        self._pace = Pace(settings.max_in_flight)
        self._calls: set[asyncio.Task[None]] = set()
        self._unjudged = deque(ledger.spare)
        self._retries = [(0.0, slot) for slot in ledger.open_slots]
        """A heap of (not before, slot); `time.monotonic()` seconds."""
        self._stop: Stop | None = None
        self._in_a_row = 0
        self._last_answer: float | None = None

    async def run(self) -> Stop | None:
        """Ask until the order is filled, or return why not. Waits for what is out: it is paid."""
        provider = connect(self._settings)
        try:
            while True:
                self._judge()
                self._send(provider)
                if not self._calls and (self._stop or self._ledger.missing <= 0):
                    return self._stop
                await self._news()
        finally:
            for call in self._calls:
                call.cancel()
            await asyncio.gather(*self._calls, return_exceptions=True)
            await provider.close()

    # -- sending -------------------------------------------------------------------------------

    def _send(self, provider: Provider) -> None:
        """Start as many requests as order, pace and budget allow."""
        while self._stop is None and len(self._calls) < self._pace.limit:
            slot = self._next_slot()
            if slot is None or time.monotonic() < self._pace.held_until:
                return
            request = self._task.request(slot)
            worst = self._price.worst(request)
            if self._ledger.booked_for_order + worst > self._cap:
                if not self._calls:
                    self._stop = self._out_of_budget(worst)
                return
            if self._retries and self._retries[0][1] == slot:
                heapq.heappop(self._retries)
            attempt = self._ledger.attempts(slot) + 1
            self._write(Send(slot=slot, attempt=attempt, request=request.sha256, reserved=worst))
            call = asyncio.create_task(self._call(provider, slot, attempt, request, worst))
            self._calls.add(call)

    def _next_slot(self) -> int | None:
        """The slot to send now: one that waited long enough to be tried again, or a fresh one."""
        ledger = self._ledger
        want = wanted(ledger.missing, ledger.accepted, ledger.judged)
        if len(self._calls) >= want:
            return None
        if self._retries and self._retries[0][0] <= time.monotonic():
            return self._retries[0][1]
        # Slots that wait count: in an outage they would otherwise pile up.
        on_their_way = len(self._calls) + len(self._retries)
        return ledger.next_slot if on_their_way < min(want, 2 * self._pace.limit) else None

    async def _news(self) -> None:
        """Wait until a request ends, or the next one may start."""
        times = [due for due, _ in self._retries[:1]] + [self._pace.held_until]
        later = [due - time.monotonic() for due in times if due > time.monotonic()]
        pause = max(0.001, min(later)) if later and self._stop is None else None
        if not self._calls:
            await asyncio.sleep(pause or 0)
            return
        done, self._calls = await asyncio.wait(
            self._calls, timeout=pause, return_when=asyncio.FIRST_COMPLETED
        )
        for call in done:
            call.result()

    async def _call(
        self, provider: Provider, slot: int, attempt: int, request: Request, worst: int
    ) -> None:
        await self._journal.on_disk()
        try:
            async with asyncio.timeout(self._settings.timeout_s):
                outcome = await provider.ask(request)
        except TimeoutError:
            detail = f"no answer in {self._settings.timeout_s:g} s"
            outcome = Failure(kind=FailureKind.lost, detail=detail)
        if isinstance(outcome, Reply):
            self._answered(slot, attempt, outcome, worst)
        else:
            self._failed(slot, attempt, outcome, worst)

    # -- settling ------------------------------------------------------------------------------

    def _answered(self, slot: int, attempt: int, reply: Reply, worst: int) -> None:
        counted = reply.tokens_in is not None and reply.tokens_out is not None
        cost = self._price.cost(reply.tokens_in or 0, reply.tokens_out or 0) if counted else worst
        self._write(Recv(slot=slot, attempt=attempt, reply=reply, cost=cost, at=_now()))
        self._unjudged.append(slot)
        self._pace.answered()
        self._in_a_row, self._last_answer = 0, time.monotonic()

    def _failed(self, slot: int, attempt: int, failure: Failure, worst: int) -> None:
        kind = failure.kind
        tries = self._ledger.failures(slot) + 1
        final = kind is FailureKind.refused or (
            tries >= MOST_TRIES and kind is not FailureKind.rate_limited
        )
        detail = without_key(failure.detail, self._settings)[:500]
        cost = worst if kind.may_be_billed else 0
        self._write(
            Fail(
                slot=slot, attempt=attempt, error=kind, detail=detail, cost=cost, final=final,
                at=_now(),
            )
        )  # fmt: skip
        if kind is FailureKind.rate_limited:
            self._pace.rate_limited(failure.retry_after_s)
            heapq.heappush(self._retries, (0.0, slot))
        else:
            self._in_a_row += 1
            if not final:
                pause = failure.retry_after_s
                if pause is None:
                    pause = min(8.0, 0.5 * 2 ** (tries - 1)) * random.uniform(0.75, 1)
                heapq.heappush(self._retries, (time.monotonic() + pause, slot))
        self._stop = self._stop or self._hopeless(kind, detail)
        if self._ledger.order:
            note = f"{detail.splitlines()[0][:60] if detail else kind.value}; asking again"
            self._progress(self._ledger.accepted, self._ledger.order.n, note)

    def _write(self, entry: Entry) -> None:
        self._journal.append(entry)
        self._ledger.fold(entry)

    # -- judging and stopping --------------------------------------------------------------------

    def _judge(self) -> None:
        """Judge answers until the order is filled; what is left stays spare."""
        ledger = self._ledger
        while self._unjudged and ledger.missing > 0:
            self._write(self._task.judge(ledger.answers[self._unjudged.popleft()]))
            if self._stop is None:
                self._stop = self._poor_yield()
            if ledger.order:
                note = f"${ledger.booked_for_order / 1e6:.2f}, {len(self._calls)} open"
                self._progress(ledger.accepted, ledger.order.n, note)

    def _poor_yield(self) -> Stop | None:
        recent = self._ledger.recent
        good = sum(reason is None for reason in recent)
        if not yields_too_little(good, len(recent), self._min_yield):
            return None
        reason, times = Counter(r for r in recent if r).most_common(1)[0]
        return Stop(
            f"only {good} of the last {len(recent)} answers were accepted; {times} were {reason}",
            "look at the rejected answers; add topics, or take another model; or lower min_yield",
        )

    def _out_of_budget(self, worst: int) -> Stop:
        spent, booked = self._ledger.spent_for_order, self._ledger.booked_for_order
        doubt = f" and ${(booked - spent) / 1e6:.4f} in doubt" if booked > spent else ""
        return Stop(
            f"the budget of ${self._cap / 1e6:.2f} is used up: ${spent / 1e6:.4f} spent{doubt},"
            f" and the next request could cost ${worst / 1e6:.4f}",
            "raise budget_usd and run the same command again: it goes on from here",
        )

    def _hopeless(self, kind: FailureKind, detail: str) -> Stop | None:
        """Whether this failure, or the row of them, means that no request can work."""
        settings, never = self._settings, self._last_answer is None
        where = settings.base_url or settings.provider
        if kind is FailureKind.denied:
            remedy = (
                f"check {settings.key_name}, the model {settings.model!r}, base_url and account"
            )
            return Stop(f"{where} refused the request: {detail}", remedy, denied=True)
        if kind is FailureKind.unreachable and never:
            remedy = "start the server, or check base_url and the network"
            return Stop(f"nothing answers at {where}: {detail}", remedy, denied=True)
        too_long = never or time.monotonic() - (self._last_answer or 0) > ROW_S
        if self._pace.hopeless or (self._in_a_row >= ROW and too_long):
            return Stop(
                f"{where} has given no answer for a while; the last it said was: {detail}",
                "run the same command again later: it goes on from here",
            )
        return None


def _now() -> datetime:
    return datetime.now(UTC)
