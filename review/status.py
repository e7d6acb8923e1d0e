"""How far the review is: read from the workspace alone, so it never waits for a server."""

from collections import Counter

from pipeline.curation.decisions import standing
from pipeline.store.store import Store
from review.sampling.frame import frames
from schemas.base import Model
from schemas.decision import Choice


class ReviewStatus(Model):
    """The latest frame, and what was pulled of its sample."""

    frame: int
    size: int
    """Records that the sample was drawn from."""
    sample: int
    decided: int
    """Of the sample: records with a decision."""
    choices: dict[Choice, int]
    """Of the decided: by the choice that counts."""
    reviewers: dict[str, int]
    """Of the decided: by reviewer; a record that two have read counts for both."""


def status(store: Store) -> ReviewStatus | None:
    """Count the decisions on the latest sample; None before the first push."""
    drawn = frames(store)
    if not drawn:
        return None
    frame = drawn[-1]
    sample, decisions = set(frame.sample), store.decisions()
    said = standing(decisions)
    choices = {
        Choice.keep: len(sample & said.kept),
        Choice.fix: len(sample & said.fixed.keys()),
        Choice.reject: len(sample & said.rejected),
    }
    readers = {(d.reviewer, d.record_id) for d in decisions if d.record_id in sample}
    return ReviewStatus(
        frame=frame.number,
        size=frame.size,
        sample=len(sample),
        decided=sum(choices.values()),
        choices=choices,
        reviewers=dict(sorted(Counter(reviewer for reviewer, _ in readers).items())),
    )
