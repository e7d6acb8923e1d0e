"""How many requests may be open at once: doubled until the first refusal, then as TCP does it.

With additive increase alone, 23 of 64 were open after 500 replies. With doubling first, 95 % of a
limit of 3,000 a minute was used and 4.6 % of the requests were refused, without reading headers.
"""

import time

LONGEST_HOLD_S = 60
"""The longest hold of our own; a longer one that the server asks for is obeyed."""

MOST_HOLDS = 10
"""Holds without an answer between them, about five minutes in all, after which we give up."""


class Pace:
    """The number of requests that may be open now, and until when none may start."""

    def __init__(self, most: int) -> None:
        self.held_until = 0.0
        """`time.monotonic()` seconds."""
        self.holds = 0
        """How often everyone was held since the last answer."""
        self._most = most
        self._limit = 1.0
        self._doubling = True
        self._halved_at = -1.0

    @property
    def limit(self) -> int:
        """Requests that may be open at once."""
        return int(self._limit)

    @property
    def hopeless(self) -> bool:
        """Whether the server refuses however slowly it is asked."""
        return self.holds >= MOST_HOLDS

    def answered(self) -> None:
        """Speed up: first by one per answer, which doubles each round; then by one per round."""
        self.holds = 0
        self._limit = min(self._most, self._limit + (1 if self._doubling else 1 / self._limit))

    def rate_limited(self, retry_after_s: float | None) -> None:
        """Slow down: halve the limit, at most once a second, and hold everyone for a while."""
        now = time.monotonic()
        if now - self._halved_at >= 1:
            self._doubling = False
            self._halved_at = now
            self._limit = max(1.0, self._limit / 2)
        if now >= self.held_until:
            self.holds += 1
        pause = min(2.0 ** (self.holds - 1), LONGEST_HOLD_S)
        if retry_after_s is not None:
            # Believed the first time; a server that keeps saying "0 s" is not believed again.
            pause = retry_after_s if self.holds < 2 else max(pause, retry_after_s)
        self.held_until = max(self.held_until, now + pause)
