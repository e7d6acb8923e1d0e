"""The console behind everything that is printed. The one file of `terminal` that needs rich."""

import re
from collections.abc import Iterator

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment

CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
"""C0, DEL and C1 except newline and tab. In data they could clear the screen or hide text."""


class Printer(Console):
    """A console that prints no control character of a text; its own styles still work."""

    def render(
        self, renderable: RenderableType, options: ConsoleOptions | None = None
    ) -> Iterator[Segment]:
        """The pieces of what is printed, with control characters of its text as U+FFFD."""
        for piece in super().render(renderable, options):
            safe = piece.control or not CONTROL.search(piece.text)
            yield piece if safe else Segment(CONTROL.sub("\ufffd", piece.text), piece.style)
