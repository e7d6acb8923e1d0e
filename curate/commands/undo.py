"""`curate undo`."""

from pathlib import Path

import click

from curate.commands.status import show_books
from curate.terminal.options import workspace_option
from curate.terminal.output import say
from curate.terminal.progress import showing
from curate.workspace import Workspace


@click.command()
@click.argument("batch")
@workspace_option
def undo(batch: str, root: Path) -> None:
    """Take a batch back: an ingest, a synthesis or a review.

    The facts stay on disk; a tombstone says that they do not count. `curate undo` of the tombstone
    brings them back. A record that another batch has seen too stays.

    \b
    Example:
      curate undo 0003
    """
    workspace = Workspace.at(root)
    taken = workspace.store.undo(batch)
    with showing("filtering") as progress:
        curated = workspace.curated(progress)
    say(f"Took back {taken.batch}: {taken.read:,} rows read, {taken.records:,} records.")
    show_books(workspace, curated)
