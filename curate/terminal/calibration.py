"""Labelling pairs around the near-duplicate threshold, and what the labels say of it."""

from pathlib import Path

import click
import polars as pl

from curate.report.examples import masked
from curate.terminal.asking import ask
from curate.terminal.output import many, number, say
from curate.terminal.pair_sheet import read_sheet, write_sheet
from curate.workspace import Workspace
from pipeline.audit.calibration.estimate import Interval
from pipeline.audit.calibration.labels import (
    Disagreements,
    append_labels,
    make_label,
    read_labels,
    settled_pairs,
)
from pipeline.audit.calibration.pairs import FLOOR, Pairs
from pipeline.audit.calibration.thresholds import ABOVE, ENOUGH, Calibration, OperatingPoint
from schemas.errors import UserError


def open_pairs(workspace: Workspace, pairs: Pairs, by: str) -> pl.DataFrame:
    """The pairs of the sample that are not settled, and of which this person has said nothing."""
    labels = read_labels(workspace.store)
    theirs = settled_pairs([label for label in labels if label.by == by])
    known = pl.concat([settled_pairs(labels), theirs])
    return pairs.sample.join(known, on=["one", "other"], how="anti", maintain_order="left")


def write_pairs(workspace: Workspace, pairs: Pairs, sheet: Path, count: int, by: str) -> None:
    """Write pairs that wait for this person's label as a sheet."""
    chosen = open_pairs(workspace, pairs, by).head(count)
    if not len(chosen):
        say(f"{_nothing(pairs)}: {sheet} is not written.")
        return
    write_sheet(sheet, chosen, lambda text: masked(text, workspace.settings.recipe))
    say(f"Wrote {many(len(chosen), 'pair')} to {sheet}: write y or n into its column `same`.")
    say(f"next: curate calibrate --csv {sheet}")


def take_labels(workspace: Workspace, sheet: Path, by: str) -> None:
    """Take the labels of a sheet that was filled in.

    Raises:
        UserError: it is not such a sheet, or of another workspace.
    """
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
    note = f"; {many(others, 'label')} of records that are not here" if others else ""
    click.echo(f"{many(len(answers), 'label')} read, {number(added)} of them new{note}.", err=True)


def ask_labels(workspace: Workspace, pairs: Pairs, by: str) -> None:
    """Ask for labels on the terminal, one key a pair; each is kept at once."""
    still = open_pairs(workspace, pairs, by)
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


def tell_calibration(found: Calibration, disagreements: Disagreements) -> None:
    """The table of all pairs and those of languages with enough labels."""
    say()
    some = f", a random sample of {number(found.questions)}"
    say(
        f"{many(found.compared, 'different question')}"
        f"{some * (found.compared < found.questions)}:"
        f" {many(found.rows[0].pairs, 'pair')} above {_short(FLOOR)},"
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
            f"The guard holds {many(found.guarded, 'more pair')} above {_short(found.threshold)}"
            f" apart, at any threshold{labelled * bool(found.guarded_labelled)}."
        )
    if found.outside:
        say(f"Not counted, for a pair outside of the sample: {many(found.outside, 'label')}.")
    if disagreements.pairs:
        say(
            f"People disagree on {many(disagreements.pairs, 'pair')}: the majority counts, and a"
            f" split pair counts as unlabelled ({number(disagreements.split)} split)."
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
            f" {many(found.missing, 'more label')} would show which is the lowest with {share} of"
            " its pairs the same question, or that none is, if they go on as they began."
        )
    if found.rows[0].pairs < ENOUGH:
        return (
            f"No threshold can be proposed: {ENOUGH} labels are needed, and there are only"
            f" {many(found.rows[0].pairs, 'pair')} above {_short(FLOOR)}."
        )
    return (
        f"No threshold can be proposed: by what was labelled none has {share} of its pairs the same"
        f" question and {ABOVE} labelled pairs above it."
    )
