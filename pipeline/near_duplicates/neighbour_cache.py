"""What was found near what stood, kept from one run to the next.

When a setting changes, most rows are judged again with the same neighbours. A row that was compared
with all that stood need only be compared with what stands now and did not stand then. So a second
run costs what changed and not the square of what is there, and says the same as a first one.
"""

import io
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from pipeline.files import write_atomically
from pipeline.near_duplicates.join import NOTHING, Near

MARGIN = 0.07
"""How far below the threshold pairs are kept: a threshold lowered by less compares nothing anew."""

MOST = 64
"""Nearest rows that are kept of one row: a template group has more, and never all of its pairs."""


@dataclass(frozen=True)
class Hits:
    """Rows, and the standing rows before each that are near it. n is the number of rows."""

    known: np.ndarray
    """Bool (n,): the row was compared with all rows before it that `stood`."""
    stood: np.ndarray
    """Bool (n,): the row was kept then."""
    floor: np.ndarray
    """float32 (n,): every pair of the row with a product above this is in `pairs`."""
    pairs: Near
    """Sorted by row; the other one comes before it and `stood`."""

    def of(self, here: np.ndarray) -> Near:
        """The pairs of consecutive rows."""
        begin, end = np.searchsorted(self.pairs.row, [here[0], here[-1] + 1])
        return self.pairs.take(np.arange(begin, end))


def nothing(rows: int) -> Hits:
    """Of rows that were never compared."""
    never = np.zeros(rows, bool)
    return Hits(never, never, np.zeros(rows, np.float32), NOTHING)


class Collector:
    """Gathers the hits of a run, block by block; of one row not more than `MOST` stay."""

    def __init__(self, before: Hits, floor: float) -> None:
        """Gather pairs above `floor`, of known rows those above their own floor in `before`."""
        self._floor = np.where(before.known, np.maximum(before.floor, floor), floor)
        self._closed, self._block = [NOTHING], NOTHING

    def add(self, pairs: Near) -> None:
        """More pairs of the rows of a block with rows that stand."""
        both = Near(*map(np.concatenate, zip(self._block, pairs, strict=True)))
        both = both.take(np.lexsort((-both.product, both.row)))
        rows, begins, counts = np.unique(both.row, return_index=True, return_counts=True)
        many = counts > MOST
        last = both.product[begins[many] + MOST - 1]
        self._floor[rows[many]] = np.maximum(self._floor[rows[many]], last)
        place = np.arange(len(both.row)) - np.repeat(begins, counts)
        self._block = both.take(place < MOST)

    def close(self) -> Near:
        """End a block; what stays of it."""
        closed, self._block = self._block, NOTHING
        self._closed.append(closed)
        return closed

    def hits(self, stands: np.ndarray) -> Hits:
        """All that was gathered, `stands` being the rows that are kept now."""
        pairs = Near(*map(np.concatenate, zip(*self._closed, strict=True)))
        return Hits(np.ones(len(stands), bool), stands, self._floor.astype(np.float32), pairs)


def read(path: Path, names: np.ndarray) -> Hits:
    """The hits of an earlier run for the rows that are here now, or none.

    Args:
        path: a file of `write`; one that is missing or damaged holds nothing.
        names: uint64 (n,), equal for a row exactly if it is the same with the same vector, and has
            kept its place among all others that are the same.
    """
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in archive.files}
        return _aligned(arrays, names)
    except (OSError, EOFError, ValueError, KeyError, IndexError, zipfile.BadZipFile):
        return nothing(len(names))


def _aligned(then: dict[str, np.ndarray], names: np.ndarray) -> Hits:
    """The arrays of a file, by the numbers that its rows have now."""
    if not len(then["names"]):
        return nothing(len(names))
    order = np.argsort(then["names"])
    place = np.searchsorted(then["names"], names, sorter=order).clip(max=len(order) - 1)
    was = order[place]
    there = then["names"][was] == names
    now = np.full(len(order), -1)
    now[was[there]] = np.flatnonzero(there)
    pairs = Near(now[then["row"]], now[then["other"]], then["product"])
    pairs = pairs.take((pairs.other >= 0) & (pairs.row > pairs.other))
    return Hits(
        there,
        there & then["stood"][was],
        then["floor"][was],
        pairs.take(np.argsort(pairs.row, kind="stable")),
    )


def write(path: Path, names: np.ndarray, hits: Hits) -> None:
    """Write the hits of rows that are called `names`; a reader never sees half of the file."""
    file = io.BytesIO()
    np.savez(
        file,
        allow_pickle=False,
        names=names,
        stood=hits.stood,
        floor=hits.floor,
        row=hits.pairs.row.astype(np.int32),
        other=hits.pairs.other.astype(np.int32),
        product=hits.pairs.product,
    )
    write_atomically(path, file.getvalue())
