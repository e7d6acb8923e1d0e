"""`curate audit`."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from curate.terminal.options import FILE_PATH, json_option, workspace_option
from curate.terminal.output import say_json
from curate.terminal.progress import showing

if TYPE_CHECKING:
    from schemas.reasons import Reason


@click.command()
@click.option("--csv", "filled_in", metavar="FILE", type=FILE_PATH, help="Read a filled-in sheet.")
@click.option(
    "--write", "sheet", metavar="FILE", type=FILE_PATH, help="Write a sheet (CSV) to fill in."
)
@click.option("--show", is_flag=True, help="Ask nothing; show what all judgements say.")
@click.option(
    "--check", is_flag=True, help="Exit with 1 if a reason that drops is surely right too seldom."
)
@click.option(
    "-n",
    "each",
    type=click.IntRange(min=1),
    default=20,
    show_default=True,
    help="Records of each reason.",
)
@click.option(
    "--reason", "names", multiple=True, metavar="NAME", help="Only this reason; repeatable."
)
@click.option("--seed", default=0, show_default=True, help="Another seed draws other records.")
@click.option("--by", metavar="NAME", help="Who judges; your login name by default.")
@workspace_option
@json_option
def audit(
    filled_in: Path | None,
    sheet: Path | None,
    show: bool,
    check: bool,
    each: int,
    names: tuple[str, ...],
    seed: int,
    by: str | None,
    root: Path,
    as_json: bool,
) -> None:
    """Find out how often the filters are right on your data, by records that you judge blind.

    It draws records that each reason found and as many that none did, mixes them, and shows them
    without a verdict. You say what is wrong with each. Then it prints how often each reason was
    right, and about how many of the faults are found. Judgements are saved, so that you can stop
    and go on later, and count again when you have changed a setting.

    \b
    Example:
      curate audit --write sheet.csv
      curate audit --csv sheet.csv --by ada
      curate audit --reason short_reply -n 50
    """
    from curate.terminal import audit as terminal
    from curate.workspace import Workspace
    from pipeline.audit.calibration.labels import login_name
    from schemas.errors import Finding, UserError

    if filled_in and sheet:
        raise UserError(
            "--write and --csv cannot be used together", "write a sheet, fill it in, then read it"
        )
    reasons = _reasons(names)
    workspace, by = Workspace.at(root), by or login_name()
    with showing("filtering") as progress:
        curated = workspace.current(progress)
    on_terminal = sys.stdin.isatty() and sys.stdout.isatty() and not as_json
    if sheet or (on_terminal and not filled_in and not show):
        rows = terminal.open_items(workspace, curated, by, each, seed, *reasons)
        if sheet:
            terminal.write_items(rows, sheet)
            return
        terminal.ask_judgements(workspace, rows, by)
    if filled_in:
        terminal.take_judgements(workspace, filled_in, by)
    found, faults = terminal.scores(workspace, curated)
    if as_json:
        dumped = ([score.model_dump(mode="json") for score in part] for part in (found, faults))
        say_json(dict(zip(("reasons", "faults"), dumped, strict=True)))
    else:
        terminal.tell_scores(found, faults)
    wrong = [score.reason for score in found if score.is_wrong_too_often]
    if check and wrong:
        raise Finding(
            f"{', '.join(wrong)}: drops records, and is surely right less often than 95 %",
            'set `action = "flag"` for it in curate.toml, or turn it off',
        )


def _reasons(names: tuple[str, ...]) -> "tuple[Reason, ...]":
    """The reasons of these names.

    Raises:
        UserError: one is no reason that can be judged.
    """
    from pipeline.audit.judging.kinds import PAIRED, SINGLE
    from schemas.errors import UserError

    known = {reason.value: reason for reason in (*SINGLE, *PAIRED)}
    if unknown := [name for name in names if name not in known]:
        raise UserError(
            f"{unknown[0]!r} is not a reason that can be judged", f"use one of {', '.join(known)}"
        )
    return tuple(known[name] for name in names)
