"""`curate calibrate`."""

import sys
from pathlib import Path

import click
import polars as pl

from curate.report.examples import masked
from curate.settings import FILE
from curate.terminal.asking import ask
from curate.terminal.options import Number, json_option, workspace_option, yes_option
from curate.terminal.output import number, say, say_json
from curate.terminal.pair_sheet import read_sheet, write_sheet
from curate.terminal.progress import showing
from curate.toml_edit import set_value
from curate.workspace import Workspace
from pipeline.audit.calibration.estimate import Interval
from pipeline.audit.calibration.labels import (
    Disagreements,
    append_labels,
    disagreements,
    login_name,
    make_label,
    read_labels,
    settled_pairs,
)
from pipeline.audit.calibration.pairs import FLOOR, Pairs, near_pairs
from pipeline.audit.calibration.thresholds import (
    ABOVE,
    ENOUGH,
    WANTED,
    Calibration,
    OperatingPoint,
    calibration,
)
from pipeline.near_duplicates.stage import NearDuplicate
from schemas.errors import UserError

PATH = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.option("--csv", "given", metavar="FILE", type=PATH, help="Take the labels of a sheet.")
@click.option("--write", "sheet", metavar="FILE", type=PATH, help="Write a sheet to be filled in.")
@click.option(
    "-n",
    "count",
    type=click.IntRange(min=1),
    default=200,
    show_default=True,
    help="With --write: how many pairs.",
)
@click.option("--by", metavar="NAME", help="Who labels; your login name by default.")
@click.option(
    "--precision",
    "wanted",
    type=Number(0.5, 1, max_open=True),
    default=WANTED,
    show_default=True,
    help="Share of the pairs above the threshold that must be the same question.",
)
@yes_option
@workspace_option
@json_option
def calibrate(
    given: Path | None,
    sheet: Path | None,
    count: int,
    by: str | None,
    wanted: float,
    yes: bool,
    root: Path,
    as_json: bool,
) -> None:
    """Find the near-duplicate threshold of this data and this model, by pairs that you label.

    On a terminal it shows pairs of questions around the threshold, and an answer is one key. Then
    it prints what each threshold would do, with 95 % intervals, and proposes one. Labels are kept.

    \b
    Example:
      curate calibrate
      curate calibrate --write pairs.csv
      curate calibrate --csv pairs.csv --by ada
    """
    if given and sheet:
        raise UserError("--write and --csv exclude each other", "write, fill in, then read")
    workspace, by = Workspace.at(root), by or login_name()
    store, curation = workspace.store, workspace.settings.curation
    with showing("looking for pairs") as progress:
        pairs = near_pairs(store, workspace.curated(progress), curation, progress)
    if sheet:
        _write(workspace, pairs, sheet, count, by)
        return
    on_terminal = sys.stdin.isatty() and sys.stdout.isatty() and not as_json
    if given:
        _take(workspace, given, by)
    elif on_terminal and not yes:
        _ask(workspace, pairs, by)
    labels = read_labels(store)
    unlike = disagreements(labels)
    present = curation.recipe.near_duplicate.threshold
    found = calibration(pairs, settled_pairs(labels), present, wanted)
    if not as_json:
        _tell(found, unlike)
    better = found.proposed if found.proposed != found.threshold else None
    agreed = yes or (on_terminal and better and click.confirm(f"Write it into {FILE}?"))
    if better and agreed:
        set_value(root / FILE, NearDuplicate.name(), "threshold", better)
    if as_json:
        told = {**found.model_dump(mode="json"), "disagreements": unlike._asdict()}
        say_json({**told, "written": bool(better and agreed)})
    elif better and agreed:
        say(f"Wrote [{NearDuplicate.name()}] threshold = {better} into {FILE}.")
        say("next: curate filter")


def _open(workspace: Workspace, pairs: Pairs, by: str) -> pl.DataFrame:
    """The pairs of the sample that are not settled, and that this person has not labelled."""
    labels = read_labels(workspace.store)
    theirs = settled_pairs([label for label in labels if label.by == by])
    known = pl.concat([settled_pairs(labels), theirs])
    return pairs.sample.join(known, on=["one", "other"], how="anti", maintain_order="left")


def _write(workspace: Workspace, pairs: Pairs, sheet: Path, count: int, by: str) -> None:
    chosen = _open(workspace, pairs, by).head(count)
    if not len(chosen):
        say(f"{_nothing(pairs)}: {sheet} is not written.")
        return
    write_sheet(sheet, chosen, lambda text: masked(text, workspace.settings.recipe))
    say(f"Wrote {_many(len(chosen), 'pair')} to {sheet}: write y or n into its column `same`.")
    say(f"next: curate calibrate --csv {sheet}")


def _take(workspace: Workspace, sheet: Path, by: str) -> None:
    answers = read_sheet(sheet)
    ids, model = workspace.store.ids(), workspace.settings.features.embedding.model
    known = [answer for answer in answers if ids.issuperset(answer.ids)]
    if answers and not known:
        raise UserError(
            f"the pairs of {sheet} are not of this workspace", "name the workspace with -C DIR"
        )
    labels = [make_label(answer.ids, answer.same, by, model) for answer in known]
    added = append_labels(workspace.store, labels)
    others = len(answers) - len(known)
    note = f"; {_many(others, 'label')} of records that are not here" if others else ""
    click.echo(f"{_many(len(answers), 'label')} read, {number(added)} of them new{note}.", err=True)


def _ask(workspace: Workspace, pairs: Pairs, by: str) -> None:
    still = _open(workspace, pairs, by)
    if not len(still):
        say(f"{_nothing(pairs)}.")
    ask(
        still,
        lambda pair, same: append_labels(
            workspace.store, [make_label((pair["one"], pair["other"]), same, by, pair["model"])]
        ),
    )


def _nothing(pairs: Pairs) -> str:
    """Why no pair is left to be labelled."""
    if not len(pairs.sample):
        return f"There is nothing to label, since no pair is above {_short(FLOOR)}"
    return "There is nothing to label: all pairs of the sample are labelled"


def _many(count: int, what: str) -> str:
    return f"{number(count)} {what}{'s' * (count != 1)}"


def _tell(found: Calibration, unlike: Disagreements) -> None:
    """The table of all pairs and those of languages with enough labels."""
    say()
    some = f", a random sample of {number(found.questions)}"
    say(
        f"{_many(found.compared, 'different question')}"
        f"{some * (found.compared < found.questions)}:"
        f" {_many(found.rows[0].pairs, 'pair')} above {_short(FLOOR)},"
        f" {number(found.labelled)} of them labelled."
    )
    _table("all", found.rows, found.threshold)
    if len(found.languages) > 1:
        for code, rows in found.languages.items():
            _table(code, rows, found.threshold)
    floor = _short(FLOOR)
    say(f"Recall is of the same pairs above {floor}: by construction, {floor} finds all of them.")
    if found.guarded:
        labelled = f"; of {found.guarded_labelled} labelled ones, {found.guarded_same} are the same"
        say(
            f"The guard holds {_many(found.guarded, 'more pair')} above {_short(found.threshold)}"
            f" apart, at any threshold{labelled * bool(found.guarded_labelled)}."
        )
    if found.outside:
        say(f"Not counted, for a pair outside of the sample: {_many(found.outside, 'label')}.")
    if unlike.pairs:
        say(
            f"People disagree on {_many(unlike.pairs, 'pair')}: the majority counts, and a split"
            f" pair counts as unlabelled ({number(unlike.split)} split)."
        )
    say(_verdict(found))


def _table(title: str, rows: tuple[OperatingPoint, ...], present: float) -> None:
    say()
    say(f"  {title:<11}{'pairs':>12}{'labels':>8}    {'precision':<22}recall", style="bold")
    for row in rows:
        mark = "←" if row.threshold == present else ""
        say(
            f"  {_short(row.threshold):<6}{mark:<5}{number(row.pairs):>12}{number(row.labelled):>8}"
            f"    {_share(row.precision):<22}{_share(row.recall)}".rstrip()
        )
    say()


def _share(found: Interval) -> str:
    """An estimate with its interval, in percent: `93 % (81 to 98)`."""
    if found.value is None:
        return "unknown"
    value, low, high = (f"{100 * share:.0f}" for share in (found.value, found.low, found.high))
    return f"{value} %" if low == high else f"{value} % ({low} to {high})"


def _short(threshold: float) -> str:
    return f"{threshold:.2f}" if round(threshold, 2) == threshold else f"{threshold:g}"


def _verdict(found: Calibration) -> str:
    """Which threshold to take, or why none can be named."""
    share = f"{found.wanted:.0%}".replace("%", " %")
    if found.proposed is not None:
        stays = " It is the present one." if found.proposed == found.threshold else ""
        return (
            f"Proposed: {_short(found.proposed)}, the lowest threshold of which at least {share} of"
            f" the pairs are the same question, by the lower end of the interval.{stays}"
        )
    if not found.rows[0].pairs:
        return f"No threshold can be proposed: no pair above {_short(FLOOR)} could be labelled."
    if not found.labelled:
        return (
            "Nothing is labelled yet: answer y or n on a terminal, or write a sheet with --write"
            " and give it back with --csv."
        )
    if found.missing:
        return (
            f"No threshold can be proposed yet, for want of labels: about"
            f" {_many(found.missing, 'more label')} would show which is the lowest with {share} of"
            " its pairs the same question, or that none is, if they go on as they began."
        )
    if found.rows[0].pairs < ENOUGH:
        return (
            f"No threshold can be proposed: {ENOUGH} labels are needed, and there are only"
            f" {_many(found.rows[0].pairs, 'pair')} above {_short(FLOOR)}."
        )
    return (
        f"No threshold can be proposed: by what was labelled none has {share} of its pairs the same"
        f" question and {ABOVE} labelled pairs above it."
    )
