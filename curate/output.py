"""What commands print: results on standard output, everything else on standard error."""

import json
import sys
from typing import Any

from rich.console import Console

from schemas.errors import CurateError


def console(stderr: bool = False) -> Console:
    """A console that knows about terminals, pipes and NO_COLOR; text is never markup."""
    return Console(stderr=stderr, highlight=False, markup=False, soft_wrap=True)


def say(text: str = "", style: str | None = None) -> None:
    """Print a line of the result."""
    console().print(text, style=style)


def say_json(value: Any) -> None:
    """Print one JSON object, the only thing on standard output."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2, default=str) + "\n")


def say_error(error: CurateError) -> None:
    """Print an error as one sentence and, below it, how to mend it."""
    out = console(stderr=True)
    out.print(f"error: {error.message}", style="red" if error.exit_code == 2 else "yellow")
    if error.remedy:
        out.print(f" help: {error.remedy}")


def number(value: int) -> str:
    """An integer with its thousands grouped."""
    return f"{value:,}"
