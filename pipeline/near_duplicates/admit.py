"""Who may enter: the one function by which near-duplicates are judged everywhere.

Walking down in order of preference, a row falls to the most similar row that was kept before it,
if that is a duplicate of it; else it is kept itself. This is the greedy maximal independent set:
every dropped row has a kept twin, no two kept rows are duplicates, and the order of the input does
not matter. Duplicates are nearer than the threshold and not told apart by anything in `Questions`.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from pipeline.near_duplicates.join import (
    FEW,
    NOTHING,
    ROWS,
    SLACK,
    Folded,
    Near,
    above,
    cosines,
    folded,
    near,
)
from pipeline.near_duplicates.neighbour_cache import MARGIN, MOST, Collector, Hits, nothing
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
    hits: Hits
    """What the next run need not compare again."""

    @property
    def admitted(self) -> np.ndarray:
        """Bool (n,): the rows that may enter."""
        return self.twin.row < 0


def admit(
    questions: Questions, threshold: float, standing: int = 0, before: Hits | None = None
) -> Admission:
    """Judge questions, in order of preference, against each other.

    Args:
        questions: those that stand already, then those that ask to enter, best first.
        threshold: cosine above which two questions may be duplicates.
        standing: how many stand already; they are not compared with each other, and what comes
            back is about the others.
        before: what an earlier run found of the same questions: it changes how fast this is, and
            that hits are looked for down to `MARGIN` below the threshold, never a verdict.
    """
    walk = _Walk(questions, threshold, standing, before)
    for start in range(standing, len(questions), BLOCK):
        walk.judge(np.arange(start, min(start + BLOCK, len(questions))))
    return walk.admission(standing)


class _Walk:
    """Walks down the rows block by block."""

    def __init__(
        self, questions: Questions, threshold: float, standing: int, before: Hits | None
    ) -> None:
        self._questions, self._threshold = questions, threshold
        few = len(questions) - standing <= FEW
        vectors = questions.vectors
        self._rows = Folded(vectors, vectors) if few else folded(vectors)
        self._stands = np.arange(len(questions)) < standing
        self._before = before or nothing(len(questions))
        self._floor = threshold if before is None else max(threshold - MARGIN, 0)
        self._collector = Collector(self._before, self._floor)
        self._twin = _Search(vectors, threshold)
        self._guarded = _Search(vectors, threshold)

    def admission(self, first: int) -> Admission:
        """What became of the rows from `first` on."""
        hits = self._collector.hits(self._stands)
        return Admission(self._twin.found(first), self._guarded.found(first), hits)

    def judge(self, here: np.ndarray) -> None:
        """Judge the next rows, all that come before them being settled."""
        known = self._before.of(here)
        before = known.take((known.other < here[0]) & self._stands[known.other])
        self._twin.look(self._duplicates(before))
        fresh = self._fresh(here)
        asked = np.isin(here, fresh, invert=True)
        self._collector.add(before.take(asked[before.row - here[0]]))
        for pairs in self._near(here[asked], fresh, np.flatnonzero(self._stands[: here[0]])):
            self._twin.look(self._duplicates(pairs))
            self._collector.add(pairs)
        # Only rows that nothing stands against yet can be admitted, so only they are twins here.
        free = here[self._twin.row[here] < 0]
        inside = known.take(np.isin(known.other, free) & asked[known.row - here[0]])
        parts = zip(NOTHING, inside, *self._near(here[asked], fresh, free), strict=True)
        within = Near(*map(np.concatenate, parts))
        duplicates = self._duplicates(within)
        self._settle(here, duplicates)
        self._twin.look(duplicates.take(self._stands[duplicates.other]))
        self._collector.add(within.take(self._stands[within.other]))
        hits = self._alike(self._collector.close())
        hits = hits.take(self._stands[hits.row])
        self._guarded.look(hits.take(self._questions.guarded(hits.row, hits.other)))

    def _fresh(self, here: np.ndarray) -> np.ndarray:
        """The rows of `here` of which too little is known, and that no known row refuses."""
        floor = self._before.floor[here]
        refused = (self._twin.row[here] >= 0) & (self._twin.cosine[here] > floor + 2 * SLACK)
        enough = self._before.known[here] & ((floor < self._threshold - 4 * SLACK) | refused)
        fresh: np.ndarray = here[~enough]
        return fresh

    def _near(self, asked: np.ndarray, fresh: np.ndarray, others: np.ndarray) -> Iterator[Near]:
        """Rows near an earlier one of `others`, which those asked before know if it stood."""
        for rows, against in ((asked, others[~self._before.stood[others]]), (fresh, others)):
            found = near(self._rows, rows, self._rows, against, self._floor, self._wanted)
            for pairs in found:
                yield pairs.take(pairs.other < pairs.row)

    def _wanted(self, rows: np.ndarray, others: np.ndarray, products: np.ndarray) -> np.ndarray:
        """Of many near pairs those that may be duplicates, and the nearest of each row."""
        wanted: np.ndarray = (products > self._floor - SLACK) & (others < rows[:, None])
        wanted &= ~self._questions.surely_different(rows, others, self._floor - SLACK)
        ranked = np.where(wanted, products, -1)
        last = np.partition(ranked, -min(MOST + 1, len(others)), axis=1)
        nearest = ranked >= last[:, [-min(MOST + 1, len(others))]]
        wanted &= nearest | self._questions.same_numbers(rows, others)
        return wanted

    def _alike(self, pairs: Near) -> Near:
        """The pairs that at most the guard parts."""
        pairs = pairs.take(pairs.product > self._threshold - SLACK)
        return pairs.take(~self._questions.different(pairs.row, pairs.other, self._threshold))

    def _duplicates(self, pairs: Near) -> Near:
        """The pairs that nothing parts, as far as products tell."""
        pairs = self._alike(pairs)
        return pairs.take(~self._questions.guarded(pairs.row, pairs.other))

    def _settle(self, here: np.ndarray, pairs: Near) -> None:
        """Decide which rows of `here` stand: none that has a standing one above the threshold."""
        pairs = pairs.take(above(self._questions.vectors, pairs, self._threshold))
        order = np.argsort(pairs.row, kind="stable")
        rows, others = pairs.row[order], pairs.other[order]
        self._stands[here] = self._twin.row[here] < 0
        each, begins, counts = np.unique(rows, return_index=True, return_counts=True)
        for row, begin, end in zip(each, begins, begins + counts, strict=True):
            if self._stands[others[begin:end]].any():
                self._stands[row] = False


class _Search:
    """The nearest of all rows that were looked at, of equals the preferred one."""

    def __init__(self, vectors: np.ndarray, threshold: float) -> None:
        self._vectors = vectors
        self.row = np.full(len(vectors), -1, np.int64)
        self.cosine = np.full(len(vectors), threshold)

    def look(self, pairs: Near) -> None:
        """Look at more pairs; of each row only those that may be its nearest are taken exactly."""
        if not len(pairs.row):
            return
        first = pairs.row.min()
        top = np.full(pairs.row.max() - first + 1, -np.inf, np.float32)
        np.maximum.at(top, pairs.row - first, pairs.product)
        at_least = np.maximum(top[pairs.row - first] - SLACK, self.cosine[pairs.row]) - SLACK
        pairs = pairs.take(pairs.product >= at_least)
        exact = cosines(self._vectors, self._vectors, pairs.row, pairs.other)
        best, named = self.cosine[pairs.row], self.row[pairs.row]
        nearer = (exact > best) | ((exact == best) & (pairs.other < named))
        row, other, exact = pairs.row[nearer], pairs.other[nearer], exact[nearer]
        # Nearest last, and of equals the preferred one (the smaller) last: it is written last.
        order = np.lexsort((-other, exact))
        self.row[row[order]], self.cosine[row[order]] = other[order], exact[order]

    def found(self, first: int) -> Nearest:
        """What was found of the rows from `first` on."""
        cosine = np.where(self.row < 0, np.nan, self.cosine)
        return Nearest(self.row[first:], cosine[first:])
