"""Who may enter: the one function by which near-duplicates are judged everywhere.

Walking down in order of preference, a row falls to the most similar row that was kept before it,
if that is nearer than the threshold; else it is kept itself. This is the greedy maximal independent
set: every dropped row has a kept twin above the threshold, no two kept rows are above it, and the
order of the input does not matter.
"""

from dataclasses import dataclass

import numpy as np

from pipeline.near_duplicates.join import candidates, cosines, fold, rotation

BLOCK = 1024
"""Rows judged at once against those that stand: pairs are held for one block only, so a template of
50,000 copies makes at most BLOCK² of them, not 1.2 billion."""


@dataclass(frozen=True)
class Admission:
    """What became of a block of rows."""

    twin: np.ndarray
    """int64 (n,): the kept row that each row falls to, or -1 where it was admitted. Indices below
    `len(kept)` are into `kept`, others are `len(kept)` + an index into the block."""
    cosine: np.ndarray
    """float64 (n,): the cosine to the twin; NaN where a row was admitted."""

    @property
    def admitted(self) -> np.ndarray:
        """Bool (n,): the rows that may enter."""
        return self.twin < 0


def admit(kept: np.ndarray, block: np.ndarray, threshold: float) -> Admission:
    """Judge `block`, in order of preference, against `kept` and its own admitted rows.

    Args:
        kept: unit vectors float32 (m, d) that stand already; they are not compared with each other.
        block: unit vectors float32 (n, d), best first.
        threshold: cosine above which two rows are duplicates.
    """
    twins = np.full(len(block), -1, dtype=np.int64)
    measured = np.full(len(block), np.nan)
    if not len(block):
        return Admission(twins, measured)
    rows = np.concatenate([kept, block]) if len(kept) else block
    folded = fold(rows, rotation(rows))
    standing, first = np.arange(len(kept)), len(kept)
    for start in range(first, len(rows), BLOCK):
        here = np.arange(start, min(start + BLOCK, len(rows)))
        twin, cosine = _nearest_standing(_pairs(rows, folded, here, standing, threshold), here)
        # Only rows that nothing stands against yet can be admitted, so only they are twins here.
        within = _pairs(rows, folded, here, here[twin < 0], threshold)
        _settle_within(within, here, twin, cosine)
        twins[here - first], measured[here - first] = twin, cosine
        standing = np.concatenate([standing, here[twin < 0]])
    return Admission(twins, measured)


@dataclass(frozen=True)
class _Pairs:
    """Rows with an earlier one above the threshold, sorted by row; of each the cosine."""

    row: np.ndarray
    other: np.ndarray
    cosine: np.ndarray


def _pairs(
    rows: np.ndarray, folded: np.ndarray, here: np.ndarray, others: np.ndarray, threshold: float
) -> _Pairs:
    found = [(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))]
    for left, right in candidates(folded[here], folded[others], threshold):
        row, other = here[left], others[right]
        row, other = row[other < row], other[other < row]
        exact = cosines(rows, row, other)
        above = exact > threshold
        found.append((row[above], other[above], exact[above]))
    row, other, cosine = (np.concatenate(part) for part in zip(*found, strict=True))
    order = np.lexsort((other, row))
    return _Pairs(row[order], other[order], cosine[order])


def _nearest_standing(pairs: _Pairs, here: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Twin and cosine of each row of `here` by its nearest pair; -1 and NaN without one."""
    twin, cosine = np.full(len(here), -1, np.int64), np.full(len(here), np.nan)
    # Nearest last, and of equals the preferred one (the smaller index) last: it is written last.
    order = np.lexsort((-pairs.other, pairs.cosine))
    place = pairs.row[order] - here[0]
    twin[place], cosine[place] = pairs.other[order], pairs.cosine[order]
    return twin, cosine


def _settle_within(pairs: _Pairs, here: np.ndarray, twin: np.ndarray, cosine: np.ndarray) -> None:
    """Walk down the rows of a block: each falls to the nearest one that is still standing."""
    rows, begins, counts = np.unique(pairs.row, return_index=True, return_counts=True)
    for row, begin, end in zip(rows, begins, begins + counts, strict=True):
        alive = twin[pairs.other[begin:end] - here[0]] < 0
        if not alive.any():
            continue
        near = np.where(alive, pairs.cosine[begin:end], -np.inf)
        best, place = int(near.argmax()), row - here[0]
        if twin[place] < 0 or near[best] > cosine[place]:
            twin[place], cosine[place] = pairs.other[begin + best], near[best]
