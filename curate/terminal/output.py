"""What commands print: results on standard output, everything else on standard error.

Importing this costs nothing: rich is imported when the first line is printed.
"""

import json
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console

    from schemas.errors import CurateError


def console(stderr: bool = False) -> "Console":
    """A console that knows about terminals, pipes and NO_COLOR; text is never markup."""
    from curate.terminal.printer import Printer

    return Printer(stderr=stderr, highlight=False, markup=False, soft_wrap=True)


def say(text: str = "", style: str | None = None) -> None:
    """Print a line of the result."""
    console().print(text, style=style)


def note(text: str) -> None:
    """Print a remark beside the result, on standard error."""
    console(stderr=True).print(f"note: {text}")


def say_json(value: Any) -> None:
    """Print one JSON object, the only thing on standard output."""
    from curate.terminal.printer import CONTROL

    text = json.dumps(value, ensure_ascii=False, indent=2, default=str)
    # JSON itself escapes only C0; other control characters can only be inside strings.
    sys.stdout.write(CONTROL.sub(lambda sign: f"\\u{ord(sign[0]):04x}", text) + "\n")


def say_error(error: "CurateError") -> None:
    """Print an error as one sentence and, below it, what to do about it."""
    out = console(stderr=True)
    out.print(f"error: {error.message}", style="red" if error.exit_code == 2 else "yellow")
    if error.remedy:
        out.print(f" help: {error.remedy}")


def number(value: int) -> str:
    """An integer with its thousands grouped."""
    return f"{value:,}"


def many(count: int, noun: str) -> str:
    """A count with its noun: `1 file`, `2,000 files`."""
    return f"{count:,} {noun}{'s' * (count != 1)}"
