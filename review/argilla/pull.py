"""Bring the reviewers' answers back as decisions. Safe to repeat, and to kill at any moment.

A fix is a decision and a new record with the better reply. The records are committed first: a kill
between the two leaves a record that nobody refers to, and the next pull gives it, under the same id
since ids are hashes of the content, to the decision that it belongs to.
"""

import json
from collections import Counter
from typing import Any

import polars as pl

from pipeline.store.store import Store
from review.argilla.card import last_reply_place
from review.argilla.client import ReviewServer
from review.argilla.form import Answer
from review.sampling.frame import frames
from review.settings import ReviewSettings
from schemas.base import Model
from schemas.decision import Choice, Decision
from schemas.progress import Progress, quiet
from schemas.record import Origin, Record, load_messages

FIX_UNCHANGED = "fix, but the reply was not changed"
KEEP_CHANGED = "keep, but the reply was changed"


class Question(Model):
    """An answer that contradicts itself: it decides nothing until its reviewer submits it anew."""

    record_id: str
    reviewer: str
    what: str


class PullReport(Model):
    """What came back. answers = new + known + questions + unknown."""

    answers: int
    """Submitted answers on the server."""
    new: dict[Choice, int]
    """Decisions that were added now."""
    known: int
    """Answers that are decisions already."""
    corrected: int
    """Records with a better reply that were added now."""
    questions: tuple[Question, ...]
    unknown: int
    """Answers on records that are not in this workspace."""


def pull(
    store: Store, settings: ReviewSettings, server: ReviewServer, progress: Progress = quiet
) -> PullReport:
    """Fetch the answers of all frames and append those that are new.

    Raises:
        UserError: the server cannot be read, or another curate is writing.
    """
    answers: list[Answer] = []
    drawn = frames(store)
    for done, frame in enumerate(drawn, start=1):
        answers += server.answers(settings.workspace, frame.name)
        progress(done, len(drawn), f"{len(answers)} answers")
    answers.sort(key=lambda a: (a.at, a.record_id, a.reviewer))
    with store.lock():
        return _take(store, answers)


def _take(store: Store, answers: list[Answer]) -> PullReport:
    """Turn the new answers into records and decisions, in this order."""
    said = {(d.record_id, d.reviewer, d.at) for d in store.decisions()}
    new = [a for a in answers if (a.record_id, a.reviewer, a.at) not in said]
    ids = [answer.record_id for answer in new]
    found = store.records().filter(pl.col("id").is_in(ids))
    rows = {row["id"]: row for row in found.iter_rows(named=True)}
    decisions: list[Decision] = []
    children: list[Record] = []
    questions: list[Question] = []
    for answer in new:
        if answer.record_id not in rows:
            continue
        child = corrected(rows[answer.record_id], answer)
        what = _contradiction(answer.verdict, child)
        if what is not None:
            asked = Question(record_id=answer.record_id, reviewer=answer.reviewer, what=what)
            questions.append(asked)
            continue
        # A rejected record may come with a changed reply: what is rejected needs none.
        fix = child if answer.verdict is Choice.fix else None
        children += [fix] if fix else []
        decisions.append(_decision(answer, fix))
    added = _add(store, children)
    store.append_decisions(decisions)
    return PullReport(
        answers=len(answers),
        new=dict(Counter(decision.choice for decision in decisions)),
        known=len(answers) - len(new),
        corrected=added,
        questions=tuple(questions),
        unknown=len(new) - len(decisions) - len(questions),
    )


def _contradiction(verdict: Choice, child: Record | None) -> str | None:
    if verdict is Choice.fix and child is None:
        return FIX_UNCHANGED
    if verdict is Choice.keep and child is not None:
        return KEEP_CHANGED
    return None


def _decision(answer: Answer, child: Record | None) -> Decision:
    return Decision(
        record_id=answer.record_id,
        reviewer=answer.reviewer,
        choice=answer.verdict,
        child_id=None if child is None else child.id,
        wrong=answer.wrong,
        note=answer.note,
        at=answer.at,
    )


def _add(store: Store, children: list[Record]) -> int:
    """Commit corrections as a batch; return how many were no records yet."""
    if not children:
        return 0
    with store.open_batch("review") as batch:
        return sum(batch.add(child) for child in children)


def corrected(row: dict[str, Any], answer: Answer) -> Record | None:
    """Build the record with the answer's reply in place of the last one; None if it is the same.

    The same means the same id: white space at the ends and line ends as a browser writes them are
    no correction, nor is a reply that was cleared.
    """
    messages = load_messages(row["messages"])
    place = last_reply_place(messages)
    reply = answer.reply.replace("\r\n", "\n").strip()
    if place is None or not reply:
        return None
    old = messages[place]
    if reply == old.text.replace("\r\n", "\n").strip():
        return None
    better = old.model_copy(update={"content": reply})
    return Record.model_validate(
        {
            "messages": (*messages[:place], better, *messages[place + 1 :]),
            "tools": json.loads(row["tools"] or "[]"),
            "origin": Origin.corrected,
            "source": f"review:{answer.reviewer}",
            "language": row["language_given"],
            "domain": row["domain_given"],
            "parents": (answer.record_id,),
        }
    )
