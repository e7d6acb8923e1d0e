"""Judging records on a terminal or in a sheet, and what the judgements say of the filters."""

from pathlib import Path
from typing import Any

import click

from curate.terminal.audit_sheet import (
    faults_in,
    read_audit_sheet,
    shown,
    texts_of,
    write_audit_sheet,
)
from curate.terminal.output import many, number, say
from curate.terminal.pair_sheet import yes_or_no
from curate.workspace import Workspace
from pipeline.audit.calibration.estimate import Interval
from pipeline.audit.judging.draw import draw
from pipeline.audit.judging.judgements import (
    Judgement,
    append_judgements,
    make_judgement,
    read_judgements,
    settled,
)
from pipeline.audit.judging.kinds import Flaw
from pipeline.audit.judging.scores import FaultScore, ReasonScore, fault_scores, reason_scores
from pipeline.curation.curated import Curated
from pipeline.features import describe
from schemas.errors import UserError
from schemas.reasons import Reason

_SKIPPED, _END = "skipped", "end"

_ENDS = frozenset(("s", "skip", "q", "quit"))


def open_items(
    workspace: Workspace, curated: Curated, by: str, each: int, seed: int = 0, *reasons: Reason
) -> list[dict[str, Any]]:
    """What this person has not judged yet, with its texts, in the order in which it is shown.

    Args:
        workspace: where the records are.
        curated: what the filters say of them.
        by: who judges.
        each: how many records of each reason.
        seed: another seed draws others.
        reasons: only these, if there are any.
    """
    store = workspace.store
    records = store.records()
    items = draw(records["id"], curated.verdicts, each, seed, reasons)
    known = {judgement.item for judgement in read_judgements(store) if judgement.by == by}
    rows = texts_of(items, describe(records, workspace.settings.features, store.cache_dir))
    return [row for row in rows if (row["id"], row["other_id"]) not in known]


def write_items(rows: list[dict[str, Any]], sheet: Path) -> None:
    """Write a sheet to fill in, and say how."""
    if not rows:
        say(f"There is nothing to judge: {sheet} was not written.")
        return
    write_audit_sheet(sheet, rows)
    say(f"Wrote {many(len(rows), 'row')} to {sheet}. Where there are two records, write y or n in")
    say("`same`: would one answer do for both? In all others write in `faults` the numbers of what")
    say("is wrong, or 0 where nothing is:")
    tell_faults()
    say(f"next: curate audit --csv {sheet}")


def tell_faults() -> None:
    """Print the numbered faults."""
    for place, fault in enumerate(Flaw, 1):
        say(f"  {place:>2}  {fault.value}")


def take_judgements(workspace: Workspace, sheet: Path, by: str) -> None:
    """Take the judgements of a sheet that was filled in.

    Raises:
        UserError: it is not such a sheet, or belongs to another workspace.
    """
    answers = read_audit_sheet(sheet)
    ids = workspace.store.ids()
    known = [answer for answer in answers if ids.issuperset(filter(None, answer.item))]
    if answers and not known:
        raise UserError(
            f"the records of {sheet} belong to another workspace", "name that workspace with -C DIR"
        )
    judgements = [make_judgement(item, by, faults, same) for item, faults, same in known]
    added = append_judgements(workspace.store, judgements)
    skipped = len(answers) - len(known)
    rest = f"; {many(skipped, 'row')} skipped, of another workspace" if skipped else ""
    click.echo(
        f"{many(len(known), 'judgement')} read, {number(added)} of them new{rest}.", err=True
    )


def ask_judgements(workspace: Workspace, rows: list[dict[str, Any]], by: str) -> None:
    """Show what is to be judged one by one; every answer is saved at once."""
    if not rows:
        say("There is nothing to judge: all of it is judged already.")
        return
    tell_faults()
    for place, row in enumerate(rows, 1):
        say()
        say(f"{place} of {len(rows)}", style="bold")
        _tell_item(row)
        said = _answer(row, by)
        if said is _END:
            return
        if isinstance(said, Judgement):
            append_judgements(workspace.store, [said])


def _tell_item(row: dict[str, Any]) -> None:
    names = {"question": "user", "reply": "assistant"}
    if row["other_id"]:
        names |= {"other_question": "other user", "other_reply": "other assistant"}
    for name, label in names.items():
        say(f"  {label}", style="bold")
        say("    " + shown(row[name] or "").replace("\n", "\n    "))


def _answer(row: dict[str, Any], by: str) -> Judgement | str:
    """What the person says of one item; `_SKIPPED`, or `_END` if they quit."""
    question = "Would one answer do for both? y / n" if row["other_id"] else "Wrong? Numbers, or 0"
    item = (row["id"], row["other_id"])
    while True:
        said = click.prompt(f"  {question} / s(kip) / q(uit)", default="s", show_default=False)
        word = said.strip().casefold()
        if word in _ENDS:
            return _END if word.startswith("q") else _SKIPPED
        try:
            if row["other_id"]:
                return make_judgement(item, by, same=yes_or_no(said, "answer"))
            return make_judgement(item, by, faults_in(said, "answer"))
        except UserError as error:
            say(f"  {error.remedy}")


def scores(workspace: Workspace, curated: Curated) -> tuple[list[ReasonScore], list[FaultScore]]:
    """What all judgements say of the filters as they decide now."""
    judged = settled(read_judgements(workspace.store))
    ids = workspace.store.records()["id"]
    return (
        reason_scores(ids, curated.verdicts, judged),
        fault_scores(ids, curated.verdicts, judged),
    )


def tell_scores(reasons: list[ReasonScore], faults: list[FaultScore]) -> None:
    """Print how often reasons are right, and how many of the faults they find."""
    if not reasons:
        say("No filter found anything, so there is nothing to judge.")
        return
    say()
    say(f"  {'reason':<33}{'found':>9}{'judged':>8}{'right':>7}    precision", style="bold")
    for score in reasons:
        mark = "  drops, and is wrong too often" if score.is_wrong_too_often else ""
        name = f"{score.action} {score.reason}"
        say(
            f"  {name:<33}{number(score.found):>9}{number(score.judged):>8}"
            f"{number(score.right):>7}    {_percent(score.precision)}{mark}"
        )
    if faults:
        say()
        say(f"  {'fault':<28}{'judged':>9}    found by a filter (about)", style="bold")
    for fault in faults:
        name = fault.fault.replace("_", " ")
        say(f"  {name:<28}{number(fault.judged):>9}    {_percent(fault.recall)}")
    say()
    say("In brackets: 95 % intervals. Each judged record stands for those that it was drawn from.")


def _percent(interval: Interval) -> str:
    if interval.value is None:
        return "nothing judged"
    value, low, high = (
        f"{100 * share:.0f}" for share in (interval.value, interval.low, interval.high)
    )
    return f"{value} % ({low} to {high})"
