"""What commands print: results on standard output, everything else on standard error."""

import json
import re
import sys
from collections.abc import Iterator
from typing import Any

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment

from schemas.errors import CurateError

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


def console(stderr: bool = False) -> Console:
    """A console that knows about terminals, pipes and NO_COLOR; text is never markup."""
    return Printer(stderr=stderr, highlight=False, markup=False, soft_wrap=True)


def say(text: str = "", style: str | None = None) -> None:
    """Print a line of the result."""
    console().print(text, style=style)


def say_json(value: Any) -> None:
    """Print one JSON object, the only thing on standard output."""
    text = json.dumps(value, ensure_ascii=False, indent=2, default=str)
    # JSON itself escapes C0 and no more; what is left stands inside strings.
    sys.stdout.write(CONTROL.sub(lambda found: f"\\u{ord(found[0]):04x}", text) + "\n")


def say_error(error: CurateError) -> None:
    """Print an error as one sentence and, below it, how to mend it."""
    out = console(stderr=True)
    out.print(f"error: {error.message}", style="red" if error.exit_code == 2 else "yellow")
    if error.remedy:
        out.print(f" help: {error.remedy}")


def number(value: int) -> str:
    """An integer with its thousands grouped."""
    return f"{value:,}"
