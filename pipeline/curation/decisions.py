"""What people decided, applied before any filter looks."""

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
    """The decisions that count: of each reviewer the latest, of several reviewers the gravest."""

    rejected: frozenset[str] = frozenset()
    fixed: dict[str, str] = Field(default_factory=dict)
    """Replaced record to the correction that stands instead."""
    kept: frozenset[str] = frozenset()

    @property
    def approved(self) -> frozenset[str]:
        """Ids that a person kept, or wrote: no row stage drops them."""
        return self.kept | frozenset(self.fixed.values())


def standing(decisions: list[Decision]) -> Standing:
    """Settle a log of decisions: latest of each reviewer, then reject > fix > keep.

    Of several corrections of one record the latest stands, then the smallest id.
    """
    latest: dict[tuple[str, str], Decision] = {}
    for decision in sorted(decisions, key=lambda d: (d.at, d.child_id or "")):
        latest[decision.record_id, decision.reviewer] = decision
    said: dict[str, list[Decision]] = defaultdict(list)
    for decision in latest.values():
        said[decision.record_id].append(decision)
    weight = list(Choice)
    settled = {
        record: min(votes, key=lambda d: (weight.index(d.choice), -d.at.timestamp(), d.child_id))
        for record, votes in said.items()
    }
    return Standing(
        rejected=frozenset(r for r, d in settled.items() if d.choice is Choice.reject),
        fixed={r: d.child_id for r, d in settled.items() if d.choice is Choice.fix and d.child_id},
        kept=frozenset(r for r, d in settled.items() if d.choice is Choice.keep),
    )


def decided(records: pl.DataFrame, said: Standing) -> pl.DataFrame:
    """Verdicts that drop what people rejected, replaced, or no longer want replaced."""
    there = set(records["id"])  # a correction may have been taken back with its batch
    fixed = {old: child for old, child in said.fixed.items() if child in there}
    said = said.model_copy(update={"fixed": fixed})
    verdicts = [
        verdict
        for row in records.select("id", "origin", "parents").iter_rows(named=True)
        if (verdict := _verdict(row["id"], row["origin"], row["parents"] or [], said)) is not None
    ]
    return pl.DataFrame([v.model_dump(mode="json") for v in verdicts], schema=VERDICT_SCHEMA)


def _verdict(id: str, origin: str, parents: list[str], said: Standing) -> Verdict | None:
    if id in said.rejected:
        reason, other = Reason.rejected_by_reviewer, None
    elif id in said.fixed and said.fixed[id] != id:
        reason, other = Reason.replaced, said.fixed[id]
    elif origin == Origin.corrected and id not in said.approved:
        reason, other = Reason.superseded, next(iter(parents), None)
    else:
        return None
    return Verdict(id=id, stage=STAGE, action=Action.drop, reason=reason, other_id=other)
