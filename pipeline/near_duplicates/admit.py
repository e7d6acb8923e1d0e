"""Which questions are admitted: the one function that decides about near-duplicates everywhere.

Rows come in order of preference, the best first. A row falls to the most similar row that was
admitted before it, if the two are duplicates; else the row is admitted itself. This is the greedy
maximal independent set: every row that falls has an admitted twin, no two admitted rows are
duplicates, and the order of the input does not matter. Two rows are duplicates if their cosine is
strictly above the threshold and nothing in `Questions` tells them apart.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from pipeline.near_duplicates.comparison import ClosestPairs, Comparison
from pipeline.near_duplicates.join import ROWS, SLACK, NearPairs, above, cosines, merged
from pipeline.near_duplicates.questions import Questions

BLOCK = ROWS
"""Rows that are decided together. Pairs are held for one block only, so a template of 50,000 copies
makes at most BLOCK² of them, not 1.2 billion."""


@dataclass(frozen=True)
class Nearest:
    """For each row the nearest admitted row of one kind."""

    row: np.ndarray
    """int64 (n,): the number of that row, or -1 where there is none."""
    cosine: np.ndarray
    """float64 (n,): the cosine of the two; NaN where there is none."""


@dataclass(frozen=True)
class Admitted:
    """What became of the rows that asked to be admitted; rows are numbered as in `Questions`."""

    twin: Nearest
    """The admitted row that each row falls to."""
    guarded: Nearest
    """The admitted row that an admitted row would fall to, if the two did not differ in a number, a
    unit, a negation or an opposite."""

    @property
    def admitted(self) -> np.ndarray:
        """Bool (n,): the rows that are admitted."""
        return self.twin.row < 0


def admit(questions: Questions, threshold: float, standing: int = 0) -> Admitted:
    """Decide which questions are admitted.

    Args:
        questions: those that stand already, then those that ask to be admitted, best first.
        threshold: two questions may be duplicates if their cosine is above this.
        standing: how many stand already. They are not compared with each other, and the answer is
            about the others only.
    """
    comparison = Comparison(questions, threshold, asking=len(questions) - standing)
    walk = Walk(questions, threshold, comparison, standing)
    for rows in walk.blocks():
        walk.decide(rows)
    return walk.admitted()


class PairSource(Protocol):
    """Where a walk gets the near pairs of a block of rows from.

    `Comparison` compares; `neighbour_cache.CachedComparison` remembers what it can.
    """

    def with_standing(self, rows: np.ndarray, standing: np.ndarray) -> Iterator[NearPairs]:
        """Pairs of a block of rows with rows that stand, all of which come before the block."""

    def among(self, rows: np.ndarray, candidates: np.ndarray) -> Iterator[NearPairs]:
        """Pairs of the same block of rows with earlier ones among `candidates`, a part of it."""


class Walk:
    """Goes down the rows block by block, and decides which are admitted.

    Attributes:
        closest: the pairs of the block at hand that are closest, and below which product pairs of
            a row had to be left out.
    """

    def __init__(
        self, questions: Questions, threshold: float, source: PairSource, standing: int = 0
    ) -> None:
        """Begin after the first `standing` rows, which stand already."""
        self._questions, self._threshold = questions, threshold
        self._source, self._first = source, standing
        self._stands = np.arange(len(questions)) < standing
        self._twin = _NearestSoFar(questions.vectors, threshold)
        self._guarded = _NearestSoFar(questions.vectors, threshold)
        self.closest = ClosestPairs(len(questions))

    def blocks(self) -> Iterator[np.ndarray]:
        """The rows that ask to be admitted, in blocks of consecutive numbers."""
        for start in range(self._first, len(self._questions), BLOCK):
            yield np.arange(start, min(start + BLOCK, len(self._questions)))

    def decide(self, rows: np.ndarray) -> NearPairs:
        """Decide about the next block of rows, after all rows before it were decided.

        Returns:
            The closest pairs of these rows with earlier rows that stand, sorted by row.
        """
        self._compare_with_standing(rows)
        self._compare_with_each_other(rows)
        neighbours = self.closest.end_block()
        self._note_guarded(neighbours)
        return neighbours

    def admitted(self) -> Admitted:
        """What became of the rows that asked; to be called after the last block."""
        return Admitted(self._twin.of_rows(self._first), self._guarded.of_rows(self._first))

    @property
    def stands(self) -> np.ndarray:
        """Bool (n,): the rows that stood from the beginning or were admitted so far."""
        return self._stands

    def _compare_with_standing(self, rows: np.ndarray) -> None:
        """Find the twins of a block among the rows before it."""
        standing = np.flatnonzero(self._stands[: rows[0]])
        for pairs in self._source.with_standing(rows, standing):
            self._twin.look(self._questions.duplicates(pairs, self._threshold))
            self.closest.add(pairs)

    def _compare_with_each_other(self, rows: np.ndarray) -> None:
        """Find the twins of a block within the block, and mark which of its rows stand."""
        # Only a row that has no twin yet can be admitted, so only such a row can be a twin here.
        without_twin = rows[self._twin.row[rows] < 0]
        pairs = merged(self._source.among(rows, without_twin))
        duplicates = self._questions.duplicates(pairs, self._threshold)
        self._mark_standing(without_twin, duplicates)
        self._twin.look(duplicates.take(self._stands[duplicates.other]))
        self.closest.add(pairs.take(self._stands[pairs.other]))

    def _mark_standing(self, candidates: np.ndarray, duplicates: NearPairs) -> None:
        """Mark, from the first candidate to the last, each that is no duplicate of a marked one."""
        exact = above(self._questions.vectors, duplicates, self._threshold)
        duplicates = duplicates.take(exact)
        duplicates = duplicates.take(np.argsort(duplicates.row, kind="stable"))
        self._stands[candidates] = True
        falling, begins, counts = np.unique(duplicates.row, return_index=True, return_counts=True)
        for row, begin, end in zip(falling, begins, begins + counts, strict=True):
            if self._stands[duplicates.other[begin:end]].any():
                self._stands[row] = False

    def _note_guarded(self, neighbours: NearPairs) -> None:
        """Of admitted rows, note the nearest neighbour that only the guard tells apart."""
        admitted = neighbours.take(self._stands[neighbours.row])
        alike = self._questions.alike(admitted, self._threshold)
        self._guarded.look(alike.take(self._questions.guarded(alike.row, alike.other)))


class _NearestSoFar:
    """For each row the nearest one of the pairs seen so far; of equally near ones the preferred.

    Attributes:
        row: int64 (n,), the other row of that pair, or -1.
        cosine: float64 (n,), the cosine of that pair, or the threshold where there is none yet.
    """

    def __init__(self, vectors: np.ndarray, threshold: float) -> None:
        self._vectors = vectors
        self.row = np.full(len(vectors), -1, np.int64)
        self.cosine = np.full(len(vectors), threshold)

    def look(self, pairs: NearPairs) -> None:
        """Take more pairs into account: those whose cosine is above the one known so far."""
        if not len(pairs.row):
            return
        pairs = pairs.take(self._may_be_nearest(pairs))
        exact = cosines(self._vectors, self._vectors, pairs.row, pairs.other)
        best, preferred = self.cosine[pairs.row], self.row[pairs.row]
        nearer = (exact > best) | ((exact == best) & (pairs.other < preferred))
        row, other, exact = pairs.row[nearer], pairs.other[nearer], exact[nearer]
        # An assignment keeps what is written last, so the nearest comes last; of equally near ones
        # the preferred row, which is the one with the smaller number.
        order = np.lexsort((-other, exact))
        self.row[row[order]], self.cosine[row[order]] = other[order], exact[order]

    def of_rows(self, first: int) -> Nearest:
        """The nearest of each row from `first` on."""
        cosine = np.where(self.row < 0, np.nan, self.cosine)
        return Nearest(self.row[first:], cosine[first:])

    def _may_be_nearest(self, pairs: NearPairs) -> np.ndarray:
        """Bool (pairs,): whose product is so near to the best one that the exact cosine counts."""
        first = pairs.row.min()
        best = np.full(pairs.row.max() - first + 1, -np.inf, np.float32)
        np.maximum.at(best, pairs.row - first, pairs.product)
        least = np.maximum(best[pairs.row - first] - SLACK, self.cosine[pairs.row]) - SLACK
        may_be: np.ndarray = pairs.product >= least
        return may_be
