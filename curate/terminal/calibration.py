"""Labelling pairs around the near-duplicate threshold, and what the labels say about it."""

from pathlib import Path

import click
import polars as pl

from curate.report.examples import mask_all
from curate.terminal.asking import label_pairs
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
    """The pairs of the sample that are not settled and that this person has not labelled."""
    labels = read_labels(workspace.store)
    theirs = settled_pairs([label for label in labels if label.by == by])
    known = pl.concat([settled_pairs(labels), theirs])
    return pairs.sample.join(known, on=["one", "other"], how="anti", maintain_order="left")


def write_pairs(workspace: Workspace, pairs: Pairs, sheet: Path, count: int, by: str) -> None:
    """Write pairs that this person has not labelled yet to a sheet."""
    chosen = open_pairs(workspace, pairs, by).head(count)
    if not len(chosen):
        say(f"{_nothing(pairs)}: {sheet} was not written.")
        return
    write_sheet(sheet, chosen, lambda text: mask_all(text, workspace.settings.recipe))
    say(f"Wrote {many(len(chosen), 'pair')} to {sheet}: fill in y or n in the column `same`.")
    say(f"next: curate calibrate --csv {sheet}")


def take_labels(workspace: Workspace, sheet: Path, by: str) -> None:
    """Take the labels of a sheet that was filled in.

    Raises:
        UserError: it is not such a sheet, or belongs to another workspace.
    """
    answers = read_sheet(sheet)
    ids, model = workspace.store.ids(), workspace.settings.features.embedding.model
    known = [answer for answer in answers if ids.issuperset(answer.ids)]
    if answers and not known:
        raise UserError(
            f"the pairs of {sheet} belong to another workspace", "name that workspace with -C DIR"
        )
    labels = [make_label(answer.ids, answer.same, by, model) for answer in known]
    added = append_labels(workspace.store, labels)
    others = len(answers) - len(known)
    note = f"; {many(others, 'label')} skipped, for records of another workspace" if others else ""
    click.echo(f"{many(len(answers), 'label')} read, {number(added)} of them new{note}.", err=True)


def ask_labels(workspace: Workspace, pairs: Pairs, by: str) -> None:
    """Ask for labels on the terminal, one key for each pair; every label is saved at once."""
    unlabelled = open_pairs(workspace, pairs, by)
    if not len(unlabelled):
        say(f"{_nothing(pairs)}.")
    label_pairs(
        unlabelled,
        lambda pair, same: append_labels(
            workspace.store, [make_label((pair["one"], pair["other"]), same, by, pair["model"])]
        ),
    )


def _nothing(pairs: Pairs) -> str:
    """Why there is no pair left to label."""
    if not len(pairs.sample):
        return f"There is nothing to label: no pair has a cosine above {_short(FLOOR)}"
    return "There is nothing to label: all pairs of the sample are labelled already"


def tell_calibration(result: Calibration, disagreements: Disagreements) -> None:
    """Print the table of all pairs, that of each language with enough labels, and the proposal."""
    say()
    some = f", a random sample of {number(result.questions)}"
    say(
        f"{many(result.compared, 'different question')}"
        f"{some * (result.compared < result.questions)}:"
        f" {many(result.rows[0].pairs, 'pair')} above {_short(FLOOR)},"
        f" {number(result.labelled)} of them labelled."
    )
    _table("all", result.rows, result.threshold)
    if len(result.languages) > 1:
        for code, rows in result.languages.items():
            _table(code, rows, result.threshold)
    floor = _short(FLOOR)
    say(f"Recall counts only pairs above {floor}, so by definition {floor} itself finds them all.")
    if result.guarded:
        labelled = (
            f"; of {result.guarded_labelled} labelled ones, {result.guarded_same} are the same"
        )
        say(
            f"Another {many(result.guarded, 'pair')} above {_short(result.threshold)} differ in a"
            " number, a unit, a negation or an opposite, so both questions are kept at any"
            f" threshold{labelled * bool(result.guarded_labelled)}."
        )
    if result.outside:
        say(f"Not counted, since the pair is not in the sample: {many(result.outside, 'label')}.")
    if disagreements.pairs:
        say(
            f"People disagree on {many(disagreements.pairs, 'pair')}: the majority counts, and a"
            f" split pair counts as unlabelled ({number(disagreements.split)} split)."
        )
    say(_verdict(result))


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


def _share(interval: Interval) -> str:
    """An estimate with its interval, in percent: `93 % (81 to 98)`."""
    if interval.value is None:
        return "unknown"
    value, low, high = (
        f"{100 * share:.0f}" for share in (interval.value, interval.low, interval.high)
    )
    return f"{value} %" if low == high else f"{value} % ({low} to {high})"


def _short(threshold: float) -> str:
    return f"{threshold:.2f}" if round(threshold, 2) == threshold else f"{threshold:g}"


def _verdict(result: Calibration) -> str:
    """Which threshold to use, or why none can be proposed."""
    share = f"{result.wanted:.0%}".replace("%", " %")
    if result.proposed is not None:
        stays = " It is the current one." if result.proposed == result.threshold else ""
        return (
            f"Proposed: {_short(result.proposed)}. It is the lowest threshold above which at least"
            f" {share} of the pairs are the same question, even by the lower end of the"
            f" interval.{stays}"
        )
    if not result.rows[0].pairs:
        return f"No threshold can be proposed: no pair above {_short(FLOOR)} could be labelled."
    if not result.labelled:
        return (
            "Nothing is labelled yet: answer y or n on a terminal, or write a sheet with --write"
            " and read it with --csv."
        )
    if result.missing:
        return (
            f"No threshold can be proposed yet: about {many(result.missing, 'more label')} would"
            f" tell which is the lowest above which {share} of the pairs are the same question,"
            " or that there is none (if the next labels are like those so far)."
        )
    if result.rows[0].pairs < ENOUGH:
        return (
            f"No threshold can be proposed: {ENOUGH} labels are needed, but there are only"
            f" {many(result.rows[0].pairs, 'pair')} above {_short(FLOOR)}."
        )
    return (
        f"No threshold can be proposed: with these labels, none has {ABOVE} labelled pairs above it"
        f" of which {share} are the same question."
    )
