"""Who may enter: the one function by which near-duplicates are judged everywhere.

Walking down in order of preference, a row falls to the most similar row that was kept before it,
if that is nearer than the threshold; else it is kept itself. This is the greedy maximal independent
set: every dropped row has a kept twin above the threshold, no two kept rows are above it, and the
order of the input does not matter. The one file that imports faiss.
"""

from dataclasses import dataclass

import numpy as np

from schemas.errors import MissingExtra

SLACK = 1e-5
"""float32 products of unit vectors are off by less; candidates are decided in float64."""


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
        kept: unit vectors float32 (m, d) that stand already; no two need be compared.
        block: unit vectors float32 (n, d), best first.
        threshold: cosine above which two rows are duplicates.
    """
    twins = np.full(len(block), -1, dtype=np.int64)
    measured = np.full(len(block), np.nan)
    if not len(block):
        return Admission(twins, measured)
    everything = np.concatenate([kept, block]) if len(kept) else block
    for row, candidates in enumerate(_candidates(everything, block, threshold - SLACK)):
        place = len(kept) + row
        earlier = np.sort(candidates[candidates < place])
        in_block = earlier[earlier >= len(kept)] - len(kept)
        standing = np.concatenate(
            [earlier[earlier < len(kept)], in_block[twins[in_block] < 0] + len(kept)]
        )
        if not len(standing):
            continue
        exact = cosines(everything[standing], block[row])
        best = int(np.argmax(exact))
        if exact[best] > threshold:
            twins[row], measured[row] = standing[best], exact[best]
    return Admission(twins, measured)


def cosines(rows: np.ndarray, row: np.ndarray) -> np.ndarray:
    """float64 (n,): the cosine of each of `rows` to `row`, the same whatever stands around it.

    Not a matrix product: its last bits depend on the shape, and with them a verdict.
    """
    product: np.ndarray = (rows.astype(np.float64) * row.astype(np.float64)).sum(axis=1)
    return product


def pairs_above(vectors: np.ndarray, threshold: float) -> np.ndarray:
    """int64 (pairs, 2): rows i < j whose cosine is above the threshold."""
    found = [
        (other, row)
        for row, candidates in enumerate(_candidates(vectors, vectors, threshold))
        for other in candidates[candidates < row]
    ]
    return np.array(found, dtype=np.int64).reshape(-1, 2)


def _candidates(everything: np.ndarray, block: np.ndarray, threshold: float) -> list[np.ndarray]:
    """For each row of the block, the rows of `everything` whose inner product is above."""
    try:
        import faiss
    except ImportError:
        raise MissingExtra("faiss-cpu", "embed") from None
    index = faiss.IndexFlatIP(everything.shape[1])
    index.add(everything)
    limits, _, found = index.range_search(block, threshold)
    return [found[limits[row] : limits[row + 1]] for row in range(len(block))]
