"""Options that several commands share, each spelled once."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])


def workspace_option(command: F) -> F:
    """`-C DIR`: the workspace, the current folder by default."""
    return click.option(
        "-C",
        "root",
        metavar="DIR",
        type=click.Path(path_type=Path, file_okay=False),
        default=Path(),
        help="The workspace; the current folder by default.",
    )(command)


def json_option(command: F) -> F:
    """`--json`: one object for scripts, nothing else on standard output."""
    return click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")(command)


def yes_option(command: F) -> F:
    """`--yes`: answer every question with yes."""
    return click.option("--yes", is_flag=True, help="Do not ask; answer yes.")(command)
