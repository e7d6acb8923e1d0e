"""A second run says the same as a first one, whatever changed between them, and compares less."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.near_duplicates import admit as admit_module
from pipeline.near_duplicates import comparison as comparison_module
from pipeline.near_duplicates.admit import Admitted, admit
from pipeline.near_duplicates.guard import WORDS, Signatures
from pipeline.near_duplicates.join import SLACK
from pipeline.near_duplicates.neighbour_cache import (
    Neighbours,
    admit_knowing,
    admit_with_cache,
    no_neighbours,
    read_neighbours,
    write_neighbours,
)
from pipeline.near_duplicates.questions import NONE, OptionalVectors, Questions
from tests.pipeline.near_duplicates.no_orders import no_orders


def circle(degrees: np.ndarray, says: np.ndarray) -> Questions:
    """Questions as directions on a circle; those that say another number differ in it."""
    turned = np.radians(degrees)
    rows = np.stack([np.cos(turned), np.sin(turned)], axis=1).astype(np.float32)
    size = len(rows)
    none = OptionalVectors(np.full(size, NONE), rows[:0])
    sides = np.zeros((size, WORDS), np.uint64)
    signatures = Signatures(
        says.astype(np.uint64),
        sides,
        no_orders(size),
    )
    return Questions(rows, signatures, none.place, none, np.full(size, 20), none, none.place)


def same(first: Admitted, second: Admitted) -> bool:
    return all(
        np.array_equal(left, right, equal_nan=True)
        for left, right in (
            (first.twin.row, second.twin.row),
            (first.twin.cosine, second.twin.cosine),
            (first.guarded.row, second.guarded.row),
            (first.guarded.cosine, second.guarded.cosine),
        )
    )


def keeps_each_near_pair_once(neighbours: Neighbours, vectors: np.ndarray) -> bool:
    """No pair twice, and none missing above a row's floor with an earlier row that stood."""
    row, other, _ = neighbours.pairs
    kept = np.zeros((len(vectors), len(vectors)), int)
    np.add.at(kept, (row, other), 1)
    earlier_stood = np.tril(np.ones_like(kept), -1).astype(bool) & neighbours.stood
    near = vectors @ vectors.T > neighbours.floor[:, None] + SLACK
    return bool(kept.max(initial=0) <= 1 and kept[near & earlier_stood].all())


@pytest.mark.parametrize("most", [2, 64])
@given(
    steps=st.lists(st.tuples(st.integers(0, 71), st.integers(0, 3)), min_size=1, max_size=60),
    runs=st.lists(
        st.tuples(st.sampled_from([0.9, 0.92, 0.95, 0.97, 0.8]), st.integers(0, 2**32 - 1)),
        min_size=2,
        max_size=4,
    ),
)
def test_run_after_run_with_rows_and_thresholds_changed_is_as_if_it_were_the_first(
    most: int, steps, runs, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("cache") / "neighbours.npz"
    degrees, says = (np.array(column) for column in zip(*steps, strict=True))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(comparison_module, "MOST_PAIRS", most)
        # Rows of one block that fall to each other may crowd out a guarded pair with a third: a
        # flag that a first run can miss among more than MOST_PAIRS of them.
        patch.setattr(admit_module, "BLOCK", 7 if most > 2 else 1)
        for threshold, seed in runs:
            alive = np.flatnonzero(np.random.default_rng(seed).random(len(degrees)) < 0.8)
            questions, names = circle(degrees[alive] * 5.0, says[alive]), alive.astype(np.uint64)
            admitted = admit_with_cache(questions, threshold, path, names)
            assert same(admitted, admit(questions, threshold))
            neighbours = read_neighbours(path, names)
            assert neighbours.stood.tolist() == admitted.admitted.tolist()
            assert keeps_each_near_pair_once(neighbours, questions.vectors)


def test_what_was_compared_is_not_compared_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    random = np.random.default_rng(0)
    questions = circle(random.random(500) * 360, np.arange(500))
    names = np.arange(500, dtype=np.uint64)
    compared = 0
    real = comparison_module.compare_rows

    def counting(left, rows, right, columns, threshold, narrow):
        nonlocal compared
        compared += len(rows) * len(columns)
        return real(left, rows, right, columns, threshold, narrow)

    monkeypatch.setattr(comparison_module, "compare_rows", counting)
    monkeypatch.setattr(comparison_module, "MOST_PAIRS", 500)
    first = admit_with_cache(questions, 0.92, tmp_path / "neighbours.npz", names)
    assert compared > 0
    compared = 0
    second = admit_with_cache(questions, 0.92, tmp_path / "neighbours.npz", names)
    assert same(first, second)
    assert compared == 0


def test_a_damaged_file_holds_nothing(tmp_path: Path) -> None:
    path = tmp_path / "neighbours.npz"
    names = np.arange(3, dtype=np.uint64)
    assert not read_neighbours(path, names).known.any()
    write_neighbours(path, names, no_neighbours(3))
    whole = path.read_bytes()
    for damaged in (whole[:50], b"", b"x" * 100):
        path.write_bytes(damaged)
        assert not read_neighbours(path, names).known.any()


def test_of_one_row_only_the_nearest_are_kept() -> None:
    questions = circle(np.linspace(0, 10, 300), np.arange(300))
    _, neighbours = admit_knowing(questions, 0.92, no_neighbours(300))
    assert np.bincount(neighbours.pairs.row).max() == comparison_module.MOST_PAIRS
