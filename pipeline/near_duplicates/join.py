"""All pairs above a cosine, exactly, from a matrix product of 64 columns in place of 384.

Unit vectors are rotated to the eigenvectors of X'X, the largest first, which changes no product.
The first columns stay, and one more column holds the norm of all that was cut off. By
Cauchy-Schwarz `x.y <= x1.y1 + |x2||y2|` the product of projected vectors is never below the cosine,
so no pair is lost. The few pairs that may be above the threshold are measured again by whole
products in float32, and what decides is computed in float64.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

WIDTH = 64
"""Columns that are multiplied. On 36,506 real questions by MiniLM 40 columns leave 5.2e-4 of the
pairs to be measured again, and 64 leave 6.5e-5 (4.1e-5 are true); of hashed n-grams 2.6e-2 and
3.1e-4."""

SAMPLE = 8192
"""Rows that the rotation is learnt from. It only decides how fast, never what is found."""

SLACK = 1e-5
"""float32 products of unit vectors are off by less."""

FEW = 4096
"""Fewer rows are compared in less time than a rotation is learnt."""

ROWS, COLUMNS = 1024, 4096
"""One tile of products: 16 MiB."""

PAIRS = 20_000
"""Pairs whose cosine is computed, or rows that are projected, at once: 60 MB at 384 columns."""

DENSE = 0.02
"""Share of the cells of a tile from which one whole product is less work than its single pairs."""

CROWDED = 0.05
"""Share of near cells from which a tile is looked at as a whole: a tile of a template group has
four million pairs, of which few can matter."""


@dataclass(frozen=True)
class Projected:
    """Unit vectors, and the fewer columns of them that are multiplied first."""

    vectors: np.ndarray
    """float32 (n, d)."""
    columns: np.ndarray
    """float32 (n, at most `WIDTH`); products of two rows are never below those of `vectors`."""


class NearPairs(NamedTuple):
    """Pairs of rows that are near."""

    row: np.ndarray
    """int64 (pairs,)."""
    other: np.ndarray
    """int64 (pairs,)."""
    product: np.ndarray
    """float32 (pairs,): the product of the two vectors, off by less than `SLACK`."""

    def take(self, chosen: np.ndarray) -> "NearPairs":
        """Some of the pairs, chosen by a mask or by their places."""
        return NearPairs(self.row[chosen], self.other[chosen], self.product[chosen])


NO_PAIRS = NearPairs(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.float32))


def merged(parts: Iterable[NearPairs]) -> NearPairs:
    """All pairs of several parts, in their order."""
    return NearPairs(*map(np.concatenate, zip(NO_PAIRS, *parts, strict=True)))


def projected(vectors: np.ndarray) -> Projected:
    """Project unit vectors, float32 (n, d), by a rotation that is learnt from the same vectors."""
    return Projected(vectors, project(vectors, rotation(vectors)))


def rotation(vectors: np.ndarray) -> np.ndarray:
    """An orthogonal matrix (d, d), float32, that puts most of the energy into the first columns."""
    if len(vectors) < FEW:
        return np.eye(vectors.shape[1], dtype=np.float32)
    sample = vectors[:: max(1, len(vectors) // SAMPLE)]
    _, columns = np.linalg.eigh((sample.T @ sample).astype(np.float64))
    largest_first: np.ndarray = columns[:, ::-1].astype(np.float32)
    return largest_first


def project(vectors: np.ndarray, turn: np.ndarray) -> np.ndarray:
    """Vectors rotated by `turn`, with all columns from the 64th on replaced by their norm.

    Vectors that have no more than `WIDTH` columns are only rotated.
    """
    if vectors.shape[1] <= WIDTH:
        rotated: np.ndarray = vectors @ turn
        return rotated
    columns = np.empty((len(vectors), WIDTH), np.float32)
    for start in range(0, len(vectors), PAIRS):
        rows = vectors[start : start + PAIRS] @ turn
        columns[start : start + PAIRS, :-1] = rows[:, : WIDTH - 1]
        columns[start : start + PAIRS, -1] = np.linalg.norm(rows[:, WIDTH - 1 :], axis=1)
    return columns


Narrow = Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray]
"""Takes rows, columns and their products (rows, columns); returns which cells are wanted."""


def compare_rows(
    left: Projected,
    rows: np.ndarray,
    right: Projected,
    columns: np.ndarray,
    threshold: float,
    narrow: Narrow | None = None,
) -> Iterator[NearPairs]:
    """Pairs that may be above the threshold, tile by tile, and all of those that are.

    `rows` of `left` are compared with `columns` of `right` (int64 row numbers); the products that
    come back are above `threshold - SLACK`. Of a crowded tile come only those pairs that `narrow`
    wants.
    """
    for top in range(0, len(rows), ROWS):
        tile_rows = rows[top : top + ROWS]
        block = left.columns[tile_rows]
        for begin in range(0, len(columns), COLUMNS):
            tile_columns = columns[begin : begin + COLUMNS]
            cells = _true_cells(block @ right.columns[tile_columns].T > threshold - SLACK)
            if narrow and len(cells) > CROWDED * len(tile_rows) * len(tile_columns):
                whole = left.vectors[tile_rows] @ right.vectors[tile_columns].T
                down, along = np.nonzero(narrow(tile_rows, tile_columns, whole))
                yield NearPairs(tile_rows[down], tile_columns[along], whole[down, along])
            elif len(cells):
                down, along = np.divmod(cells, len(tile_columns))
                row, column = tile_rows[down], tile_columns[along]
                product = _products(left.vectors, right.vectors, row, column)
                yield NearPairs(row, column, product).take(product > threshold - SLACK)


def compare_within(
    rows: Projected, threshold: float, narrow: Narrow | None = None
) -> Iterator[NearPairs]:
    """Pairs of each row with the earlier ones that may be near it, as `compare_rows` gives them."""
    for top in range(0, len(rows.vectors), ROWS):
        end = min(top + ROWS, len(rows.vectors))
        for pairs in compare_rows(
            rows, np.arange(top, end), rows, np.arange(end), threshold, narrow
        ):
            yield pairs.take(pairs.other < pairs.row)


def exact_pairs(
    left: np.ndarray, right: np.ndarray, threshold: float
) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Pairs of a row of `left` and one of `right` above the threshold, tile by tile.

    Both are unit vectors, float32 (n, d) and (m, d); yields rows (int64), columns (int64) and
    cosines (float64).
    """
    if not len(left) or not len(right):
        return
    turn = rotation(np.concatenate([left, right]))
    short = Projected(left, project(left, turn)), Projected(right, project(right, turn))
    rows, columns = np.arange(len(left)), np.arange(len(right))
    for pairs in compare_rows(short[0], rows, short[1], columns, threshold):
        exact = cosines(left, right, pairs.row, pairs.other)
        near = exact > threshold
        yield pairs.row[near], pairs.other[near], exact[near]


def cosines(
    left: np.ndarray, right: np.ndarray, rows: np.ndarray, columns: np.ndarray
) -> np.ndarray:
    """float64 (n,): the cosines of pairs of rows, the same whatever stands around them.

    Not a matrix product: its last bits depend on the shape, and with them a verdict.
    """
    parts = [np.zeros(0)]
    for start in range(0, len(rows), PAIRS):
        first = left[rows[start : start + PAIRS]].astype(np.float64)
        parts.append((first * right[columns[start : start + PAIRS]]).sum(axis=1))
    return np.concatenate(parts)


def above(vectors: np.ndarray, pairs: NearPairs, threshold: float) -> np.ndarray:
    """Bool (pairs,): whose cosine is above the threshold; those next to it are measured exactly."""
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
    unique_rows, down = np.unique(rows, return_inverse=True)
    unique_columns, along = np.unique(columns, return_inverse=True)
    if len(rows) > DENSE * len(unique_rows) * len(unique_columns):
        products: np.ndarray = (left[unique_rows] @ right[unique_columns].T)[down, along]
        return products
    parts = [np.zeros(0, np.float32)]
    for start in range(0, len(rows), PAIRS):
        first, second = left[rows[start : start + PAIRS]], right[columns[start : start + PAIRS]]
        parts.append(np.einsum("ij,ij->i", first, second))
    return np.concatenate(parts)
