"""Slots that failed and wait for another try."""

import heapq
import random
import time
from collections.abc import Iterable
from math import inf

FIRST_PAUSE_S = 0.5
"""Before the second try; doubled for each one after it."""

LONGEST_PAUSE_S = 8.0


class RetryQueue:
    """Slots with the moment from which they may be sent again, the earliest first."""

    def __init__(self, slots: Iterable[int] = ()) -> None:
        """Queue `slots` to be sent at once, in rising order."""
        self._heap = [(0.0, slot) for slot in sorted(slots)]
        """(not before, slot); `time.monotonic()` seconds."""

    def __len__(self) -> int:
        return len(self._heap)

    @property
    def next_due(self) -> float:
        """When the first slot may be sent (`time.monotonic()` seconds); infinity for none."""
        return self._heap[0][0] if self._heap else inf

    def due(self, now: float) -> int | None:
        """The first slot whose wait is over. It stays in the queue until it is removed."""
        return self._heap[0][1] if self.next_due <= now else None

    def remove(self, slot: int) -> None:
        """Take out the slot that `due` gave; any other slot is left alone."""
        if self._heap and self._heap[0][1] == slot:
            heapq.heappop(self._heap)

    def add(self, slot: int) -> None:
        """Queue a slot that may be sent at once."""
        heapq.heappush(self._heap, (0.0, slot))

    def add_after_pause(self, slot: int, failures: int, retry_after_s: float | None) -> None:
        """Queue a slot that has failed `failures` times.

        It waits as long as the server asks, or else twice as long as after the failure before.
        That pause is shortened at random, so that slots which failed together do not all return
        together.
        """
        if retry_after_s is None:
            pause = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2 ** (failures - 1))
            pause *= random.uniform(0.75, 1)
        else:
            pause = retry_after_s
        heapq.heappush(self._heap, (time.monotonic() + pause, slot))
