"""All pairs above a cosine, exactly, from a matrix product of 64 columns in place of 384.

Unit vectors are rotated to the eigenvectors of X'X, largest first, which changes no product. The
first columns stay, and one more holds the norm of all that was cut off. By Cauchy-Schwarz
`x.y <= x1.y1 + |x2||y2|`: the folded product is never below the cosine, so no pair is lost. The few
candidates are narrowed by whole products in float32, and what decides is taken in float64.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

WIDTH = 64
"""Columns that are multiplied. On 36,506 real questions by MiniLM 40 columns leave 5.2e-4 of the
pairs to be narrowed, 64 leave 6.5e-5 (4.1e-5 are true); of hashed n-grams 2.6e-2 and 3.1e-4."""

SAMPLE = 8192
"""Rows that the rotation is learnt from. It only decides how fast, never what is found."""

SLACK = 1e-5
"""float32 products of unit vectors are off by less."""

FEW = 4096
"""Fewer rows are compared in less time than a rotation is learnt."""

ROWS, COLUMNS = 1024, 4096
"""One tile of products: 16 MiB."""

PAIRS = 20_000
"""Pairs whose cosine is taken, or rows that are folded, at once: 60 MB at 384 columns."""

DENSE = 0.02
"""Share of the cells of a tile from which one whole product is less work than its single pairs."""

CROWDED = 0.05
"""Share from which a tile is looked at as a whole: one of a template group has four million pairs,
of which few can matter."""


@dataclass(frozen=True)
class Folded:
    """Unit vectors (n, d) float32 and what is multiplied of them (n, at most `WIDTH`)."""

    vectors: np.ndarray
    folded: np.ndarray


class Near(NamedTuple):
    """Pairs of rows that are near: two of int64 and their product in float32, off by < `SLACK`."""

    row: np.ndarray
    other: np.ndarray
    product: np.ndarray

    def take(self, chosen: np.ndarray) -> "Near":
        """Some of the pairs."""
        return Near(self.row[chosen], self.other[chosen], self.product[chosen])


NOTHING = Near(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.float32))


def folded(vectors: np.ndarray) -> Folded:
    """Rotate and fold by a rotation that is learnt from the same vectors."""
    return Folded(vectors, fold(vectors, rotation(vectors)))


def rotation(vectors: np.ndarray) -> np.ndarray:
    """An orthogonal matrix (d, d), float32, that puts most of the energy into the first columns."""
    if len(vectors) < FEW:
        return np.eye(vectors.shape[1], dtype=np.float32)
    sample = vectors[:: max(1, len(vectors) // SAMPLE)]
    _, columns = np.linalg.eigh((sample.T @ sample).astype(np.float64))
    rotated: np.ndarray = columns[:, ::-1].astype(np.float32)
    return rotated


def fold(vectors: np.ndarray, turned: np.ndarray) -> np.ndarray:
    """Rotated and folded to `WIDTH` columns; vectors that are not wider are only rotated."""
    if vectors.shape[1] <= WIDTH:
        whole: np.ndarray = vectors @ turned
        return whole
    found = np.empty((len(vectors), WIDTH), np.float32)
    for start in range(0, len(vectors), PAIRS):
        rows = vectors[start : start + PAIRS] @ turned
        found[start : start + PAIRS, :-1] = rows[:, : WIDTH - 1]
        found[start : start + PAIRS, -1] = np.linalg.norm(rows[:, WIDTH - 1 :], axis=1)
    return found


Narrow = Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray]
"""Takes rows, columns and their products (rows, columns); returns which cells are wanted."""


def near(
    left: Folded,
    rows: np.ndarray,
    right: Folded,
    columns: np.ndarray,
    threshold: float,
    narrow: Narrow | None = None,
) -> Iterator[Near]:
    """Pairs that may be above the threshold, tile by tile, and all of those that are.

    `rows` of `left` are compared with `columns` of `right` (int64 indices); the products that come
    back are above `threshold - SLACK`. Where a tile is crowded, `narrow` says which are wanted.
    """
    for top in range(0, len(rows), ROWS):
        mine = rows[top : top + ROWS]
        block = left.folded[mine]
        for begin in range(0, len(columns), COLUMNS):
            theirs = columns[begin : begin + COLUMNS]
            found = _true_cells(block @ right.folded[theirs].T > threshold - SLACK)
            if narrow and len(found) > CROWDED * len(mine) * len(theirs):
                whole = left.vectors[mine] @ right.vectors[theirs].T
                place, where = np.nonzero(narrow(mine, theirs, whole))
                yield Near(mine[place], theirs[where], whole[place, where])
            elif len(found):
                place, where = np.divmod(found, len(theirs))
                row, column = mine[place], theirs[where]
                product = _products(left.vectors, right.vectors, row, column)
                yield Near(row, column, product).take(product > threshold - SLACK)


def within(rows: Folded, threshold: float, narrow: Narrow | None = None) -> Iterator[Near]:
    """Pairs of each row with the earlier ones that may be near it, as `near` gives them."""
    for top in range(0, len(rows.vectors), ROWS):
        end = min(top + ROWS, len(rows.vectors))
        for pairs in near(rows, np.arange(top, end), rows, np.arange(end), threshold, narrow):
            yield pairs.take(pairs.other < pairs.row)


def across(
    left: np.ndarray, right: np.ndarray, threshold: float
) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Pairs of a row of `left` and one of `right` above the threshold, tile by tile.

    Both are unit vectors, float32 (n, d) and (m, d); yields rows (int64), columns (int64) and
    cosines (float64).
    """
    if not len(left) or not len(right):
        return
    turned = rotation(np.concatenate([left, right]))
    one, other = Folded(left, fold(left, turned)), Folded(right, fold(right, turned))
    every = np.arange(len(left)), np.arange(len(right))
    for pairs in near(one, every[0], other, every[1], threshold):
        exact = cosines(left, right, pairs.row, pairs.other)
        above = exact > threshold
        yield pairs.row[above], pairs.other[above], exact[above]


def cosines(
    left: np.ndarray, right: np.ndarray, rows: np.ndarray, columns: np.ndarray
) -> np.ndarray:
    """float64 (n,): the cosines of pairs of rows, the same whatever stands around them.

    Not a matrix product: its last bits depend on the shape, and with them a verdict.
    """
    found = [np.zeros(0)]
    for start in range(0, len(rows), PAIRS):
        one = left[rows[start : start + PAIRS]].astype(np.float64)
        found.append((one * right[columns[start : start + PAIRS]]).sum(axis=1))
    return np.concatenate(found)


def above(vectors: np.ndarray, pairs: Near, threshold: float) -> np.ndarray:
    """Bool (pairs,): which are above the threshold; only those close to it are measured again."""
    sure: np.ndarray = pairs.product > threshold + SLACK
    unsure = pairs.take(~sure)
    sure[~sure] = cosines(vectors, vectors, unsure.row, unsure.other) > threshold
    return sure


def _true_cells(tile: np.ndarray) -> np.ndarray:
    """Flat indices of the few True cells: eight are looked at as one word."""
    flat = tile.reshape(-1)
    if len(flat) % 8:
        return np.flatnonzero(flat)
    words = np.flatnonzero(flat.view(np.uint64))
    cells: np.ndarray = (words[:, None] * 8 + np.arange(8)).reshape(-1)
    true: np.ndarray = cells[flat[cells]]
    return true


def _products(
    left: np.ndarray, right: np.ndarray, rows: np.ndarray, columns: np.ndarray
) -> np.ndarray:
    """float32 products of pairs: one by one, or of all their rows where pairs are many."""
    top, place = np.unique(rows, return_inverse=True)
    side, where = np.unique(columns, return_inverse=True)
    if len(rows) > DENSE * len(top) * len(side):
        products: np.ndarray = (left[top] @ right[side].T)[place, where]
        return products
    found = [np.zeros(0, np.float32)]
    for start in range(0, len(rows), PAIRS):
        one, other = left[rows[start : start + PAIRS]], right[columns[start : start + PAIRS]]
        found.append(np.einsum("ij,ij->i", one, other))
    return np.concatenate(found)
