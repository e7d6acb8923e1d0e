"""The engine: sends requests and checks answers until an order is filled.

Each request passes the same steps: its worst case is booked and written to the journal, it is sent,
its answer and cost are written, and the answer is checked. Three rules matter:

- Nothing is sent before its worst case is booked and on the disk.
- Answers are checked in the order in which they came, not in the order of the slots: otherwise one
  slow request would hold back hundreds.
- A rejected answer is made up for by the next slot; the same slot is not asked a second time.
"""

import asyncio
import time
from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime
from math import inf
from typing import Protocol

from pipeline.llm.call import CallFailure, FailureKind, Provider, Reply, Request
from pipeline.llm.journal import CheckedAnswer, Entry, Fail, Journal, Recv, Send
from pipeline.llm.ledger import Ledger
from pipeline.llm.pace import Pace
from pipeline.llm.prices import Price
from pipeline.llm.providers import open_provider, without_key
from pipeline.llm.retries import RetryQueue
from pipeline.llm.settings import LlmSettings
from pipeline.llm.stops import Silence, Stop, out_of_budget, poor_yield
from pipeline.llm.yields import wanted
from schemas.progress import Progress, quiet

MAX_FAILURES = 5
"""Failures of one slot after which it is given up."""


class Task(Protocol):
    """What is asked in a slot, and whether its answer is accepted."""

    def request(self, slot: int) -> Request:
        """The request of a slot: the same each time."""
        ...

    def check(self, answer: Recv) -> CheckedAnswer:
        """Accept or reject; called once for each answer, in the order in which they came."""
        ...


@dataclass(frozen=True)
class Attempt:
    """One sending of one slot's request."""

    slot: int
    number: int
    """From 1, for each slot."""
    request: Request
    worst: int
    """Micro-dollars that it cannot cost more than; booked before it is sent."""


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
        self._budget = round(settings.budget_usd * 1_000_000)
        self._pace = Pace(settings.max_in_flight)
        self._silence = Silence(settings)
        self._retries = RetryQueue(ledger.open_slots)
        self._unchecked = deque(ledger.spare)
        """Slots with an answer that was not checked yet, in the order of the answers."""
        self._calls: set[asyncio.Task[None]] = set()
        self._stop: Stop | None = None

    async def run(self) -> Stop | None:
        """Ask until the order is filled, or return why not.

        Requests that are out at the end are waited for, because they have to be paid.
        """
        provider = open_provider(self._settings)
        try:
            while True:
                self._check_answers()
                self._send_requests(provider)
                if not self._calls and (self._stop or self._ledger.missing <= 0):
                    return self._stop
                await self._wait()
        finally:
            for call in self._calls:
                call.cancel()
            await asyncio.gather(*self._calls, return_exceptions=True)
            await provider.close()

    # -- sending -------------------------------------------------------------------------------

    def _send_requests(self, provider: Provider) -> None:
        """Start as many requests as the order, the pace and the budget allow."""
        while self._stop is None and len(self._calls) < self._pace.limit:
            slot = self._next_slot()
            if slot is None or time.monotonic() < self._pace.held_until:
                return
            request = self._task.request(slot)
            worst = self._price.worst(request)
            if self._ledger.booked_for_order + worst > self._budget:
                # Requests that are out may turn out cheaper than booked, so they are waited for.
                if not self._calls:
                    self._stop = out_of_budget(self._ledger, self._budget, worst)
                return
            self._retries.remove(slot)
            attempt = Attempt(slot, self._ledger.attempts(slot) + 1, request, worst)
            self._write(
                Send(slot=slot, attempt=attempt.number, request=request.sha256, reserved=worst)
            )
            self._calls.add(asyncio.create_task(self._call(provider, attempt)))

    def _next_slot(self) -> int | None:
        """The slot to send now: one whose wait after a failure is over, or else a new one."""
        ledger = self._ledger
        want = wanted(ledger.missing, ledger.accepted_for_order, ledger.checked_for_order)
        if len(self._calls) >= want:
            return None
        waited = self._retries.due(time.monotonic())
        if waited is not None:
            return waited
        # Slots that wait for another try count too: in an outage they would otherwise pile up.
        on_their_way = len(self._calls) + len(self._retries)
        return ledger.next_slot if on_their_way < min(want, 2 * self._pace.limit) else None

    async def _wait(self) -> None:
        """Wait until a request ends, or until the next one may start."""
        now = time.monotonic()
        starts = [at for at in (self._retries.next_due, self._pace.held_until) if now < at < inf]
        pause = max(0.001, min(starts) - now) if starts and self._stop is None else None
        if not self._calls:
            await asyncio.sleep(pause or 0)
            return
        done, self._calls = await asyncio.wait(
            self._calls, timeout=pause, return_when=asyncio.FIRST_COMPLETED
        )
        for call in done:
            call.result()  # raises what went wrong in our own code

    async def _call(self, provider: Provider, attempt: Attempt) -> None:
        """Send one request, once it is on the disk that it may cost money, and book its outcome."""
        await self._journal.on_disk()
        try:
            async with asyncio.timeout(self._settings.timeout_s):
                outcome = await provider.ask(attempt.request)
        except TimeoutError:
            detail = f"no answer in {self._settings.timeout_s:g} s"
            outcome = CallFailure(kind=FailureKind.lost, detail=detail)
        if isinstance(outcome, Reply):
            self._book_reply(attempt, outcome)
        else:
            self._book_failure(attempt, outcome)

    # -- booking -------------------------------------------------------------------------------

    def _book_reply(self, attempt: Attempt, reply: Reply) -> None:
        cost = attempt.worst
        if reply.tokens_in is not None and reply.tokens_out is not None:
            cost = self._price.cost(reply.tokens_in, reply.tokens_out)
        slot = attempt.slot
        self._write(Recv(slot=slot, attempt=attempt.number, reply=reply, cost=cost, at=_now()))
        self._unchecked.append(slot)
        self._pace.answered()
        self._silence.answered()

    def _book_failure(self, attempt: Attempt, failure: CallFailure) -> None:
        kind, slot = failure.kind, attempt.slot
        rate_limited = kind is FailureKind.rate_limited
        failures = self._ledger.failures(slot) + 1
        final = kind is FailureKind.refused or (failures >= MAX_FAILURES and not rate_limited)
        detail = without_key(failure.detail, self._settings)[:500]
        cost = attempt.worst if kind.may_be_billed else 0
        self._write(
            Fail(
                slot=slot, attempt=attempt.number, error=kind, detail=detail, cost=cost,
                final=final, at=_now(),
            )
        )  # fmt: skip
        if rate_limited:
            # The pace holds back every request, so the slot itself has nothing to wait for.
            self._pace.rate_limited(failure.retry_after_s)
            self._retries.add(slot)
        else:
            self._silence.failed()
            if not final:
                self._retries.add_after_pause(slot, failures, failure.retry_after_s)
        self._stop = self._stop or self._silence.stop(kind, detail, self._pace.hopeless)
        first_line = detail.splitlines()[0][:60] if detail else kind.value
        self._tell(f"{first_line}; asking again")

    def _write(self, entry: Entry) -> None:
        self._journal.append(entry)
        self._ledger.fold(entry)

    # -- checking --------------------------------------------------------------------------------

    def _check_answers(self) -> None:
        """Check answers until the order is filled; those that are left stay spare."""
        ledger = self._ledger
        while self._unchecked and ledger.missing > 0:
            self._write(self._task.check(ledger.answers[self._unchecked.popleft()]))
            self._stop = self._stop or poor_yield(ledger.recent, self._min_yield)
            self._tell(f"${ledger.booked_for_order / 1e6:.2f}, {len(self._calls)} open")

    def _tell(self, note: str) -> None:
        if self._ledger.order:
            self._progress(self._ledger.accepted_for_order, self._ledger.order.n, note)


def _now() -> datetime:
    return datetime.now(UTC)
