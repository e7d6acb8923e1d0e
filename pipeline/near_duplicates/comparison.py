"""The near pairs of questions, by comparing them, and the closest pairs of each row."""

from collections.abc import Iterator

import numpy as np

from pipeline.near_duplicates.join import (
    FEW,
    NO_PAIRS,
    SLACK,
    NearPairs,
    Projected,
    compare_rows,
    merged,
    projected,
)
from pipeline.near_duplicates.questions import Questions

MOST_PAIRS = 64
"""Pairs that are held of one row, the closest: a row of a template group has thousands."""


class Comparison:
    """Finds near pairs by comparing each row that is asked about with all others.

    Attributes:
        floor: pairs with a product above this are found.
    """

    def __init__(self, questions: Questions, floor: float, asking: int) -> None:
        """Compare rows of `questions`; `asking` is about how many of them will be compared."""
        self._questions, self.floor = questions, floor
        vectors = questions.vectors
        self._rows = Projected(vectors, vectors) if asking <= FEW else projected(vectors)

    def with_standing(self, rows: np.ndarray, standing: np.ndarray) -> Iterator[NearPairs]:
        """Pairs of a block of rows with rows that stand, all of which come before the block."""
        yield from self.pairs(rows, standing)

    def among(self, rows: np.ndarray, candidates: np.ndarray) -> Iterator[NearPairs]:
        """Pairs of a block of rows with earlier ones among `candidates`, a part of the block."""
        yield from self.pairs(rows, candidates)

    def pairs(self, rows: np.ndarray, others: np.ndarray) -> Iterator[NearPairs]:
        """Pairs of `rows` with earlier ones of `others` (int64 row numbers), tile by tile.

        All pairs above the floor, but of a row that is near most others only those that can matter.
        """
        for pairs in compare_rows(
            self._rows, rows, self._rows, others, self.floor, self._can_matter
        ):
            yield pairs.take(pairs.other < pairs.row)

    def _can_matter(self, rows: np.ndarray, others: np.ndarray, products: np.ndarray) -> np.ndarray:
        """Bool (rows, others): of a crowd, possible duplicates and the closest pairs of each row.

        Two questions with other numbers are no duplicates, so that of those the closest suffice.
        """
        found: np.ndarray = (products > self.floor - SLACK) & (others < rows[:, None])
        found &= ~self._questions.surely_different(rows, others, self.floor - SLACK)
        place = -min(MOST_PAIRS + 1, len(others))
        ranked = np.where(found, products, -1)
        smallest = np.partition(ranked, place, axis=1)[:, [place]]
        found &= (ranked >= smallest) | self._questions.same_numbers(rows, others)
        return found


class ClosestPairs:
    """Gathers the pairs of rows block by block; of one row only the `MOST_PAIRS` closest stay.

    Attributes:
        cut: float64 (n,), the product of the last pair that stayed, where pairs of a row were left
            out; 0 where all stayed.
    """

    def __init__(self, rows: int) -> None:
        """Gather pairs of so many rows."""
        self.cut = np.zeros(rows)
        self._block = NO_PAIRS

    def add(self, pairs: NearPairs) -> None:
        """Add pairs of the rows of the present block."""
        both = merged([self._block, pairs])
        both = both.take(np.lexsort((-both.product, both.row)))
        rows, begins, counts = np.unique(both.row, return_index=True, return_counts=True)
        many = counts > MOST_PAIRS
        last = both.product[begins[many] + MOST_PAIRS - 1]
        self.cut[rows[many]] = np.maximum(self.cut[rows[many]], last)
        rank = np.arange(len(both.row)) - np.repeat(begins, counts)
        self._block = both.take(rank < MOST_PAIRS)

    def end_block(self) -> NearPairs:
        """The pairs of the block, sorted by row, the closest first; the next block begins."""
        pairs, self._block = self._block, NO_PAIRS
        return pairs
