"""What the lines of a journal add up to, for the running engine and for a restart alike."""

from collections import Counter, deque
from collections.abc import Collection, Iterable

from pydantic import Field, model_validator

from pipeline.llm.call import FailureKind
from pipeline.llm.journal import CheckedAnswer, Commit, Entry, Fail, Order, Recv, Send
from schemas.base import Model

IN_DOUBT = "in_doubt"
"""The state of a slot whose request is out, or was out when the process was killed."""

RECENT = 200
"""CheckedAnswer answers that the rule against a poor yield looks back on."""


class SlotBooks(Model):
    """Where the slots went: each is in exactly one place, or this raises `ValueError`."""

    slots: int = 0
    """Slots that were sent at least once."""
    accepted: int = 0
    rejected: dict[str, int] = Field(default_factory=dict)
    """Answered and rejected, by reason."""
    failed: dict[str, int] = Field(default_factory=dict)
    """Not answered, by the last error."""
    spare: int = 0
    """Answered after the order was filled; the first to be checked when more is ordered."""

    @model_validator(mode="after")
    def _balance(self) -> "SlotBooks":
        placed = self.accepted + sum(self.rejected.values()) + sum(self.failed.values())
        if self.slots != placed + self.spare:
            raise ValueError(f"{self.slots} slots, but {placed} settled and {self.spare} spare")
        return self


class Ledger:
    """Slots, money and checked answers of one journal, up to the last entry that was folded in."""

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self.order: Order | None = None
        self.order_slots: set[int] = set()
        """Slots that were sent for the current order, or that it took over as spare."""
        self.answers: dict[int, Recv] = {}
        """By slot, in the order in which they came."""
        self.checked: dict[int, CheckedAnswer] = {}
        """By slot."""
        self.accepted_for_order = 0
        self.checked_for_order = 0
        self.recent: deque[str | None] = deque(maxlen=RECENT)
        """The last checked answers of the order: None if accepted, else why not."""
        self.uncommitted: list[int] = []
        """Accepted slots that are not in `records/` yet, in the order of the journal."""
        self.commits: list[str] = []
        """Batches that hold accepted answers."""
        self.spent = 0
        """Micro-dollars paid for all orders, as far as is known."""
        self.next_slot = 0
        """The first slot after all that were ever sent."""
        self._unsettled: dict[tuple[int, int], int] = {}
        """Micro-dollars reserved, by slot and attempt, for requests without an outcome."""
        self._spent_before = self._booked_before = 0
        self._attempts: dict[int, int] = {}
        self._fails: dict[int, list[Fail]] = {}
        for entry in entries:
            self.fold(entry)

    def fold(self, entry: Entry) -> None:
        """Take one entry into account."""
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
            case CheckedAnswer():
                self._check(entry)
            case Commit(batch=batch):
                self.commits.append(batch)
                self.uncommitted.clear()

    def _begin(self, order: Order) -> None:
        self.order = order
        self.order_slots = set(self.spare)
        self.accepted_for_order = self.checked_for_order = 0
        self.recent.clear()
        self.next_slot = max(self.next_slot, order.first_slot)
        self._spent_before, self._booked_before = self.spent, self.booked

    def _settle(self, entry: Recv | Fail) -> None:
        del self._unsettled[entry.slot, entry.attempt]
        self.spent += entry.cost

    def _check(self, checked: CheckedAnswer) -> None:
        self.checked[checked.slot] = checked
        self.checked_for_order += 1
        self.recent.append(checked.reason)
        if checked.reason is None:
            self.accepted_for_order += 1
            self.uncommitted.append(checked.slot)

    # -- money, in micro-dollars ---------------------------------------------------------------

    @property
    def booked(self) -> int:
        """Everything that may have to be paid: what was spent, what is out, what is in doubt.

        A request that was out when the process was killed stays booked in full for good: no chat
        API tells afterwards whether it billed a request.
        """
        return self.spent + sum(self._unsettled.values())

    @property
    def booked_for_order(self) -> int:
        """The part of `booked` that belongs to the current order."""
        return self.booked - self._booked_before

    @property
    def spent_for_order(self) -> int:
        """The part of `spent` that belongs to the current order."""
        return self.spent - self._spent_before

    # -- slots ---------------------------------------------------------------------------------

    @property
    def missing(self) -> int:
        """Answers that the current order still needs."""
        return self.order.n - self.accepted_for_order if self.order else 0

    @property
    def spare(self) -> list[int]:
        """Answered slots that were not checked, in the order of their answers."""
        return [slot for slot in self.answers if slot not in self.checked]

    @property
    def open_slots(self) -> list[int]:
        """Slots of the order that have no answer and are not given up; lowest first."""
        return sorted(
            slot
            for slot in self.order_slots - self.answers.keys()
            if not any(fail.final for fail in self._fails.get(slot, ()))
        )

    def attempts(self, slot: int) -> int:
        """How often a slot was sent."""
        return self._attempts.get(slot, 0)

    def failures(self, slot: int) -> int:
        """How often a slot failed, without refusals for the rate limit."""
        return sum(fail.error != FailureKind.rate_limited for fail in self._fails.get(slot, ()))

    def books(self) -> SlotBooks:
        """Where all slots of the journal went."""
        return self._books(self._attempts)

    def order_books(self) -> SlotBooks:
        """Where the slots of the current order went."""
        return self._books(self.order_slots)

    def _books(self, slots: Collection[int]) -> SlotBooks:
        reasons = Counter(self.checked[slot].reason for slot in slots if slot in self.checked)
        accepted = reasons.pop(None, 0)
        failed = Counter(self._last_error(slot) for slot in slots if slot not in self.answers)
        return SlotBooks(
            slots=len(slots),
            accepted=accepted,
            rejected={reason: count for reason, count in reasons.items() if reason},
            failed=dict(failed),
            spare=sum(slot in self.answers and slot not in self.checked for slot in slots),
        )

    def _last_error(self, slot: int) -> str:
        fails = self._fails.get(slot)
        return fails[-1].error if fails and fails[-1].attempt == self._attempts[slot] else IN_DOUBT
