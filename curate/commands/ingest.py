"""`curate ingest`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from curate.terminal.options import LazyChoice, json_option, workspace_option
from curate.terminal.output import many, number, say, say_json
from curate.terminal.progress import showing
from curate.terminal.reading import columns_text, raise_fruitless, tell_ingest

if TYPE_CHECKING:
    from curate.report.sample import Sample

_LONGEST_TURN = 300
"""Characters of a turn that --dry-run shows."""


def _formats() -> list[str]:
    from pipeline.readers.catalogue import known_formats

    return [known.name for known in known_formats() if known.is_row]


def _list_formats(context: click.Context, _: click.Parameter, is_asked: bool) -> None:
    """Print what can be read, and stop."""
    if not is_asked:
        return
    from pipeline.readers.catalogue import known_formats

    say("Rows that are conversations (--format takes these names):")
    formats = known_formats()
    for name, what, _row in (known for known in formats if known.is_row):
        say(f"  {name:<18}{what}")
    say("Files in which conversations are spread over rows:")
    for name, what, _row in (known for known in formats if not known.is_row):
        say(f"  {name:<18}{what}")
    context.exit()


@click.command()
@click.argument("paths", metavar="PATHS…", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--format",
    "format",
    type=LazyChoice("NAME", _formats),
    help="Read every row as this format; any wrong name prints the list.",
)
@click.option(
    "--map",
    "mapping",
    metavar="PART=COLUMN,…",
    help="Name the columns yourself: user=question,assistant=answer.",
)
@click.option(
    "--me",
    "me",
    metavar="NAME",
    multiple=True,
    help="Who the assistant is in a chat of WhatsApp, Telegram, …; several: again, or NAME,NAME.",
)
@click.option(
    "--formats",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_list_formats,
    help="List the formats that are read, and stop.",
)
@click.option("--dry-run", is_flag=True, help="Show how the first records are read; write nothing.")
@workspace_option
@json_option
def ingest(
    paths: tuple[Path, ...],
    format: str | None,
    mapping: str | None,
    me: tuple[str, ...],
    dry_run: bool,
    root: Path,
    as_json: bool,
) -> None:
    """Read files of conversations into the workspace, then filter them.

    PATHS are files, folders, patterns, or - for standard input: JSON or JSON Lines, CSV, Parquet or
    Arrow, compressed or not. The format of each row is recognised by its fields.

    \b
    Example:
      curate ingest chats.jsonl more.csv.gz exports/
      curate ingest faq.csv --map user=Frage,assistant=Antwort --dry-run
      curate ingest desk.csv --map conversation=case,text=body,author=from,time=sent
      curate ingest _chat.txt result.json --me "Tonkrug Support"
    """
    from curate.commands.status import show_books
    from curate.report.sample import sample_of
    from curate.workspace import Workspace
    from schemas.errors import Finding

    workspace, columns = Workspace.at(root), parse_mapping(mapping)
    if dry_run:
        sample = sample_of(list(paths), workspace.settings.ingest, format, columns, me)
        say_json(sample.model_dump(mode="json")) if as_json else _show(sample)
        return
    with showing("reading") as progress:
        result = workspace.ingest(*paths, format=format, columns=columns, me=me, progress=progress)
    with showing("filtering") as progress:
        curated = workspace.current(progress)
    if as_json:
        say_json({**result.model_dump(mode="json"), "books": curated.books.model_dump(mode="json")})
    else:
        tell_ingest(result, is_mapped=bool(format or columns or me))
        show_books(workspace, curated)
    if result.unreadable:
        file, why = next(iter(result.unreadable.items()))
        raise Finding(
            f"{many(len(result.unreadable), 'file')} could not be read: {why}", f"correct {file}"
        )
    raise_fruitless(result, "the reasons are above; `curate ingest --formats` lists what is read")


def parse_mapping(mapping: str | None) -> dict[str, str]:
    """`user=question,assistant=answer` as a dictionary.

    Raises:
        UserError: the text does not have that form.
    """
    from schemas.errors import UserError

    if mapping is None:
        return {}
    pairs = [pair.partition("=") for pair in mapping.split(",")]
    wrong = [part for part, sign, column in pairs if not (sign and part.strip() and column.strip())]
    if wrong:
        raise UserError(
            f"--map {mapping!r} is not of the form PART=COLUMN,PART=COLUMN",
            "for example --map user=question,assistant=answer",
        )
    return {part.strip(): column.strip() for part, _, column in pairs}


def _show(sample: "Sample") -> None:
    from curate.report.life import shown_turns_of

    for file in sample.files:
        say(f"{file.name}: {file.container}")
        for record in file.records:
            say(f"  {record.source}")
            for role, whole in shown_turns_of(record.messages):
                text = whole[:_LONGEST_TURN].replace("\n", "\n      ")
                say(f"    {role}: {text}{' …' * (len(whole) > _LONGEST_TURN)}")
        for reason, count in file.refused.items():
            say(f"  {number(count)} of the first {number(file.looked_at)} rows: {reason}")
        if file.cuts:
            cuts = " · ".join(f"{kind} {number(count)}" for kind, count in file.cuts.items())
            say(f"  cut from messages, or left out: {cuts}")
        if file.left_out:
            say(f"  left out: {columns_text(file.left_out)}")
    say("Nothing was written.")
