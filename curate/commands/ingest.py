"""`curate ingest`."""

from pathlib import Path

import click

from curate.commands.status import show_books
from curate.options import json_option, workspace_option
from curate.output import console, number, say, say_json
from curate.progress import showing
from curate.workspace import Workspace
from pipeline.ingest import Ingested
from pipeline.ingest import ingest as read
from schemas.errors import Finding


@click.command()
@click.argument("paths", metavar="PATHS…", nargs=-1, required=True, type=click.Path(path_type=Path))
@workspace_option
@json_option
def ingest(paths: tuple[Path, ...], root: Path, as_json: bool) -> None:
    """Read files of conversations into the workspace, validate and filter them.

    Files and folders of JSON Lines, JSON or CSV; OpenAI messages, ShareGPT, Alpaca, or question and
    answer columns. What a file holds is found by looking at it.

    \b
    Example:
      curate ingest chats.jsonl more.csv
    """
    workspace = Workspace.at(root)
    with showing("reading") as progress:
        done = read(workspace.store, list(paths), progress)
    with showing("filtering") as progress:
        curated = workspace.curated(progress)
    if as_json:
        say_json({**done.model_dump(mode="json"), "books": curated.books.model_dump(mode="json")})
    else:
        _tell(done)
        show_books(workspace, curated)
    if done.unreadable:
        file, why = next(iter(done.unreadable.items()))
        raise Finding(f"{len(done.unreadable)} file(s) could not be read: {why}", f"mend {file}")


def _tell(done: Ingested) -> None:
    for file in done.known:
        say(f"Skipped {file}: its very bytes were read before.")
    if done.batch is None:
        say("Nothing new was read.")
        return
    files = len(done.batch.files)
    say(
        f"Read {number(done.batch.read)} rows of {files} file{'s' * (files != 1)}:"
        f" {number(done.batch.records)} new records."
    )
    if done.batch.rejected:
        rejected = sum(done.batch.rejected.values())
        console(stderr=True).print(
            f"note: {number(rejected)} rows could not be records; each stands with its line and"
            f" reason in records/{done.batch.batch}.rejected.jsonl"
        )
