"""Why a run ends before its order is filled: budget, poor yield, or a server that does not help."""

import time
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from pipeline.llm.call import FailureKind
from pipeline.llm.ledger import Ledger
from pipeline.llm.settings import LlmSettings
from pipeline.llm.yields import yields_too_little

FAILURES_IN_A_ROW = 20
"""Failures without an answer between them that end a run, once its patience is over too."""

PATIENCE_S = 60
"""Seconds of silence that are put down to bad luck, if the server has answered before."""


@dataclass(frozen=True)
class Stop:
    """Why a run ended, and what its user can do."""

    why: str
    remedy: str
    denied: bool = False
    """Whether settings or the machine are wrong, so that no request can work."""


class Silence:
    """Watches for a server that gives no more answers."""

    def __init__(self, settings: LlmSettings) -> None:
        self._settings = settings
        self._server = settings.base_url or settings.provider
        self._failures = 0
        """Since the last answer; refusals for the rate limit are not counted."""
        self._last_answer: float | None = None
        """`time.monotonic()` seconds."""

    def answered(self) -> None:
        """An answer came."""
        self._failures, self._last_answer = 0, time.monotonic()

    def failed(self) -> None:
        """A request failed for another reason than the rate limit."""
        self._failures += 1

    def stop(self, kind: FailureKind, detail: str, always_rate_limited: bool) -> Stop | None:
        """Whether this failure, or all since the last answer, mean that asking on is no use.

        Args:
            kind: Of the last failure.
            detail: What the server or the network said of it.
            always_rate_limited: Whether the server refuses however slowly it is asked.
        """
        never_answered = self._last_answer is None
        if kind is FailureKind.denied:
            return self._denied(detail)
        if kind is FailureKind.unreachable and never_answered:
            return self._unreachable(detail)
        if always_rate_limited or (self._failures >= FAILURES_IN_A_ROW and self._out_of_patience):
            return Stop(
                f"{self._server} has given no answer for a while; its last words were: {detail}",
                "run the same command again later: it goes on from here",
            )
        return None

    @property
    def _out_of_patience(self) -> bool:
        return self._last_answer is None or time.monotonic() - self._last_answer > PATIENCE_S

    def _denied(self, detail: str) -> Stop:
        key, model = self._settings.key_name, self._settings.model
        return Stop(
            f"{self._server} refused the request: {detail}",
            f"check {key}, the model {model!r}, base_url and your account",
            denied=True,
        )

    def _unreachable(self, detail: str) -> Stop:
        return Stop(
            f"nothing answers at {self._server}: {detail}",
            "start the server, or check base_url and the network",
            denied=True,
        )


def out_of_budget(ledger: Ledger, budget: int, worst: int) -> Stop:
    """The next request, at its worst, no longer fits. All amounts are micro-dollars."""
    spent, in_doubt = ledger.spent_for_order, ledger.booked_for_order - ledger.spent_for_order
    doubt = f" and ${in_doubt / 1e6:.4f} in doubt" if in_doubt else ""
    return Stop(
        f"the budget of ${budget / 1e6:.2f} is used up: ${spent / 1e6:.4f} spent{doubt},"
        f" and the next request could cost ${worst / 1e6:.4f}",
        "raise budget_usd and run the same command again: it goes on from here",
    )


def poor_yield(recent: Collection[str | None], min_yield: float) -> Stop | None:
    """Stop when the share of accepted answers is surely below `min_yield`.

    Args:
        recent: For each of the last checked answers why it was rejected; None: it was accepted.
        min_yield: The least share that is worth its money.
    """
    accepted = sum(reason is None for reason in recent)
    if not yields_too_little(accepted, len(recent), min_yield):
        return None
    reason, times = Counter(reason for reason in recent if reason).most_common(1)[0]
    return Stop(
        f"only {accepted} of the last {len(recent)} answers were accepted; {times} were {reason}",
        "read the rejected answers in the journal; then add topics, take another model,"
        " or lower min_yield",
    )
