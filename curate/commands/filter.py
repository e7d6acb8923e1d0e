"""`curate filter`."""

from pathlib import Path

import click

from curate.commands.status import show_books
from curate.terminal.options import json_option, workspace_option
from curate.terminal.output import number, say, say_json
from curate.terminal.progress import showing
from curate.workspace import Workspace
from pipeline.curation.curated import changes, fates, last_fates


@click.command()
@workspace_option
@json_option
def filter(root: Path, as_json: bool) -> None:
    """Compute what is kept again, and say what changed since the last time.

    Every command does this when `curate.toml`, a decision or a batch changed; this one shows it.

    \b
    Example:
      curate filter
    """
    workspace = Workspace.at(root)
    before = last_fates(workspace.store)
    with showing("filtering") as progress:
        curated = workspace.curated(progress)
    changed = changes(before, fates(curated.kept, curated.verdicts))
    if as_json:
        say_json({"changed": changed, "books": curated.books.model_dump(mode="json")})
        return
    show_books(workspace, curated)
    if not changed:
        say("Nothing changed since the last time.")
    for words, count in changed.items():
        say(f"  {number(count):>9}  {words}")
