"""Progress of long work: a bar on a terminal, a line now and then elsewhere, always on stderr."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from curate.terminal.output import console

if TYPE_CHECKING:
    from schemas.progress import Progress

AFTER_S = 0.5
"""Seconds after which a bar is shown."""

EVERY_S = 30
"""Seconds between two lines where there is no terminal."""


@contextmanager
def showing(title: str) -> Iterator["Progress"]:
    """A progress callable that shows `title`."""
    shower = _Bar(title) if sys.stderr.isatty() else _Lines(title)
    try:
        yield shower
    finally:
        shower.close()


class _Bar:
    def __init__(self, title: str) -> None:
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            TextColumn,
            TimeRemainingColumn,
        )

        self._begin = time.monotonic()
        self._bars = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            TextColumn("{task.fields[note]}", markup=False),
            console=console(stderr=True),
            transient=True,
        )
        self._task = self._bars.add_task(title, total=None, note="")

    def __call__(self, done: int, total: int | None = None, note: str = "") -> None:
        if not self._bars.live.is_started and time.monotonic() - self._begin > AFTER_S:
            self._bars.start()
        self._bars.update(self._task, completed=done, total=total, note=note)

    def close(self) -> None:
        self._bars.stop()


class _Lines:
    def __init__(self, title: str) -> None:
        self._title = title
        self._last = time.monotonic()

    def __call__(self, done: int, total: int | None = None, note: str = "") -> None:
        if time.monotonic() - self._last < EVERY_S:
            return
        self._last = time.monotonic()
        of = f" of {total:,}" if total else ""
        console(stderr=True).print(f"{self._title}: {done:,}{of} {note}".rstrip())

    def close(self) -> None:
        """Nothing is left open."""
