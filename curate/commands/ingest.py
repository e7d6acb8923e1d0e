"""`curate ingest`."""

from pathlib import Path

import click

from curate.commands.status import show_books
from curate.report.sample import Sample, sample_of
from curate.terminal.options import json_option, workspace_option
from curate.terminal.output import console, number, say, say_json
from curate.terminal.progress import showing
from curate.workspace import Workspace
from pipeline.ingest import Ingested
from pipeline.ingest import ingest as read
from pipeline.readers.formats import FORMATS
from pipeline.readers.formats.mapped import check_mapping
from pipeline.readers.reading import Reading
from schemas.errors import Finding, UserError

LONGEST = 300
"""Characters of a turn that --dry-run shows."""


@click.command()
@click.argument("paths", metavar="PATHS…", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--format", "format", type=click.Choice(list(FORMATS)), help="Read every row so.")
@click.option(
    "--map",
    "mapping",
    metavar="PART=COLUMN,…",
    help="Which columns hold what: user=question,assistant=answer.",
)
@click.option("--dry-run", is_flag=True, help="Show three records as they will be read; no more.")
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
    workspace = Workspace.at(root)
    reading = Reading(format=format, mapping=parsed(mapping))
    if dry_run:
        sample = sample_of(list(paths), workspace.settings.ingest, reading)
        say_json(sample.model_dump(mode="json")) if as_json else _show(sample)
        return
    with showing("reading") as progress:
        done = read(workspace.store, list(paths), workspace.settings.ingest, reading, progress)
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


def parsed(mapping: str | None) -> dict[str, str]:
    """`user=question,assistant=answer` as a mapping.

    Raises:
        UserError: it is not of that form, or names what there is not.
    """
    if mapping is None:
        return {}
    pairs = [pair.partition("=") for pair in mapping.split(",")]
    wrong = [part for part, sign, column in pairs if not (sign and part.strip() and column.strip())]
    if wrong:
        raise UserError(
            f"--map {mapping!r} is not of the form PART=COLUMN,PART=COLUMN",
            "such as --map user=question,assistant=answer",
        )
    found = {part.strip(): column.strip() for part, _, column in pairs}
    if "conversation" not in found:  # else of a message a row, which the reader checks
        check_mapping(found)
    return found


def _show(sample: Sample) -> None:
    for file in sample.files:
        say(f"{file.name}: {file.container}")
        for record in file.records:
            say(f"  {record.source}")
            for turn in record.messages:
                said = turn.text[:LONGEST].replace("\n", "\n      ")
                say(f"    {turn.role}: {said}{' …' * (len(turn.text) > LONGEST)}")
        for reason, count in file.refused.items():
            say(f"  {number(count)} of the first {number(file.looked_at)} rows: {reason}")
    say("Nothing was written.")


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
    if done.batch.cuts:
        cuts = " · ".join(f"{kind} {number(n)}" for kind, n in done.batch.cuts.items())
        say(f"  cut from messages, or left out: {cuts}")
    if done.batch.rejected:
        rejected = sum(done.batch.rejected.values())
        console(stderr=True).print(
            f"note: {number(rejected)} rows could not be records; each stands with its line and"
            f" reason in records/{done.batch.batch}.rejected.jsonl"
        )
