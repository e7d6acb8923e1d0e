"""`curate filter`."""

from pathlib import Path

import click

from curate.terminal.options import json_option, workspace_option
from curate.terminal.output import number, say, say_json
from curate.terminal.progress import showing


@click.command()
@workspace_option
@json_option
def filter(root: Path, as_json: bool) -> None:
    """Filter the records and show what changed since the last time.

    Every command filters first if curate.toml, a decision or a batch has changed; this one shows
    the effect.

    \b
    Example:
      curate filter
    """
    from curate.commands.status import show_books
    from curate.workspace import Workspace
    from pipeline.curation.curated import changes, fates, last_fates

    workspace = Workspace.at(root)
    before = last_fates(workspace.store)
    with showing("filtering") as progress:
        curated = workspace.current(progress)
    changed = changes(before, fates(curated.kept, curated.verdicts))
    if as_json:
        say_json({"changed": changed, "books": curated.books.model_dump(mode="json")})
        return
    show_books(workspace, curated)
    if not changed:
        say("Nothing has changed since the last time.")
    for change, count in changed.items():
        say(f"  {number(count):>9}  {change}")
