"""`curate ingest`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from curate.terminal.options import LazyChoice, json_option, workspace_option
from curate.terminal.output import many, note, number, say, say_json
from curate.terminal.progress import showing

if TYPE_CHECKING:
    from curate.report.sample import Sample
    from pipeline.ingest import Ingested

LONGEST = 300
"""Characters of a turn that --dry-run shows."""


def _formats() -> list[str]:
    from pipeline.readers.formats import FORMATS

    return list(FORMATS)


@click.command()
@click.argument("paths", metavar="PATHS…", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--format",
    "format",
    type=LazyChoice("NAME", _formats),
    help="Read every row as this format; a wrong name lists all.",
)
@click.option(
    "--map",
    "mapping",
    metavar="PART=COLUMN,…",
    help="Which columns hold what: user=question,assistant=answer.",
)
@click.option("--dry-run", is_flag=True, help="Show how the first records are read; write nothing.")
@workspace_option
@json_option
def ingest(
    paths: tuple[Path, ...],
    format: str | None,
    mapping: str | None,
    dry_run: bool,
    root: Path,
    as_json: bool,
) -> None:
    """Read files of conversations into the workspace, validate and filter them.

    Files, folders, patterns, or - for standard input: JSON in any layout, CSV, Parquet, Arrow,
    packed or not. What a file holds is found by looking at it, row by row.

    \b
    Example:
      curate ingest chats.jsonl more.csv.gz exports/
      curate ingest faq.csv --map user=Frage,assistant=Antwort --dry-run
      curate ingest desk.csv --map conversation=case,text=body,author=from,time=sent
    """
    from curate.commands.status import show_books
    from curate.report.sample import sample_of
    from curate.workspace import Workspace
    from schemas.errors import Finding

    workspace, columns = Workspace.at(root), parsed(mapping)
    if dry_run:
        sample = sample_of(list(paths), workspace.settings.ingest, format, columns)
        say_json(sample.model_dump(mode="json")) if as_json else _show(sample)
        return
    with showing("reading") as progress:
        done = workspace.ingest(*paths, format=format, columns=columns, progress=progress)
    with showing("filtering") as progress:
        curated = workspace.current(progress)
    if as_json:
        say_json({**done.model_dump(mode="json"), "books": curated.books.model_dump(mode="json")})
    else:
        _tell(done)
        show_books(workspace, curated)
    if done.unreadable:
        file, why = next(iter(done.unreadable.items()))
        raise Finding(
            f"{many(len(done.unreadable), 'file')} could not be read: {why}", f"mend {file}"
        )


def parsed(mapping: str | None) -> dict[str, str]:
    """`user=question,assistant=answer` as a mapping.

    Raises:
        UserError: it is not of that form.
    """
    from schemas.errors import UserError

    if mapping is None:
        return {}
    pairs = [pair.partition("=") for pair in mapping.split(",")]
    wrong = [part for part, sign, column in pairs if not (sign and part.strip() and column.strip())]
    if wrong:
        raise UserError(
            f"--map {mapping!r} is not of the form PART=COLUMN,PART=COLUMN",
            "such as --map user=question,assistant=answer",
        )
    return {part.strip(): column.strip() for part, _, column in pairs}


def _show(sample: "Sample") -> None:
    for file in sample.files:
        say(f"{file.name}: {file.container}")
        for record in file.records:
            say(f"  {record.source}")
            for turn in record.messages:
                text = turn.text[:LONGEST].replace("\n", "\n      ")
                say(f"    {turn.role}: {text}{' …' * (len(turn.text) > LONGEST)}")
        for reason, count in file.refused.items():
            say(f"  {number(count)} of the first {number(file.looked_at)} rows: {reason}")
    say("Nothing was written.")


def _tell(done: "Ingested") -> None:
    for file in done.known:
        say(f"Skipped {file}: already ingested (same contents).")
    if done.batch is None:
        say("No new file was read.")
        return
    say(
        f"Read {many(done.batch.read, 'row')} from {many(len(done.batch.files), 'file')}:"
        f" {many(done.batch.records, 'new record')}."
    )
    if done.batch.cuts:
        cuts = " · ".join(f"{kind} {number(n)}" for kind, n in done.batch.cuts.items())
        say(f"  cut from messages or left out: {cuts}")
    if done.batch.rejected:
        rejected = sum(done.batch.rejected.values())
        note(
            f"{many(rejected, 'row')} could not become a record; see"
            f" records/{done.batch.batch}.rejected.jsonl for the line and reason of each"
        )
