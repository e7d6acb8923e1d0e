"""`curate report`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from curate.terminal.options import FILE_PATH, json_option, workspace_option
from curate.terminal.output import many, number, say, say_json
from curate.terminal.progress import showing

if TYPE_CHECKING:
    from curate.report.facts import Facts


@click.command()
@workspace_option
@json_option
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    type=FILE_PATH,
    help="Where to write the page; curated/report.html by default.",
)
@click.option("--open", "opened", is_flag=True, help="Open the page in a browser.")
@click.option("--no-examples", is_flag=True, help="Leave out all texts of records.")
def report(root: Path, as_json: bool, output: Path | None, opened: bool, no_examples: bool) -> None:
    """Write one HTML page with findings, counts, charts and examples.

    The page is a single file that loads nothing and runs no script.

    \b
    Example:
      curate report --open
      curate report --no-examples -o for-the-board.html
    """
    from curate.report.page import write_report
    from curate.workspace import Workspace

    workspace = Workspace.at(root)
    page = output or workspace.store.report_path
    with showing("filtering") as progress:
        curated = workspace.current(progress)
        facts = write_report(
            page, workspace.store, workspace.settings, curated, examples=not no_examples
        )
    if as_json:
        say_json(page_as_object(page, facts))
    else:
        tell_page(page, facts)
    if opened:
        click.launch(str(page.resolve()))


def page_as_object(page: Path, facts: "Facts") -> dict[str, object]:
    """The numbers of a page, its findings, and the path of its file."""
    from curate.report.findings import findings

    remarks = [remark.model_dump(mode="json") for remark in findings(facts)]
    return {"page": str(page), "findings": remarks, **facts.model_dump(mode="json")}


def tell_page(page: Path, facts: "Facts") -> None:
    """Print the findings, and the path of the page."""
    from curate.report.findings import findings

    remarks = findings(facts)
    for remark in remarks:
        say(f"{remark.mark} {remark.text}")
        if remark.command:
            say(f"  {remark.command}")
    count = many(len(remarks), "finding") if remarks else "no findings"
    kilobytes = -(-page.stat().st_size // 1000)
    say(f"Wrote {page} ({number(kilobytes)} kB, {count}).")
