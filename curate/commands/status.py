"""`curate status`."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from curate.terminal.options import json_option, workspace_option
from curate.terminal.output import number, say, say_json
from curate.terminal.progress import showing

if TYPE_CHECKING:
    from curate.workspace import Workspace
    from pipeline.curation.curated import Curated


@click.command()
@workspace_option
@json_option
@click.option(
    "--check",
    is_flag=True,
    help="Exit with 1 if a target language has fewer records than the alarm.",
)
def status(root: Path, as_json: bool, check: bool) -> None:
    """Show where every row went, what each language still needs, and what to do next.

    \b
    Example:
      curate status --json
    """
    from curate.workspace import Workspace
    from pipeline.curation.coverage import coverage
    from schemas.errors import Finding

    workspace = Workspace.at(root)
    with showing("filtering") as progress:
        curated = workspace.current(progress)
    if as_json:
        say_json(status_as_object(workspace, curated))
    else:
        show_books(workspace, curated)
        show_coverage(workspace, curated)
        show_next(workspace, curated)
    languages = coverage(curated.kept, workspace.settings.features.language)
    alarms = [code for code, language in languages.items() if language.alarm]
    if check and alarms:
        raise Finding(
            f"too few records in {', '.join(alarms)}", "`curate status` shows how many are missing"
        )


def status_as_object(workspace: "Workspace", curated: "Curated") -> dict[str, Any]:
    """The books, coverage and next steps, for scripts."""
    from curate.report.next_steps import next_steps
    from pipeline.curation.coverage import coverage
    from pipeline.synthesis.job import synth_books

    languages = coverage(curated.kept, workspace.settings.features.language)
    steps = next_steps(workspace.store, workspace.settings, curated)
    return {
        **curated.books.model_dump(mode="json"),
        "synth": synth_books(workspace.store),
        "coverage": {
            code: language.model_dump(mode="json") for code, language in languages.items()
        },
        "decisions": len(workspace.store.decisions()),
        "next": [command for command, _ in steps],
    }


def show_books(workspace: "Workspace", curated: "Curated") -> None:
    """Print where every row went, the files with rejected rows, and the flags of kept records."""
    from curate.terminal.funnel import funnel
    from pipeline.audit.calibration.thresholds import unfit

    batches = workspace.store.live_batches()
    say()
    for line in funnel(curated.books, batches):
        say(line)
    say()
    files = [f"records/{batch.batch}.rejected.jsonl" for batch in batches if batch.rejected]
    if files:
        say(f"  rejected rows           {' · '.join(files)}")
    if curated.books.flagged:
        flags = " · ".join(f"{r.replace('_', ' ')} {n}" for r, n in curated.books.flagged.items())
        say(f"  flagged, kept           {flags}")
    warning = unfit(workspace.store, workspace.settings.curation)
    if warning:
        say(f"  ⚠ {warning}")
    tell_personal_data(workspace, curated)
    say()


def tell_personal_data(workspace: "Workspace", curated: "Curated") -> None:
    """Print how many kept records hold personal data, with the setting that masks it."""
    from curate.report.findings import MASK_PERSONAL_DATA, unmasked_personal_data

    settings = workspace.settings.curation.model_dump(mode="json")
    if warning := unmasked_personal_data(curated.books, settings):
        say(f"  ⚠ {warning}; to mask it, set in curate.toml: {MASK_PERSONAL_DATA}")


def show_coverage(workspace: "Workspace", curated: "Curated") -> None:
    """Print how many records each target language has, and how many it still needs."""
    from curate.terminal.funnel import bar
    from pipeline.curation.coverage import coverage

    settings = workspace.settings.features.language
    for code, language in coverage(curated.kept, settings).items():
        gap = f"needs {number(language.missing)} more" if language.missing else ""
        alarm = f"⚠ below {settings.alarm}" if language.alarm else ""
        filled = bar(min(language.records, settings.minimum), settings.minimum, 16)
        say(f"  {code:<24}{number(language.records):>9}  {filled:<16}  {gap:<16}{alarm}".rstrip())
    others = {
        code: count
        for code, count in curated.books.languages.items()
        if code not in settings.targets
    }
    if others:
        say("  other languages         " + " · ".join(f"{c} {n}" for c, n in others.items()))
    domains = " · ".join(f"{name} {number(n)}" for name, n in curated.books.domains.items())
    origins = " · ".join(f"{name} {number(n)}" for name, n in curated.books.origins.items())
    say(f"  domains                 {domains or 'none yet'}")
    say(f"  origins                 {origins or 'none yet'}")
    say(f"  decisions of reviewers  {len(workspace.store.decisions())}")
    say()


def show_next(workspace: "Workspace", curated: "Curated") -> None:
    """Print the commands to run next."""
    from curate.report.next_steps import next_steps

    steps = next_steps(workspace.store, workspace.settings, curated)
    for place, (command, why) in enumerate(steps):
        say(f"{'next:' if not place else '     '} {command:<52} {why}")
