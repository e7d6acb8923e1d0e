"""`curate check`."""

from pathlib import Path

import click

from curate.terminal.options import FILE_PATH, json_option
from curate.terminal.output import many, say, say_json
from curate.terminal.progress import showing
from curate.terminal.reading import raise_fruitless, tell_details


@click.command()
@click.argument("paths", metavar="FILE…", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    type=FILE_PATH,
    help="Where to write the page; FILE.report.html in the current folder by default.",
)
@json_option
def check(paths: tuple[Path, ...], output: Path | None, as_json: bool) -> None:
    """Show what is in a file of conversations and what is wrong with it; needs no workspace.

    One HTML page is written, and nothing else. Near-duplicates are not searched for, since that
    needs a model.

    \b
    Example:
      curate check chats.csv
    """
    from curate.checking import check_files, file_title
    from curate.commands.report import page_as_object, tell_page
    from curate.terminal.funnel import funnel
    from schemas.errors import Finding

    with showing("checking") as progress:
        checked = check_files(paths, progress)
    page = checked.report(output or Path(f"{file_title(paths[0])}.report.html"))
    if as_json:
        say_json(page_as_object(page, checked.facts))
    else:
        say()
        for line in funnel(checked.books, list(checked.facts.batches)):
            say(line)
        tell_details(checked.ingested)
        say()
        tell_page(page, checked.facts)
    unreadable = checked.facts.unreadable
    if unreadable:
        file, why = next(iter(unreadable.items()))
        raise Finding(
            f"{many(len(unreadable), 'file')} could not be read: {why}", f"correct {file}"
        )
    raise_fruitless(checked.ingested, "read it with `curate ingest`, which takes --map and --me")
