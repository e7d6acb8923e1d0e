"""`curate explain`."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from curate.terminal.options import json_option, workspace_option
from curate.terminal.output import say, say_json

if TYPE_CHECKING:
    from curate.report.life import Life


@click.command()
@click.argument("id", metavar="[ID]", required=False)
@click.option(
    "--reason", metavar="NAME", help="Explain a reason instead: what it means and what to do."
)
@click.option("--drop", metavar="NAME", help="Show some records with this reason instead.")
@click.option(
    "-n",
    "count",
    type=click.IntRange(min=1),
    default=5,
    show_default=True,
    help="With --drop: how many.",
)
@workspace_option
@json_option
def explain(
    id: str | None, reason: str | None, drop: str | None, count: int, root: Path, as_json: bool
) -> None:
    """Show the history of one record: where it is from, every verdict, reviews and training.

    The beginning of its id is enough.

    \b
    Example:
      curate explain 3f9a
      curate explain --reason short_reply
      curate explain --drop near_duplicate -n 10
    """
    if reason is not None:
        text = manual(reason)
        say_json({"reason": reason, "manual": text}) if as_json else say(f"{reason}: {text}")
        return
    lives = _lives(root, id, drop, count)
    if as_json:
        say_json(
            {"records": list(map(life_as_object, lives))} if drop else life_as_object(lives[0])
        )
        return
    for life in lives:
        _tell(life)
    if not lives:
        say(f"No record has the reason {drop}; rejected rows are in records/*.rejected.jsonl.")


def _lives(root: Path, id: str | None, drop: str | None, count: int) -> list["Life"]:
    from curate.report.life import Lives
    from curate.workspace import Workspace
    from schemas.errors import UserError

    workspace = Workspace.at(root)
    lives = Lives(workspace.store, workspace.current())
    if drop is not None:
        manual(drop)
        return [lives.of(lives.find(id)) for id in lives.with_reason(drop, count)]
    if id is None:
        raise UserError(
            "no record and no reason is named",
            "use `curate explain ID` or `curate explain --reason NAME`",
        )
    return [lives.of(lives.find(id))]


def life_as_object(life: "Life") -> dict[str, Any]:
    """A record's conversation and history, for scripts."""
    turns = [{"role": role, "content": text} for role, text in life.messages]
    return {"id": life.id, "messages": turns, "life": list(life.events)}


def _tell(life: "Life") -> None:
    roles = {f"  {role}" for role, _ in life.messages}
    for line in str(life).splitlines():
        say(line, style="bold" if line in roles else None)
    say()


def manual(name: str) -> str:
    """What a reason means; raises `UserError` for one that does not exist."""
    from schemas.errors import UserError
    from schemas.reasons import Reason, Rejection

    manuals = {member.value: member.manual for kind in (Rejection, Reason) for member in kind}
    if name not in manuals:
        raise UserError(f"there is no reason {name!r}", f"use one of: {', '.join(manuals)}")
    return manuals[name]
