"""Options that several commands share, each spelled once."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])


class Number(click.FloatRange):
    """A number in a range; Click alone takes `nan`, which is neither below nor above."""

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """The number, or a usage error."""
        given = float(super().convert(value, param, ctx))
        if math.isnan(given):
            self.fail(f"{value!r} is not a number.", param, ctx)
        return given


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
