"""Decisions of reviewers, which are applied before any filter."""

from collections import defaultdict

import polars as pl
from pydantic import Field

from schemas.base import Model
from schemas.decision import Choice, Decision
from schemas.frames import VERDICT_SCHEMA
from schemas.reasons import Reason
from schemas.record import Origin
from schemas.verdict import Action, Verdict

STAGE = "review"


class Standing(Model):
    """The decisions that count: each reviewer's latest, and the most serious of several."""

    rejected: frozenset[str] = frozenset()
    fixed: dict[str, str] = Field(default_factory=dict)
    """Id of a replaced record to the id of the correction that is used in its place."""
    kept: frozenset[str] = frozenset()

    @property
    def approved(self) -> frozenset[str]:
        """Ids that a person kept, or wrote: no row stage drops them."""
        return self.kept | frozenset(self.fixed.values())


def standing(decisions: list[Decision]) -> Standing:
    """The decisions that count: the latest of each reviewer, then reject before fix before keep.

    Of several corrections of one record the latest counts, then the one with the smallest id.
    """
    latest: dict[tuple[str, str], Decision] = {}
    for decision in sorted(decisions, key=lambda d: (d.at, d.child_id or "")):
        latest[decision.record_id, decision.reviewer] = decision
    by_record: dict[str, list[Decision]] = defaultdict(list)
    for decision in latest.values():
        by_record[decision.record_id].append(decision)
    severity = list(Choice)
    settled = {
        record: min(votes, key=lambda d: (severity.index(d.choice), -d.at.timestamp(), d.child_id))
        for record, votes in by_record.items()
    }
    return Standing(
        rejected=frozenset(r for r, d in settled.items() if d.choice is Choice.reject),
        fixed={r: d.child_id for r, d in settled.items() if d.choice is Choice.fix and d.child_id},
        kept=frozenset(r for r, d in settled.items() if d.choice is Choice.keep),
    )


def decided(records: pl.DataFrame, decisions: Standing) -> pl.DataFrame:
    """Verdicts that drop rejected and replaced records, and corrections that no longer count."""
    ids = set(records["id"])  # without the corrections whose batch was undone
    fixed = {old: child for old, child in decisions.fixed.items() if child in ids}
    decisions = decisions.model_copy(update={"fixed": fixed})
    verdicts = [
        verdict
        for row in records.select("id", "origin", "parents").iter_rows(named=True)
        if (verdict := _verdict(row["id"], row["origin"], row["parents"] or [], decisions))
        is not None
    ]
    return pl.DataFrame([v.model_dump(mode="json") for v in verdicts], schema=VERDICT_SCHEMA)


def _verdict(id: str, origin: str, parents: list[str], decisions: Standing) -> Verdict | None:
    if id in decisions.rejected:
        reason, other_id = Reason.rejected_by_reviewer, None
    elif id in decisions.fixed and decisions.fixed[id] != id:
        reason, other_id = Reason.replaced, decisions.fixed[id]
    elif origin == Origin.corrected and id not in decisions.approved:
        reason, other_id = Reason.superseded, next(iter(parents), None)
    else:
        return None
    return Verdict(id=id, stage=STAGE, action=Action.drop, reason=reason, other_id=other_id)
