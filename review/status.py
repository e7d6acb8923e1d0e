"""How far the review is: read from the workspace only, so it never waits for a server."""

from collections import Counter

from pipeline.curation.decisions import standing
from pipeline.store.store import Store
from review.sampling.frame import sampling_frames
from schemas.base import Model
from schemas.decision import Choice


class ReviewStatus(Model):
    """The latest sample, and what was pulled of it."""

    frame: int
    """Number of its sampling frame."""
    size: int
    """Records that the sample was drawn from."""
    sample: int
    decided: int
    """Records of the sample with a decision."""
    choices: dict[Choice, int]
    """The decided records, by the choice that counts."""
    reviewers: dict[str, int]
    """The decided records, by reviewer; one that two have reviewed counts for both."""


def review_status(store: Store) -> ReviewStatus | None:
    """Count the decisions on the latest sample; None before the first push."""
    frames = sampling_frames(store)
    if not frames:
        return None
    frame = frames[-1]
    sample, decisions = set(frame.sample), store.decisions()
    settled = standing(decisions)
    choices = {
        Choice.keep: len(sample & settled.kept),
        Choice.fix: len(sample & settled.fixed.keys()),
        Choice.reject: len(sample & settled.rejected),
    }
    reviewed = {(d.reviewer, d.record_id) for d in decisions if d.record_id in sample}
    return ReviewStatus(
        frame=frame.number,
        size=frame.size,
        sample=len(sample),
        decided=sum(choices.values()),
        choices=choices,
        reviewers=dict(sorted(Counter(reviewer for reviewer, _ in reviewed).items())),
    )
