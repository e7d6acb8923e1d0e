"""How long work reports itself: a callable, so that no room knows about terminals."""

from typing import Protocol


class Progress(Protocol):
    """Called now and then with what is done, of how much, and a word of news."""

    def __call__(self, done: int, total: int | None = None, note: str = "") -> None:
        """Show `done` of `total` (None: unknown), with `note` beside it."""
        ...


def quiet(done: int, total: int | None = None, note: str = "") -> None:
    """Show nothing."""
