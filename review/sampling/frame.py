"""The sample: a random draw from a sampling frame, the frozen set of ids that it stands for.

The frame is the set of kept ids at the moment of drawing. Only a random draw from it allows a bound
on the bad rows among those that nobody read; rows picked for any other reason must not enter it.

Files: `reviews/frame-0001.ids.parquet` (the ids) is written first, then `reviews/frame-0001.json`
(number, hash, size, seed, share, the drawn ids): a frame exists once the second does.
"""

import hashlib
import io
import math
from collections.abc import Iterable
from datetime import UTC, datetime
from fractions import Fraction

import polars as pl

from pipeline.files import write_atomically
from pipeline.store.store import Store
from schemas.base import Model


class SamplingFrame(Model):
    """One draw: the ids that it was made from, how it was made, and the ids that were drawn."""

    number: int
    created: datetime
    key: str
    """SHA-256 (hex) of the sorted ids, one per line: names the frozen set."""
    size: int
    """Ids in the frozen set."""
    share: float
    seed: int
    sample: tuple[str, ...]
    """The drawn ids, in the order of the draw."""

    @property
    def name(self) -> str:
        """Name of its dataset. With the key in it, two projects on one server never share one."""
        return f"review-{self.number:04d}-{self.key[:8]}"


def draw_sample(ids: Iterable[str], share: float, seed: int, number: int = 1) -> tuple[str, ...]:
    """Draw ceil(share * N) of N ids: a pure function of the set of ids and the three numbers.

    Each id gets a ticket, a hash of seed, frame number and id, and the smallest tickets win. So
    every subset of that size is equally likely, the order of the input does not matter, and a
    larger share contains the smaller one. The number is in the ticket so that each frame has a draw
    of its own: with the same tickets, a later frame would draw the rows that an earlier review has
    cleaned, and make the unread ones look as good.
    """
    distinct = set(ids)
    # As a fraction, since 0.07 * 100 is 7.000000000000001 in floating point and would draw 8.
    size = math.ceil(Fraction(str(share)) * len(distinct))
    return tuple(sorted(distinct, key=lambda id: _ticket(seed, number, id))[:size])


def _ticket(seed: int, number: int, record_id: str) -> bytes:
    return hashlib.sha256(f"{seed}:{number}:{record_id}".encode()).digest()


def sampling_frames(store: Store) -> list[SamplingFrame]:
    """All sampling frames of a workspace, oldest first."""
    paths = sorted(store.reviews_dir.glob("frame-[0-9]*.json"))
    return [SamplingFrame.model_validate_json(path.read_bytes()) for path in paths]


def frame_ids(store: Store, frame: SamplingFrame) -> set[str]:
    """The frozen set of ids that the frame's sample was drawn from."""
    path = store.reviews_dir / f"frame-{frame.number:04d}.ids.parquet"
    return set(pl.read_parquet(path)["id"])


def freeze_frame(store: Store, ids: Iterable[str], share: float, seed: int) -> SamplingFrame:
    """Freeze a new frame of `ids`, draw its sample and write both, under the lock.

    Args:
        store: The workspace.
        ids: What to draw from: the kept records.
        share: Share to draw, above 0 and up to 1.
        seed: Another seed draws another sample.
    """
    frozen = sorted(set(ids))
    with store.lock():
        number = 1 + max((f.number for f in sampling_frames(store)), default=0)
        frame = SamplingFrame(
            number=number,
            created=datetime.now(UTC),
            key=hashlib.sha256("\n".join(frozen).encode()).hexdigest(),
            size=len(frozen),
            share=share,
            seed=seed,
            sample=draw_sample(frozen, share, seed, number),
        )
        stem = store.reviews_dir / f"frame-{number:04d}"
        table = io.BytesIO()
        pl.DataFrame({"id": frozen}, schema={"id": pl.String()}).write_parquet(table)
        write_atomically(stem.with_suffix(".ids.parquet"), table.getvalue())
        write_atomically(stem.with_suffix(".json"), frame.model_dump_json(indent=2).encode())
    return frame
