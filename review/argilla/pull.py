"""Bring the reviewers' responses back as decisions. Safe to repeat, and to kill at any moment.

A fix is a decision and a new record with the better reply. The records are committed first, so a
kill in between leaves a record that no decision refers to. The next pull makes the same record, of
the same id since ids are hashes of the content, and the decision that belongs to it.
"""

import json
from collections import Counter
from typing import Any

import polars as pl

from pipeline.store.store import Store
from review.argilla.card import last_reply_place
from review.argilla.client import ReviewServer
from review.argilla.form import Response
from review.sampling.frame import sampling_frames
from review.settings import ReviewSettings
from schemas.base import Model
from schemas.decision import Choice, Decision
from schemas.progress import Progress, quiet
from schemas.record import Origin, Record, load_messages

FIX_UNCHANGED = "fix, but the reply was not changed"
KEEP_CHANGED = "keep, but the reply was changed"


class Contradiction(Model):
    """A response that contradicts itself. It decides nothing until it is submitted again."""

    record_id: str
    reviewer: str
    what: str
    """`FIX_UNCHANGED` or `KEEP_CHANGED`."""


class PullReport(Model):
    """What came back. answers = the sum of new + known + questions + unknown."""

    answers: int
    """Submitted responses on the server."""
    new: dict[Choice, int]
    """Decisions that were added by this pull."""
    known: int
    """Responses that are decisions already."""
    corrected: int
    """Records with a better reply that were added by this pull."""
    questions: tuple[Contradiction, ...]
    """What has to be asked of reviewers."""
    unknown: int
    """Responses to records that are not in this workspace."""


def pull_responses(
    store: Store, settings: ReviewSettings, server: ReviewServer, progress: Progress = quiet
) -> PullReport:
    """Fetch the responses to all samples and append those that are new.

    Args:
        store: The workspace.
        settings: The `[review]` table.
        server: Where from.
        progress: Told of the samples read.

    Raises:
        UserError: the server cannot be read, or another curate is writing.
    """
    responses: list[Response] = []
    frames = sampling_frames(store)
    for done, frame in enumerate(frames, start=1):
        responses += server.responses(settings.workspace, frame.name)
        progress(done, len(frames), f"{len(responses)} answers")
    responses.sort(key=lambda response: (response.at, response.record_id, response.reviewer))
    with store.lock():
        return _append_new(store, responses)


def _append_new(store: Store, responses: list[Response]) -> PullReport:
    """Turn the new responses into records and then into decisions."""
    new = _not_decided(store, responses)
    rows = _rows_of(store, [response.record_id for response in new])
    decisions: list[Decision] = []
    corrections: list[Record] = []
    contradictions: list[Contradiction] = []
    for response in new:
        if response.record_id not in rows:
            continue
        correction = corrected_record(rows[response.record_id], response)
        what = _contradiction(response.choice, correction)
        if what is not None:
            contradictions.append(
                Contradiction(record_id=response.record_id, reviewer=response.reviewer, what=what)
            )
            continue
        if response.choice is not Choice.fix:
            correction = None  # a reply that was changed beside a rejection is not needed
        if correction is not None:
            corrections.append(correction)
        decisions.append(_decision(response, correction))
    added = _add_records(store, corrections)
    store.append_decisions(decisions)
    return PullReport(
        answers=len(responses),
        new=dict(Counter(decision.choice for decision in decisions)),
        known=len(responses) - len(new),
        corrected=added,
        questions=tuple(contradictions),
        unknown=len(new) - len(decisions) - len(contradictions),
    )


def _not_decided(store: Store, responses: list[Response]) -> list[Response]:
    """Those that are no decisions yet. A response that was changed later has another time."""
    decided = {(d.record_id, d.reviewer, d.at) for d in store.decisions()}
    return [r for r in responses if (r.record_id, r.reviewer, r.at) not in decided]


def _rows_of(store: Store, ids: list[str]) -> dict[str, dict[str, Any]]:
    """By id, those of the records that are in this workspace."""
    records = store.records().filter(pl.col("id").is_in(ids))
    return {row["id"]: row for row in records.iter_rows(named=True)}


def _contradiction(choice: Choice, correction: Record | None) -> str | None:
    if choice is Choice.fix and correction is None:
        return FIX_UNCHANGED
    if choice is Choice.keep and correction is not None:
        return KEEP_CHANGED
    return None


def _decision(response: Response, correction: Record | None) -> Decision:
    return Decision(
        record_id=response.record_id,
        reviewer=response.reviewer,
        choice=response.choice,
        child_id=None if correction is None else correction.id,
        wrong=response.wrong,
        note=response.note,
        at=response.at,
    )


def _add_records(store: Store, corrections: list[Record]) -> int:
    """Commit corrections as one batch; return how many of them were not in the workspace yet."""
    if not corrections:
        return 0
    with store.open_batch("review") as batch:
        return sum(batch.add(correction) for correction in corrections)


def corrected_record(row: dict[str, Any], response: Response) -> Record | None:
    """The record with the response's reply in place of its last one; None if nothing was changed.

    White space at the ends and the line ends of a browser are no change, nor is an empty reply.

    Args:
        row: The record that was reviewed, a row of `Store.records`.
        response: What the reviewer submitted.
    """
    messages = load_messages(row["messages"])
    place = last_reply_place(messages)
    reply = response.reply.replace("\r\n", "\n").strip()
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
            "source": f"review:{response.reviewer}",
            "language": row["language_given"],
            "domain": row["domain_given"],
            "parents": (response.record_id,),
        }
    )
