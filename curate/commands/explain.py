"""`curate explain`."""

from pathlib import Path
from typing import Any

import click

from curate.report.life import conversation, find, life, with_reason
from curate.terminal.options import json_option, workspace_option
from curate.terminal.output import say, say_json
from curate.workspace import Workspace
from schemas.errors import UserError
from schemas.reasons import Reason, Rejection


@click.command()
@click.argument("id", metavar="[ID]", required=False)
@click.option("--reason", metavar="NAME", help="Show the manual of a reason instead.")
@click.option("--drop", metavar="NAME", help="Show records with that reason instead.")
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
    """Show one record's life so far: where from, every verdict, its twin, reviews, split, run.

    The beginning of the id is enough.

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
    workspace = Workspace.at(root)
    curated = workspace.curated()
    if drop is not None:
        manual(drop)
        records = [find(workspace, id) for id in with_reason(curated, drop, count)]
    elif id is not None:
        records = [find(workspace, id)]
    else:
        raise UserError("name a record or a reason", "curate explain 3f9a, or --reason NAME")
    told = [(record, life(workspace, curated, record)) for record in records]
    if as_json:
        lives = [as_object(record, lines) for record, lines in told]
        say_json({"records": lives} if drop is not None else lives[0])
        return
    for record, lines in told:
        _tell(record, lines)
    if not told:
        say(f"No record has the reason {drop}.")


def as_object(record: dict[str, Any], lines: list[str]) -> dict[str, Any]:
    """A record's conversation and life for scripts."""
    turns = [{"role": role, "content": text} for role, text in conversation(record)]
    return {"id": record["id"], "messages": turns, "life": lines}


def _tell(record: dict[str, Any], lines: list[str]) -> None:
    say(f"record {record['id']}")
    for role, text in conversation(record):
        say()
        say(f"  {role}", style="bold")
        say("\n".join(f"    {line}" for line in (text or "(says nothing)").splitlines()))
    say()
    for line in lines:
        say(f"  · {line}")
    say()


def manual(name: str) -> str:
    """What a reason means; raises `UserError` for one that does not exist."""
    documented = {member.value: member.manual for kind in (Rejection, Reason) for member in kind}
    if name not in documented:
        raise UserError(f"there is no reason {name!r}", f"one of: {', '.join(documented)}")
    return documented[name]
