"""Send the random sample to the reviewers. Safe to repeat: cards are updated by id, never doubled.

A sampling frame is the frozen set of ids that a sample was drawn from. While any record of the
latest sample waits for a decision, its frame is open: a push sends that sample again, even if
`share` or `seed` were changed since, so that no review is cut off. When all are decided, a push
draws a new frame from what is kept by then, provided that records were added. Corrections do not
count as added, because a person wrote them. `fresh=True` draws a new frame at once.
"""

from typing import Any

import polars as pl

from pipeline.store.store import Store
from review.argilla.card import Card, make_card
from review.argilla.client import ReviewServer
from review.sampling.frame import SamplingFrame, frame_ids, freeze_frame, sampling_frames
from review.settings import ReviewSettings
from schemas.base import Model
from schemas.errors import UserError
from schemas.progress import Progress, quiet


class PushReport(Model):
    """What was sent, and why not more."""

    frame: int
    """Its number."""
    drawn_now: bool
    """Whether this push drew the sample; else it was drawn before."""
    share: float
    size: int
    """Records that the sample was drawn from."""
    sample: int
    decided: int
    """How many of the sample were decided before, so not sent again."""
    gone: int
    """How many of the sample are undecided but no longer kept, so not sent."""
    sent: int
    cut: tuple[str, ...]
    """Ids of records that are too long to be shown in full."""
    url: str


def push_sample(
    store: Store,
    kept: pl.DataFrame,
    settings: ReviewSettings,
    server: ReviewServer,
    progress: Progress = quiet,
    fresh: bool = False,
) -> PushReport:
    """Send what is undecided of the sample; draw a new one first if no frame is open.

    Args:
        store: The workspace.
        kept: The records that are kept now, with the columns of `card.make_card`.
        settings: The `[review]` table: how much to draw, and for whom.
        server: Where to.
        progress: Told of the records sent.
        fresh: Draw a new sample even if the latest frame is open.

    Raises:
        UserError: nothing is kept, or the server refuses.
    """
    if kept.is_empty():
        raise UserError(
            "no record is kept, so there is nothing to review", "run `curate ingest` first"
        )
    current = None if fresh else _current_frame(store, kept)
    frame = current or freeze_frame(store, kept["id"], settings.share, settings.seed)
    decided = {decision.record_id for decision in store.decisions()}
    waiting = [id for id in frame.sample if id not in decided]
    cards = _cards(kept, waiting, frame, server.text_limit)
    server.prepare(settings.workspace, settings.reviewers, frame.name)
    server.send(settings.workspace, frame.name, cards, progress)
    return PushReport(
        frame=frame.number,
        drawn_now=current is None,
        share=frame.share,
        size=frame.size,
        sample=len(frame.sample),
        decided=len(frame.sample) - len(waiting),
        gone=len(waiting) - len(cards),
        sent=len(cards),
        cut=tuple(card.id for card in cards if card.cut),
        url=server.url,
    )


def _current_frame(store: Store, kept: pl.DataFrame) -> SamplingFrame | None:
    """The latest frame; None if there is none, or if it is decided and records were added since."""
    frames = sampling_frames(store)
    if not frames:
        return None
    frame, ids, decisions = frames[-1], set(kept["id"]), store.decisions()
    waiting = (set(frame.sample) & ids) - {decision.record_id for decision in decisions}
    corrections = {decision.child_id for decision in decisions}
    added = ids - frame_ids(store, frame) - corrections
    return frame if waiting or not added else None


def _cards(
    kept: pl.DataFrame, waiting: list[str], frame: SamplingFrame, text_limit: int
) -> list[Card]:
    """One card for each of `waiting` that is still kept, in the order of the draw."""
    rows: dict[str, dict[str, Any]] = {
        row["id"]: row for row in kept.filter(pl.col("id").is_in(waiting)).iter_rows(named=True)
    }
    return [
        make_card(rows[id], len(frame.sample), frame.size, text_limit)
        for id in waiting
        if id in rows
    ]
