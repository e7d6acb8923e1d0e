"""The sample: a random draw from a frozen frame, which is what lets it speak for the rest.

A frame is the set of kept ids at the moment of drawing. Only a random draw from it bounds the bad
rows among those that nobody read; rows picked for any other reason never enter that estimate.

Files: `reviews/frame-0001.ids.parquet` (the ids), then `reviews/frame-0001.json` (number, hash,
size, seed, share, the drawn ids), so that the second vouches for the first.
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


class Frame(Model):
    """One draw: from which ids, how, and which were drawn."""

    number: int
    created: datetime
    key: str
    """SHA-256 (hex) of the sorted ids, one a line: the frozen set itself."""
    size: int
    share: float
    seed: int
    sample: tuple[str, ...]
    """The drawn ids, in the order of the draw."""

    @property
    def name(self) -> str:
        """Name of its dataset: with the key, two projects on one server never share one."""
        return f"review-{self.number:04d}-{self.key[:8]}"


def draw(ids: Iterable[str], share: float, seed: int, number: int = 1) -> tuple[str, ...]:
    """Draw ceil(share * N) of N ids: a pure function of the set of ids and the three numbers.

    Each id gets a ticket, the hash of seed, frame number and id, and the smallest are drawn: every
    subset of that size is equally likely, no order of the input matters, and a larger share
    contains the smaller one. The number is in the ticket because each frame needs a draw of its
    own: with the same tickets a later frame would draw the rows that an earlier review has
    cleaned, and call the unread ones as good.
    """
    everyone = set(ids)
    # As a fraction: in floating point 0.07 * 100 is 7.000000000000001, which would draw 8.
    size = math.ceil(Fraction(str(share)) * len(everyone))
    return tuple(sorted(everyone, key=lambda i: _ticket(seed, number, i))[:size])


def _ticket(seed: int, number: int, record_id: str) -> bytes:
    return hashlib.sha256(f"{seed}:{number}:{record_id}".encode()).digest()


def frames(store: Store) -> list[Frame]:
    """All frames, oldest first."""
    paths = sorted(store.reviews_dir.glob("frame-[0-9]*.json"))
    return [Frame.model_validate_json(path.read_bytes()) for path in paths]


def frame_ids(store: Store, frame: Frame) -> set[str]:
    """The ids that a frame was drawn from."""
    path = store.reviews_dir / f"frame-{frame.number:04d}.ids.parquet"
    return set(pl.read_parquet(path)["id"])


def freeze(store: Store, ids: Iterable[str], share: float, seed: int) -> Frame:
    """Freeze a new frame from `ids`, draw its sample and write both, under the lock."""
    everyone = sorted(set(ids))
    with store.lock():
        number = 1 + max((f.number for f in frames(store)), default=0)
        frame = Frame(
            number=number,
            created=datetime.now(UTC),
            key=hashlib.sha256("\n".join(everyone).encode()).hexdigest(),
            size=len(everyone),
            share=share,
            seed=seed,
            sample=draw(everyone, share, seed, number),
        )
        stem = store.reviews_dir / f"frame-{number:04d}"
        table = io.BytesIO()
        pl.DataFrame({"id": everyone}, schema={"id": pl.String()}).write_parquet(table)
        write_atomically(stem.with_suffix(".ids.parquet"), table.getvalue())
        write_atomically(stem.with_suffix(".json"), frame.model_dump_json(indent=2).encode())
    return frame
