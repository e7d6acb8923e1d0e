"""`curate check`."""

from pathlib import Path
from tempfile import TemporaryDirectory

import click

from curate.commands.report import as_object, tell_page
from curate.report.examples import Examples, collect
from curate.report.facts import Facts, gather
from curate.report.page import write
from curate.terminal.funnel import funnel
from curate.terminal.options import json_option
from curate.terminal.output import say, say_json
from curate.terminal.progress import showing
from pipeline.curation.curated import curated_set
from pipeline.curation.recipe import Recipe
from pipeline.curation.run_stages import Curation
from pipeline.features import Features
from pipeline.features.tokens import RULES, TokenSettings
from pipeline.filters.wrong_language import WrongLanguage
from pipeline.ingest import ingest
from pipeline.near_duplicates.stage import NearDuplicate
from pipeline.store.store import Store
from schemas.errors import Finding
from schemas.progress import Progress

CURATION = Curation(
    features=Features(tokens=TokenSettings(tokenizer=RULES)),
    recipe=Recipe(
        near_duplicate=NearDuplicate(enabled=False), wrong_language=WrongLanguage(enabled=False)
    ),
)
"""The defaults without what needs a model (a check takes seconds and no torch), and without target
languages, of which a file alone knows nothing."""


@click.command()
@click.argument("paths", metavar="FILE…", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Where to write the page; FILE.report.html in the current folder by default.",
)
@json_option
def check(paths: tuple[Path, ...], output: Path | None, as_json: bool) -> None:
    """Say what is in a file of conversations and what is wrong with it; needs no workspace.

    Nothing is written but one page. Near-duplicates are not looked for: that needs a model.

    \b
    Example:
      curate check chats.csv
    """
    with showing("checking") as progress:
        facts, examples = look_at(paths, progress)
    page = output or Path(f"{_name(paths[0])}.report.html")
    size = write(page, facts, examples)
    if as_json:
        say_json(as_object(page, facts))
    else:
        say()
        for line in funnel(facts.books, list(facts.batches)):
            say(line)
        say()
        tell_page(page, size, facts)
    if facts.unreadable:
        file, why = next(iter(facts.unreadable.items()))
        raise Finding(f"{len(facts.unreadable)} file(s) could not be read: {why}", f"mend {file}")


def look_at(paths: tuple[Path, ...], progress: Progress) -> tuple[Facts, Examples]:
    """Read and judge files in a folder that is gone afterwards.

    Raises:
        UserError: a path is missing, or the only file that was named cannot be read.
    """
    with TemporaryDirectory(prefix="curate-check-") as folder:
        store = Store(Path(folder))
        done = ingest(store, list(paths), progress=progress)
        curated = curated_set(store, CURATION, progress)
        names = tuple(map(_name, paths))
        title = names[0] + (f" and {len(names) - 1} more" if len(names) > 1 else "")
        facts = gather(title, store, curated, CURATION, names, done.unreadable)
        return facts, collect(store, curated, CURATION)


def _name(path: Path) -> str:
    """What a file or folder is called; `-` is standard input."""
    return "stdin" if str(path) == "-" else path.resolve().name
