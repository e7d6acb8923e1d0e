"""The console behind everything that is printed. The one file of `terminal` that needs rich."""

import re
from collections.abc import Iterator

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment

CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
"""C0, DEL and C1 but newline and tab: in data they clear screens, rename windows, hide text."""


class Printer(Console):
    """A console whose text is never a command to the terminal; styles and cursors still are."""

    def render(
        self, renderable: RenderableType, options: ConsoleOptions | None = None
    ) -> Iterator[Segment]:
        """The pieces of what is printed, with control characters of its text as U+FFFD."""
        for piece in super().render(renderable, options):
            safe = piece.control or not CONTROL.search(piece.text)
            yield piece if safe else Segment(CONTROL.sub("\ufffd", piece.text), piece.style)
