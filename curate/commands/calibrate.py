"""`curate calibrate`."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from curate.terminal.options import (
    FILE_PATH,
    Number,
    json_option,
    workspace_option,
    yes_option,
)
from curate.terminal.output import say, say_json
from curate.terminal.progress import showing

if TYPE_CHECKING:
    from curate.workspace import Workspace
    from pipeline.audit.calibration.labels import Disagreements
    from pipeline.audit.calibration.pairs import Pairs
    from pipeline.audit.calibration.thresholds import Calibration

_PRECISION = 0.95
"""As `pipeline.audit.calibration.thresholds.WANTED`, whose import takes a second."""


@click.command()
@click.option(
    "--csv",
    "filled_in",
    metavar="FILE",
    type=FILE_PATH,
    help="Read the labels of a filled-in sheet.",
)
@click.option(
    "--write",
    "sheet",
    metavar="FILE",
    type=FILE_PATH,
    help="Write pairs to a sheet (CSV) to fill in.",
)
@click.option(
    "-n",
    "count",
    type=click.IntRange(min=1),
    default=200,
    show_default=True,
    help="With --write: how many pairs.",
)
@click.option("--by", metavar="NAME", help="Who labels the pairs; your login name by default.")
@click.option(
    "--precision",
    type=Number(0.5, 1, max_open=True),
    default=_PRECISION,
    show_default=True,
    help="Share of the pairs above the threshold that must be the same question.",
)
@yes_option
@workspace_option
@json_option
def calibrate(
    filled_in: Path | None,
    sheet: Path | None,
    count: int,
    by: str | None,
    precision: float,
    yes: bool,
    root: Path,
    as_json: bool,
) -> None:
    """Find the near-duplicate threshold that fits your data and model, from pairs you label.

    On a terminal it shows pairs of questions around the threshold; you answer with one key. Then it
    prints precision and recall of each threshold, with 95 % intervals, and proposes one. Labels are
    saved, so that you can stop and go on later.

    \b
    Example:
      curate calibrate
      curate calibrate --write pairs.csv
      curate calibrate --csv pairs.csv --by ada
    """
    from curate.terminal import calibration as terminal
    from curate.workspace import Workspace
    from pipeline.audit.calibration.labels import login_name
    from pipeline.audit.calibration.pairs import near_pairs
    from schemas.errors import UserError

    if filled_in and sheet:
        raise UserError(
            "--write and --csv cannot be used together", "write a sheet, fill it in, then read it"
        )
    workspace, by = Workspace.at(root), by or login_name()
    store, curation = workspace.store, workspace.settings.curation
    with showing("looking for pairs") as progress:
        pairs = near_pairs(store, workspace.current(progress), curation, progress)
    if sheet:
        terminal.write_pairs(workspace, pairs, sheet, count, by)
        return
    on_terminal = sys.stdin.isatty() and sys.stdout.isatty() and not as_json
    if filled_in:
        terminal.take_labels(workspace, filled_in, by)
    elif on_terminal and not yes:
        terminal.ask_labels(workspace, pairs, by)
    result, unlike = _calibration(workspace, pairs, precision)
    if not as_json:
        terminal.tell_calibration(result, unlike)
    better = result.proposed if result.proposed != result.threshold else None
    agreed = yes or (
        on_terminal and better and click.confirm("Write the proposed threshold into curate.toml?")
    )
    if better and agreed:
        _write_threshold(root, better, quiet=as_json)
    if as_json:
        values = {**result.model_dump(mode="json"), "disagreements": unlike._asdict()}
        say_json({**values, "written": bool(better and agreed)})


def _calibration(
    workspace: "Workspace", pairs: "Pairs", precision: float
) -> tuple["Calibration", "Disagreements"]:
    """What all labels say of each threshold, and how far people disagree."""
    from pipeline.audit.calibration.labels import disagreements, read_labels, settled_pairs
    from pipeline.audit.calibration.thresholds import calibration

    labels = read_labels(workspace.store)
    present = workspace.settings.curation.recipe.near_duplicate.threshold
    result = calibration(pairs, settled_pairs(labels), present, precision)
    return result, disagreements(labels)


def _write_threshold(root: Path, threshold: float, quiet: bool) -> None:
    from curate.settings import FILE
    from curate.toml_edit import set_value
    from pipeline.near_duplicates.stage import NearDuplicate

    table = NearDuplicate.name()
    set_value(root / FILE, table, "threshold", threshold)
    if not quiet:
        say(f"Wrote [{table}] threshold = {threshold} into {FILE}.")
        say("next: curate filter")
