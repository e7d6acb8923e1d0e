"""`curate synth`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from curate.terminal.options import json_option, workspace_option
from curate.terminal.output import number, say, say_json
from curate.terminal.progress import showing

if TYPE_CHECKING:
    from pipeline.synthesis.report import Preview, SynthReport


@click.command()
@click.option(
    "--domain", required=True, help="The domain pack (its topics and prompts), such as support."
)
@click.option("--n", "n", type=click.IntRange(1), required=True, help="How many records to accept.")
@click.option(
    "--language",
    "languages",
    multiple=True,
    metavar="CODE",
    help="A language to write in; may be repeated. Default: the target languages.",
)
@click.option(
    "--dry-run", is_flag=True, help="Show the prompts and the highest possible cost; send nothing."
)
@workspace_option
@json_option
def synth(
    domain: str, n: int, languages: tuple[str, ...], dry_run: bool, root: Path, as_json: bool
) -> None:
    """Generate conversations until N more are accepted, within the budget.

    The model, its address and the budget are set under [synth] in curate.toml; the key is read from
    OPENAI_API_KEY or ANTHROPIC_API_KEY. A conversation is accepted if it passes every filter and is
    not a near-duplicate of a kept record. To resume a job that was stopped, run the same command.

    \b
    Example:
      curate synth --domain support --n 1000
      curate synth --domain support --n 50 --language de --dry-run
    """
    from curate.workspace import Workspace
    from schemas.errors import Finding

    workspace = Workspace.at(root)
    if dry_run:
        preview = workspace.preview_synthesis(domain, n, languages)
        say_json(preview.model_dump(mode="json")) if as_json else _tell_preview(preview, n)
        return
    with showing("generating") as progress:
        report = workspace.synthesize(domain, n, languages, progress)
    if as_json:
        say_json({**report.model_dump(mode="json"), "accepted": report.accepted})
    else:
        tell_generated(report)
    if report.stopped_because:
        raise Finding(report.stopped_because, report.remedy or "")


def tell_generated(report: "SynthReport") -> None:
    """Print what became of the requests, and what they cost."""
    books = report.books
    say(
        f"Accepted {number(report.accepted)} of {number(report.asked)} asked for,"
        f" for ${report.micro_dollars / 1e6:,.2f} ({report.price})"
    )
    if books.rejected:
        say(f"  rejected: {_counts(books.rejected)}")
    if books.failed:
        say(f"  failed: {_counts(books.failed)}")
    if books.spare:
        say(f"  left over for the next job: {number(books.spare)}")
    if report.reserved:
        say(
            f"  ${report.reserved / 1e6:,.2f} counted for requests that were open when curate was"
            " stopped, since they may have been paid"
        )


def _counts(counts: dict[str, int]) -> str:
    return " · ".join(f"{name.replace('_', ' ')} {number(n)}" for name, n in counts.items())


def _tell_preview(preview: "Preview", n: int) -> None:
    for prompt in preview.prompts:
        say(prompt)
        say("─" * 72)
    worst = preview.worst_micro_dollars / 1e6
    say(f"{number(n)} answers cost at most ${worst:,.2f} ({preview.price}); nothing was sent.")
