"""`curate synth`."""

from pathlib import Path

import click

from curate.terminal.options import json_option, workspace_option
from curate.terminal.output import number, say, say_json
from curate.terminal.progress import showing
from curate.workspace import Workspace
from pipeline.curation.gate import Gate
from pipeline.curation.splits import reserve
from pipeline.features.embed import Embedder
from pipeline.synthesis.job import preview, synthesize
from pipeline.synthesis.report import Preview, SynthReport
from schemas.errors import Finding
from schemas.progress import Progress


@click.command()
@click.option("--domain", required=True, help="The domain pack to draw from, such as support.")
@click.option("--n", "n", type=click.IntRange(1), required=True, help="Records to accept.")
@click.option(
    "--language",
    "languages",
    multiple=True,
    metavar="CODE",
    help="A language to write in; the target languages by default.",
)
@click.option("--dry-run", is_flag=True, help="Show prompts and the worst-case cost; ask nothing.")
@workspace_option
@json_option
def synth(
    domain: str, n: int, languages: tuple[str, ...], dry_run: bool, root: Path, as_json: bool
) -> None:
    """Generate until N records of a domain are accepted, within the budget.

    The model, its address and the budget stand under [synth] in curate.toml; the key is read from
    OPENAI_API_KEY or ANTHROPIC_API_KEY. A candidate is accepted when it passes every filter and is
    no near-duplicate of what is there. A killed job goes on with the same command.

    \b
    Example:
      curate synth --domain support --n 1000
      curate synth --domain support --n 50 --language de --dry-run
    """
    workspace = Workspace.at(root)
    settings = workspace.settings.synth
    languages = languages or workspace.settings.features.language.targets
    if dry_run:
        found = preview(workspace.store, domain, n, languages, settings)
        say_json(found.model_dump(mode="json")) if as_json else _tell_preview(found, n)
        return
    with showing("generating") as progress:
        report = fill(workspace, domain, n, languages, progress)
    if as_json:
        say_json({**report.model_dump(mode="json"), "accepted": report.accepted})
    else:
        tell_generated(report)
    if report.stopped_because:
        raise Finding(report.stopped_because, report.remedy or "")


def fill(
    workspace: Workspace, domain: str, n: int, languages: tuple[str, ...], progress: Progress
) -> SynthReport:
    """Generate against what is kept now; held-out records are reserved before the first."""
    curated = workspace.curated(progress)
    store, curation = workspace.store, workspace.settings.curation
    held_out = reserve(store, curated.kept, curation, workspace.settings.splits)
    embedder = Embedder(curation.features.embedding, store.cache_dir)
    gate = Gate(store, curated, held_out, curation, embedder)
    settings = workspace.settings.synth
    return synthesize(store, domain, n, languages, settings, gate, progress)


def tell_generated(report: SynthReport) -> None:
    """Print where each request went, and what it cost."""
    books = report.books
    say(
        f"Accepted {number(report.accepted)} of {number(report.asked)} asked for,"
        f" for ${report.micro_dollars / 1e6:,.2f} ({report.price})"
    )
    refused = " · ".join(f"{r.replace('_', ' ')} {number(n)}" for r, n in books.rejected.items())
    failed = " · ".join(f"{r.replace('_', ' ')} {number(n)}" for r, n in books.failed.items())
    if refused:
        say(f"  not accepted: {refused}")
    if failed:
        say(f"  failed: {failed}")
    if books.spare:
        say(f"  spare for the next order: {number(books.spare)}")
    if report.reserved:
        say(f"  in doubt at a kill, counted as paid: ${report.reserved / 1e6:,.2f}")


def _tell_preview(found: Preview, n: int) -> None:
    for prompt in found.prompts:
        say(prompt)
        say("─" * 72)
    worst = found.worst_micro_dollars / 1e6
    say(f"{number(n)} answers cost at most ${worst:,.2f} ({found.price}); nothing was sent.")
