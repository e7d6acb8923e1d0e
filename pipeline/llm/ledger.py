"""What a journal adds up to. The running engine and a restart fold the same lines the same way."""

from collections import Counter, deque
from collections.abc import Collection, Iterable

from pydantic import Field, model_validator

from pipeline.llm.call import FailureKind
from pipeline.llm.journal import Commit, Entry, Fail, Judged, Order, Recv, Send
from schemas.base import Model

IN_DOUBT = "in_doubt"
"""A slot whose request is out, or was out when the process was killed."""

RECENT = 200
"""Verdicts that the stop rule looks back on."""


class SlotBooks(Model):
    """Where the slots went that were asked for. Refuses not to balance."""

    slots: int = 0
    """Slots that were sent at least once."""
    accepted: int = 0
    rejected: dict[str, int] = Field(default_factory=dict)
    """Answered and not accepted, by reason."""
    failed: dict[str, int] = Field(default_factory=dict)
    """Without an answer, by the last error."""
    spare: int = 0
    """Answered after enough was accepted: judged first when more is wanted."""

    @model_validator(mode="after")
    def _balance(self) -> "SlotBooks":
        placed = self.accepted + sum(self.rejected.values()) + sum(self.failed.values())
        if self.slots != placed + self.spare:
            raise ValueError(f"{self.slots} slots, but {placed} placed and {self.spare} spare")
        return self


class Ledger:
    """Slots, money and verdicts of one journal, as of the last folded line."""

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self.order: Order | None = None
        self.order_slots: set[int] = set()
        """Slots that were sent for the present order, or came to it as spare."""
        self.answers: dict[int, Recv] = {}
        """By slot, in the order in which they came."""
        self.verdicts: dict[int, Judged] = {}
        self.accepted = 0
        """For the present order, like `judged` and `recent`."""
        self.judged = 0
        self.recent: deque[str | None] = deque(maxlen=RECENT)
        """The last verdicts: None, or why not."""
        self.uncommitted: list[int] = []
        """Accepted slots that are not in records yet, in journal order."""
        self.commits: list[str] = []
        """Batches that hold accepted answers."""
        self.spent = 0
        """Micro-dollars settled, for all orders."""
        self.next_slot = 0
        """The first slot that was never sent, nor any after it."""
        self._unsettled: dict[tuple[int, int], int] = {}
        self._spent_before = self._booked_before = 0
        self._attempts: dict[int, int] = {}
        self._fails: dict[int, list[Fail]] = {}
        for entry in entries:
            self.fold(entry)

    def fold(self, entry: Entry) -> None:
        """Add one line."""
        match entry:
            case Order():
                self._begin(entry)
            case Send(slot=slot, attempt=attempt):
                self._attempts[slot] = attempt
                self._unsettled[slot, attempt] = entry.reserved
                self.order_slots.add(slot)
                self.next_slot = max(self.next_slot, slot + 1)
            case Recv(slot=slot):
                self._settle(entry)
                self.answers[slot] = entry
            case Fail(slot=slot):
                self._settle(entry)
                self._fails.setdefault(slot, []).append(entry)
            case Judged():
                self._judge(entry)
            case Commit(batch=batch):
                self.commits.append(batch)
                self.uncommitted.clear()

    def _begin(self, order: Order) -> None:
        self.order = order
        self.order_slots = set(self.spare)
        self.accepted = self.judged = 0
        self.recent.clear()
        self.next_slot = max(self.next_slot, order.first_slot)
        self._spent_before, self._booked_before = self.spent, self.booked

    def _settle(self, entry: Recv | Fail) -> None:
        del self._unsettled[entry.slot, entry.attempt]
        self.spent += entry.cost

    def _judge(self, verdict: Judged) -> None:
        self.verdicts[verdict.slot] = verdict
        self.judged += 1
        self.recent.append(verdict.reason)
        if verdict.reason is None:
            self.accepted += 1
            self.uncommitted.append(verdict.slot)

    # -- money, in micro-dollars ---------------------------------------------------------------

    @property
    def booked(self) -> int:
        """Everything that may have to be paid: settled, out, and in doubt.

        A request that was out when the process was killed stays booked in full for ever: no chat
        API tells whether it billed one.
        """
        return self.spent + sum(self._unsettled.values())

    @property
    def booked_for_order(self) -> int:
        """The part of it that belongs to the present order."""
        return self.booked - self._booked_before

    @property
    def spent_for_order(self) -> int:
        """The part of that which is settled."""
        return self.spent - self._spent_before

    # -- slots ---------------------------------------------------------------------------------

    @property
    def missing(self) -> int:
        """Answers that the present order still wants."""
        return self.order.n - self.accepted if self.order else 0

    @property
    def spare(self) -> list[int]:
        """Answered slots without a verdict, in the order of their answers."""
        return [slot for slot in self.answers if slot not in self.verdicts]

    @property
    def open_slots(self) -> list[int]:
        """Slots of the order without an answer that are not given up; lowest first."""
        return sorted(
            slot
            for slot in self.order_slots - self.answers.keys()
            if not any(fail.final for fail in self._fails.get(slot, ()))
        )

    def attempts(self, slot: int) -> int:
        """Times that a slot was sent."""
        return self._attempts.get(slot, 0)

    def failures(self, slot: int) -> int:
        """Times that a slot failed, refusals for the rate limit not counted."""
        return sum(fail.error != FailureKind.rate_limited for fail in self._fails.get(slot, ()))

    def books(self) -> SlotBooks:
        """Where all slots of the journal went."""
        return self._books(self._attempts)

    def order_books(self) -> SlotBooks:
        """Where the slots of the present order went."""
        return self._books(self.order_slots)

    def _books(self, slots: Collection[int]) -> SlotBooks:
        reasons = Counter(self.verdicts[slot].reason for slot in slots if slot in self.verdicts)
        accepted = reasons.pop(None, 0)
        failed = Counter(self._last_error(slot) for slot in slots if slot not in self.answers)
        return SlotBooks(
            slots=len(slots),
            accepted=accepted,
            rejected={reason: count for reason, count in reasons.items() if reason},
            failed=dict(failed),
            spare=sum(slot in self.answers and slot not in self.verdicts for slot in slots),
        )

    def _last_error(self, slot: int) -> str:
        fails = self._fails.get(slot)
        return fails[-1].error if fails and fails[-1].attempt == self._attempts[slot] else IN_DOUBT
