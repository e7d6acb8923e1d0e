"""The neighbour cache: near pairs that are kept from one run to the next.

When a setting changes, most rows are decided again with the same neighbours. A row that was
compared with all rows that stood need only be compared with those that stand now and did not stand
then. So a second run costs what changed and not the square of what is there, and it decides as a
first run does.
"""

import contextlib
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from pipeline.files import write_atomically
from pipeline.near_duplicates.admit import Admitted, Walk
from pipeline.near_duplicates.comparison import Comparison
from pipeline.near_duplicates.join import NO_PAIRS, SLACK, NearPairs, above, merged
from pipeline.near_duplicates.questions import Questions

MARGIN = 0.07
"""How far below the threshold pairs are kept: after the threshold was lowered by less, no pair has
to be compared again."""


@dataclass(frozen=True)
class Neighbours:
    """What earlier runs found about n rows: which rows before each are near it, if they stood."""

    known: np.ndarray
    """Bool (n,): the row was compared with all rows before it that `stood`."""
    stood: np.ndarray
    """Bool (n,): the row was admitted then."""
    floor: np.ndarray
    """float32 (n,): every pair of the row with a product above this is in `pairs`."""
    pairs: NearPairs
    """Sorted by row; the other row comes before it and `stood`."""

    def of_block(self, rows: np.ndarray) -> NearPairs:
        """The pairs of rows with consecutive numbers."""
        begin, end = np.searchsorted(self.pairs.row, [rows[0], rows[-1] + 1])
        return self.pairs.take(np.arange(begin, end))


def no_neighbours(rows: int) -> Neighbours:
    """What is known of so many rows before the first run."""
    never = np.zeros(rows, bool)
    return Neighbours(never, never, np.zeros(rows, np.float32), NO_PAIRS)


def admit_with_cache(
    questions: Questions, threshold: float, path: Path, names: np.ndarray
) -> Admitted:
    """As `admit.admit`, faster, by the pairs in the file at `path`, which is then written again.

    Args:
        questions: those that ask to be admitted, best first.
        threshold: two questions may be duplicates if their cosine is above this.
        path: the file; it may be missing or damaged, and a folder that cannot be written is no
            error: what is not kept is compared again.
        names: see `read_neighbours`.
    """
    admitted, neighbours = admit_knowing(questions, threshold, read_neighbours(path, names))
    with contextlib.suppress(OSError):
        write_neighbours(path, names, neighbours)
    return admitted


def admit_knowing(
    questions: Questions, threshold: float, before: Neighbours
) -> tuple[Admitted, Neighbours]:
    """As `admit.admit`, by what is known `before`; also returns what is known afterwards."""
    floor = max(threshold - MARGIN, 0)
    comparison = Comparison(questions, floor, asking=len(questions))
    walk = Walk(questions, threshold, CachedComparison(questions, threshold, comparison, before))
    pairs = merged([walk.decide(rows) for rows in walk.blocks()])
    floors = np.where(before.known, np.maximum(before.floor, floor), floor)
    floors = np.maximum(floors, walk.closest.cut).astype(np.float32)
    every = np.ones(len(questions), bool)
    return walk.admitted(), Neighbours(every, walk.stands, floors, pairs)


class CachedComparison:
    """Finds near pairs as `Comparison` does, and compares only what is not known yet."""

    def __init__(
        self, questions: Questions, threshold: float, comparison: Comparison, before: Neighbours
    ) -> None:
        """Give pairs from `before` where it has all of a row, and else those of `comparison`."""
        self._questions, self._threshold = questions, threshold
        self._comparison, self._before = comparison, before
        self._known_enough = np.zeros(len(questions), bool)

    def with_standing(self, rows: np.ndarray, standing: np.ndarray) -> Iterator[NearPairs]:
        """Pairs of a block of rows with rows that stand, all of which come before the block."""
        stands = np.zeros(len(self._known_enough), bool)
        stands[standing] = True
        known = self._before.of_block(rows)
        known = known.take(stands[known.other])
        self._known_enough[rows] = self._is_known_enough(rows, known)
        yield known.take(self._known_enough[known.row])
        yield from self._compare(rows, standing)

    def among(self, rows: np.ndarray, candidates: np.ndarray) -> Iterator[NearPairs]:
        """Pairs of the block that `with_standing` was asked about, with earlier `candidates`."""
        known = self._before.of_block(rows)
        wanted = np.isin(known.other, candidates) & self._known_enough[known.row]
        yield known.take(wanted)
        yield from self._compare(rows, candidates)

    def _compare(self, rows: np.ndarray, others: np.ndarray) -> Iterator[NearPairs]:
        """Pairs that are not known: a row of which enough is known has met all that stood then."""
        enough = self._known_enough[rows]
        yield from self._comparison.pairs(rows[enough], others[~self._before.stood[others]])
        yield from self._comparison.pairs(rows[~enough], others)

    def _is_known_enough(self, rows: np.ndarray, known: NearPairs) -> np.ndarray:
        """Bool (rows,): of rows that stood then, all pairs of the row that can matter are known.

        Either all above the threshold are, or the row has a twin and all pairs as close as it are.
        """
        floor = self._before.floor
        to_threshold = floor < self._threshold - 4 * SLACK
        near = known.take(~to_threshold[known.row])
        near = near.take(near.product > floor[near.row] + 2 * SLACK)
        twins = self._questions.duplicates(near, self._threshold)
        twins = twins.take(above(self._questions.vectors, twins, self._threshold))
        to_twin = np.isin(rows, twins.row)
        enough: np.ndarray = self._before.known[rows] & (to_threshold[rows] | to_twin)
        return enough


def read_neighbours(path: Path, names: np.ndarray) -> Neighbours:
    """What an earlier run found about the rows that are here now.

    Args:
        path: a file of `write_neighbours`; one that is missing or damaged says nothing.
        names: uint64 (n,), equal for a row exactly if it is the same with the same vector, and has
            kept its place among all others that are the same.
    """
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in archive.files}
        return _renumbered(arrays, names)
    except (OSError, EOFError, ValueError, KeyError, IndexError, zipfile.BadZipFile):
        return no_neighbours(len(names))


def _renumbered(arrays: dict[str, np.ndarray], names: np.ndarray) -> Neighbours:
    """The arrays of a file, with the numbers that its rows have now."""
    names_then = arrays["names"]
    if not len(names_then):
        return no_neighbours(len(names))
    order = np.argsort(names_then)
    place = np.searchsorted(names_then, names, sorter=order).clip(max=len(order) - 1)
    number_then = order[place]
    known = names_then[number_then] == names
    number_now = np.full(len(order), -1)
    number_now[number_then[known]] = np.flatnonzero(known)
    pairs = NearPairs(number_now[arrays["row"]], number_now[arrays["other"]], arrays["product"])
    pairs = pairs.take((pairs.other >= 0) & (pairs.row > pairs.other))
    return Neighbours(
        known,
        known & arrays["stood"][number_then],
        arrays["floor"][number_then],
        pairs.take(np.argsort(pairs.row, kind="stable")),
    )


def write_neighbours(path: Path, names: np.ndarray, neighbours: Neighbours) -> None:
    """Write what is known of rows that are called `names`; no reader ever sees half of the file."""
    file = io.BytesIO()
    np.savez(
        file,
        allow_pickle=False,
        names=names,
        stood=neighbours.stood,
        floor=neighbours.floor,
        row=neighbours.pairs.row.astype(np.int32),
        other=neighbours.pairs.other.astype(np.int32),
        product=neighbours.pairs.product,
    )
    write_atomically(path, file.getvalue())
