"""Who may enter: the one function by which near-duplicates are judged everywhere.

Walking down in order of preference, a row falls to the most similar row that was kept before it,
if that is a duplicate of it; else it is kept itself. This is the greedy maximal independent set:
every dropped row has a kept twin, no two kept rows are duplicates, and the order of the input does
not matter. Duplicates are nearer than the threshold and not told apart by anything in `Questions`.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from pipeline.near_duplicates.join import NOTHING, ROWS, SLACK, Near, cosines, folded, near
from pipeline.near_duplicates.questions import Questions

BLOCK = ROWS
"""Rows judged at once against those that stand: pairs are held for one block only, so a template of
50,000 copies makes at most BLOCK² of them, not 1.2 billion."""


@dataclass(frozen=True)
class Nearest:
    """Of each row the nearest standing one that counts."""

    row: np.ndarray
    """int64 (n,): that row, or -1 where there is none."""
    cosine: np.ndarray
    """float64 (n,): the cosine to it; NaN where there is none."""


@dataclass(frozen=True)
class Admission:
    """What became of the rows that asked to enter; rows are numbered as in `Questions`."""

    twin: Nearest
    """The kept row that each row falls to."""
    guarded: Nearest
    """The kept row that an admitted row is near to, but for a number, a unit, a negation or an
    opposite."""

    @property
    def admitted(self) -> np.ndarray:
        """Bool (n,): the rows that may enter."""
        return self.twin.row < 0


def admit(questions: Questions, threshold: float, standing: int = 0) -> Admission:
    """Judge questions, in order of preference, against each other.

    Args:
        questions: those that stand already, then those that ask to enter, best first.
        threshold: cosine above which two questions may be duplicates.
        standing: how many stand already; they are not compared with each other, and what comes
            back is about the others.
    """
    walk = _Walk(questions, threshold, standing)
    for start in range(standing, len(questions), BLOCK):
        walk.judge(np.arange(start, min(start + BLOCK, len(questions))))
    return Admission(walk.twin.found(standing), walk.guarded.found(standing))


class _Walk:
    """Walks down the rows block by block; what stands is kept folded."""

    def __init__(self, questions: Questions, threshold: float, standing: int) -> None:
        self._questions, self._threshold = questions, threshold
        self._rows = folded(questions.vectors)
        self._stands = np.zeros(len(questions), bool)
        self._stands[:standing] = True
        self.twin = _Search(questions.vectors, threshold)
        self.guarded = _Search(questions.vectors, threshold)

    def judge(self, here: np.ndarray) -> None:
        """Judge the next rows, all that come before them being settled."""
        for pairs in self._near(here, np.flatnonzero(self._stands[: here[0]])):
            apart = self._questions.guarded(pairs.row, pairs.other)
            self.twin.look(pairs.take(~apart))
            self.guarded.look(pairs.take(apart))
        # Only rows that nothing stands against yet can be admitted, so only they are twins here.
        free = here[self.twin.row[here] < 0]
        found = zip(NOTHING, *self._near(here, free), strict=True)
        within = Near(*map(np.concatenate, found))
        apart = self._questions.guarded(within.row, within.other)
        self._settle(here, within.take(~apart))
        beside = self._stands[within.other]
        self.twin.look(within.take(~apart & beside))
        self.guarded.look(within.take(apart & beside))

    def _near(self, here: np.ndarray, others: np.ndarray) -> Iterator[Near]:
        """Rows of `here` with an earlier one of `others`, if at most the guard parts the two."""
        for pairs in near(self._rows, here, self._rows, others, self._threshold):
            pairs = pairs.take(pairs.other < pairs.row)
            yield pairs.take(~self._questions.different(pairs.row, pairs.other, self._threshold))

    def _settle(self, here: np.ndarray, pairs: Near) -> None:
        """Decide which rows of `here` stand: none that has a standing one above the threshold."""
        unsure = np.flatnonzero(np.abs(pairs.product - self._threshold) <= SLACK)
        above = pairs.product > self._threshold
        vectors = self._questions.vectors
        exact = cosines(vectors, vectors, pairs.row[unsure], pairs.other[unsure])
        above[unsure] = exact > self._threshold
        order = np.argsort(pairs.row[above], kind="stable")
        rows, others = pairs.row[above][order], pairs.other[above][order]
        self._stands[here] = self.twin.row[here] < 0
        each, begins, counts = np.unique(rows, return_index=True, return_counts=True)
        for row, begin, end in zip(each, begins, begins + counts, strict=True):
            if self._stands[others[begin:end]].any():
                self._stands[row] = False


class _Search:
    """The nearest of all rows that were looked at, of equals the preferred one."""

    def __init__(self, vectors: np.ndarray, threshold: float) -> None:
        self._vectors = vectors
        self.row = np.full(len(vectors), -1, np.int64)
        self._cosine = np.full(len(vectors), threshold)

    def look(self, pairs: Near) -> None:
        """Look at more pairs; of each row only those that may be its nearest are taken exactly."""
        if not len(pairs.row):
            return
        first = pairs.row.min()
        best = np.full(pairs.row.max() - first + 1, -np.inf, np.float32)
        np.maximum.at(best, pairs.row - first, pairs.product)
        at_least = np.maximum(best[pairs.row - first] - SLACK, self._cosine[pairs.row]) - SLACK
        pairs = pairs.take(pairs.product >= at_least)
        exact = cosines(self._vectors, self._vectors, pairs.row, pairs.other)
        nearer = exact > self._cosine[pairs.row]
        row, other, exact = pairs.row[nearer], pairs.other[nearer], exact[nearer]
        # Nearest last, and of equals the preferred one (the smaller) last: it is written last.
        order = np.lexsort((-other, exact))
        self.row[row[order]], self._cosine[row[order]] = other[order], exact[order]

    def found(self, first: int) -> Nearest:
        """What was found of the rows from `first` on."""
        cosine = np.where(self.row < 0, np.nan, self._cosine)
        return Nearest(self.row[first:], cosine[first:])
