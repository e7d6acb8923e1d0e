"""Send the random sample to the reviewers. Safe to repeat: cards are renewed by id, never doubled.

Which sample: while any record of the latest frame's sample waits for a decision, that frame is
open, and a push sends its sample again, whatever `share` and `seed` say by now: an answer that was
awaited is not dropped for a fresh draw. When all are decided, a push after new records were kept
draws a new frame from all that is kept now; corrections do not count as new, as a person wrote
them. `fresh=True` draws a new frame at once.
"""

from typing import Any

import polars as pl

from pipeline.store.store import Store
from review.argilla.card import Card, make_card
from review.argilla.client import ReviewServer
from review.sampling.frame import Frame, frame_ids, frames, freeze
from review.settings import ReviewSettings
from schemas.base import Model
from schemas.errors import UserError
from schemas.progress import Progress, quiet


class PushReport(Model):
    """What was sent, and why not more."""

    frame: int
    drawn_now: bool
    """Whether this push drew the frame; else it was there already."""
    share: float
    size: int
    """Records that the sample was drawn from."""
    sample: int
    decided: int
    """Of the sample: decided before, so not sent again."""
    gone: int
    """Of the sample: undecided and no longer kept, so not sent."""
    sent: int
    cut: tuple[str, ...]
    """Ids of records that are too long to be shown in full."""
    url: str


def push(
    store: Store,
    kept: pl.DataFrame,
    settings: ReviewSettings,
    server: ReviewServer,
    progress: Progress = quiet,
    fresh: bool = False,
) -> PushReport:
    """Send what is undecided of the sample; draw a frame first when none is open.

    Args:
        store: The workspace.
        kept: The records that are kept now, with the columns of `card.make_card`.
        settings: How much to draw, and for whom.
        server: Where to.
        progress: Told of the records sent.
        fresh: Draw a new frame even though the latest is open.

    Raises:
        UserError: nothing is kept, or the server refuses.
    """
    if kept.is_empty():
        raise UserError("no record is kept, so there is nothing to review", "`curate ingest` first")
    known = frames(store)
    frame = None if fresh else _usable(store, known, kept)
    chosen = frame or freeze(store, kept["id"], settings.share, settings.seed)
    decided = {decision.record_id for decision in store.decisions()}
    waiting = [i for i in chosen.sample if i not in decided]
    cards = _cards(kept, waiting, chosen, server.text_limit)
    server.prepare(settings.workspace, settings.reviewers, chosen.name)
    server.send(settings.workspace, chosen.name, cards, progress)
    return PushReport(
        frame=chosen.number,
        drawn_now=frame is None,
        share=chosen.share,
        size=chosen.size,
        sample=len(chosen.sample),
        decided=len(chosen.sample) - len(waiting),
        gone=len(waiting) - len(cards),
        sent=len(cards),
        cut=tuple(card.id for card in cards if card.cut),
        url=server.url,
    )


def _usable(store: Store, known: list[Frame], kept: pl.DataFrame) -> Frame | None:
    """Return the latest frame, unless it is done with and records were kept that it never saw."""
    if not known:
        return None
    frame, ids, decisions = known[-1], set(kept["id"]), store.decisions()
    if (set(frame.sample) & ids) - {decision.record_id for decision in decisions}:
        return frame
    corrections = {decision.child_id for decision in decisions}
    return None if ids - frame_ids(store, frame) - corrections else frame


def _cards(kept: pl.DataFrame, waiting: list[str], frame: Frame, text_limit: int) -> list[Card]:
    """One card for each of `waiting` that is still kept, in the order of the draw."""
    rows: dict[str, dict[str, Any]] = {
        row["id"]: row for row in kept.filter(pl.col("id").is_in(waiting)).iter_rows(named=True)
    }
    return [
        make_card(rows[i], len(frame.sample), frame.size, text_limit) for i in waiting if i in rows
    ]
