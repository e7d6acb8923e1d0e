"""`curate explain`."""

from pathlib import Path

import click

from curate.life import conversation, find, life
from curate.options import json_option, workspace_option
from curate.output import say, say_json
from curate.workspace import Workspace
from schemas.errors import UserError
from schemas.reasons import Reason, Rejection


@click.command()
@click.argument("id", metavar="[ID]", required=False)
@click.option("--reason", metavar="NAME", help="Show the manual of a reason instead.")
@workspace_option
@json_option
def explain(id: str | None, reason: str | None, root: Path, as_json: bool) -> None:
    """Show one record's life so far: where from, every verdict, its twin, reviews, split, run.

    The beginning of the id is enough.

    \b
    Example:
      curate explain 3f9a
      curate explain --reason short_reply
    """
    if reason is not None:
        text = manual(reason)
        say_json({"reason": reason, "manual": text}) if as_json else say(f"{reason}: {text}")
        return
    if id is None:
        raise UserError("name a record or a reason", "curate explain 3f9a, or --reason NAME")
    workspace = Workspace.at(root)
    record = find(workspace, id)
    lines = life(workspace, workspace.curated(), record)
    if as_json:
        turns = [{"role": role, "content": text} for role, text in conversation(record)]
        say_json({"id": record["id"], "messages": turns, "life": lines})
        return
    say(f"record {record['id']}")
    for role, text in conversation(record):
        say()
        say(f"  {role}", style="bold")
        say("\n".join(f"    {line}" for line in (text or "(says nothing)").splitlines()))
    say()
    for line in lines:
        say(f"  · {line}")


def manual(name: str) -> str:
    """What a reason means; raises `UserError` for one that does not exist."""
    documented = {member.value: member.manual for kind in (Rejection, Reason) for member in kind}
    if name not in documented:
        raise UserError(f"there is no reason {name!r}", f"one of: {', '.join(documented)}")
    return documented[name]
