"""`curate report`."""

from pathlib import Path

import click

from curate.report.examples import Examples, collect
from curate.report.facts import Facts, gather
from curate.report.findings import findings
from curate.report.page import write
from curate.terminal.options import json_option, workspace_option
from curate.terminal.output import number, say, say_json
from curate.terminal.progress import showing
from curate.workspace import Workspace


@click.command()
@workspace_option
@json_option
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Where to write the page; curated/report.html by default.",
)
@click.option("--open", "opened", is_flag=True, help="Open the page in the browser.")
@click.option("--no-examples", is_flag=True, help="Show no text of any record.")
def report(root: Path, as_json: bool, output: Path | None, opened: bool, no_examples: bool) -> None:
    """Write all of it on one page that loads nothing: the books, findings, charts and examples.

    \b
    Example:
      curate report --open
      curate report --no-examples -o for-the-board.html
    """
    workspace = Workspace.at(root)
    with showing("filtering") as progress:
        curated = workspace.curated(progress)
    store, curation = workspace.store, workspace.settings.curation
    facts = gather(root.resolve().name, store, curated, curation)
    examples = Examples() if no_examples else collect(store, curated, curation)
    page = output or store.curated_dir / "report.html"
    size = write(page, facts, examples)
    if as_json:
        say_json(as_object(page, facts))
    else:
        tell_page(page, size, facts)
    if opened:
        click.launch(str(page.resolve()))


def as_object(page: Path, facts: Facts) -> dict[str, object]:
    """The numbers of a page, its findings, and where it stands."""
    found = [remark.model_dump(mode="json") for remark in findings(facts)]
    return {"page": str(page), "findings": found, **facts.model_dump(mode="json")}


def tell_page(page: Path, size: int, facts: Facts) -> None:
    """Print the findings, and where the page stands."""
    found = findings(facts)
    for remark in found:
        say(f"{'✗' if remark.level == 'red' else '!'} {remark.text}")
        if remark.command:
            say(f"  {remark.command}")
    many = f"{number(len(found))} finding{'s' * (len(found) != 1)}" if found else "no findings"
    say(f"Wrote {page} ({number(-(-size // 1000))} kB, {many}).")
