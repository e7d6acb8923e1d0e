"""Options that several commands share, each spelled once."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])

FILE_PATH = click.Path(path_type=Path, dir_okay=False)


class Number(click.FloatRange):
    """A number in a range; Click alone would accept `nan`, which is in no range."""

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """The number, or a usage error."""
        number = float(super().convert(value, param, ctx))
        if math.isnan(number):
            self.fail(f"{value!r} is not a number.", param, ctx)
        return number


class LazyChoice(click.ParamType[str]):
    """One of some names that are looked up when one is given, so that `--help` stays quick."""

    def __init__(self, name: str, choices: Callable[[], list[str]]) -> None:
        """Take one of `choices()`; `name` is what stands for it in help."""
        self.name = name
        self._choices = choices

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The name, or a usage error that lists all of them."""
        choices = self._choices()
        if value not in choices:
            self.fail(f"{value!r} is not one of {', '.join(choices)}.", param, ctx)
        return str(value)


def workspace_option(command: F) -> F:
    """`-C DIR`: the workspace, by default the current folder; before the command too, as in git."""
    return click.option(
        "-C",
        "root",
        metavar="DIR",
        type=click.Path(path_type=Path, file_okay=False),
        callback=_below_the_groups,
        help="The workspace; the current folder by default.",
    )(command)


def _below_the_groups(ctx: click.Context, param: click.Parameter, value: Path | None) -> Path:
    """`curate -C a COMMAND -C b` means a/b, as in git; an absolute path stands alone."""
    before: Path = ctx.find_root().params.get("directory") or Path()
    return before / value if value else before


def json_option(command: F) -> F:
    """`--json`: one object for scripts, nothing else on standard output."""
    return click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")(command)


def yes_option(command: F) -> F:
    """`--yes`: answer every question with yes."""
    return click.option("--yes", is_flag=True, help="Do not ask; answer yes.")(command)
