"""`curate undo`."""

from pathlib import Path

import click

from curate.terminal.options import workspace_option
from curate.terminal.output import many, say
from curate.terminal.progress import showing


@click.command()
@click.argument("batch")
@workspace_option
def undo(batch: str, root: Path) -> None:
    """Undo a batch: an ingest, a synthesis or a review.

    The batch stays on disk, and a new small batch says that it no longer counts; `curate undo` of
    that one brings it back. A record that is also in another batch stays.

    \b
    Example:
      curate undo 0003
    """
    from curate.commands.status import show_books
    from curate.workspace import Workspace

    workspace = Workspace.at(root)
    undone = workspace.undo(batch)
    with showing("filtering") as progress:
        curated = workspace.current(progress)
    say(f"Undid {undone.batch}: {many(undone.read, 'row')} read, {many(undone.records, 'record')}.")
    show_books(workspace, curated)
