"""The contract: each row that falls has an admitted twin, and no two admitted rows are near."""

import tracemalloc
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pipeline.near_duplicates import comparison as comparison_module
from pipeline.near_duplicates import join as join_module
from pipeline.near_duplicates.admit import admit
from pipeline.near_duplicates.components import components
from pipeline.near_duplicates.guard import WORDS, Signatures
from pipeline.near_duplicates.join import SLACK, WIDTH, exact_pairs, project, rotation
from pipeline.near_duplicates.questions import NONE, WINDOW, OptionalVectors, Questions
from tests.pipeline.near_duplicates.no_orders import no_orders

THRESHOLDS = st.sampled_from([0.5, 0.8, 0.92, 0.999])


def unit(rows: np.ndarray) -> np.ndarray:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return (rows / lengths).astype(np.float32)


@st.composite
def vectors(draw: st.DrawFn) -> np.ndarray:
    """Clouds, copies, and steps on a circle, which make chains, hubs and ties."""
    size = draw(st.integers(1, 30))
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    cloud = unit(random.normal(size=(size, draw(st.integers(2, 6)))))
    steps = np.radians(random.integers(0, 360, size) // 5 * 5)
    circle = np.zeros_like(cloud)
    circle[:, 0], circle[:, 1] = np.cos(steps), np.sin(steps)
    chosen = draw(st.lists(st.integers(0, size - 1), min_size=1, max_size=25))
    return draw(st.sampled_from([cloud, circle]))[chosen]


def cosines(rows: np.ndarray) -> np.ndarray:
    """Exact products, as `admit` decides by."""
    exact = rows.astype(np.float64)
    return np.array([[left @ right for right in exact] for left in exact])


def questions(rows: np.ndarray, says: list[int] | None = None) -> Questions:
    """Short questions; those that say another number differ in it."""
    size = len(rows)
    key = np.array(says or [0] * size, np.uint64)
    no_number, no_vectors = np.full(size, NONE), OptionalVectors(np.full(size, NONE), rows[:0])
    return Questions(
        rows,
        Signatures(
            key,
            np.zeros((size, WORDS), np.uint64),
            no_orders(size),
        ),
        no_number,
        no_vectors,
        np.full(size, 20),
        no_vectors,
        no_number,
    )


@given(rows=vectors(), threshold=THRESHOLDS)
def test_every_row_that_falls_has_its_nearest_standing_row_above_the_threshold(
    rows: np.ndarray, threshold: float
) -> None:
    found, exact = admit(questions(rows), threshold), cosines(rows)
    for row in np.flatnonzero(~found.admitted):
        standing = np.flatnonzero(found.admitted[:row])
        assert found.twin.row[row] in standing
        assert found.twin.cosine[row] > threshold
        assert abs(found.twin.cosine[row] - exact[row, found.twin.row[row]]) < 1e-12
        assert found.twin.cosine[row] >= exact[row, standing].max() - 1e-12


@given(rows=vectors(), threshold=THRESHOLDS)
def test_no_two_rows_that_stand_are_above_the_threshold(rows: np.ndarray, threshold: float) -> None:
    found = admit(questions(rows), threshold)
    standing = rows[found.admitted]
    np.fill_diagonal(near := cosines(standing), -1)
    assert (near <= threshold).all()
    assert np.isnan(found.twin.cosine[found.admitted]).all()


@given(rows=vectors(), threshold=THRESHOLDS, cut=st.integers(0, 25))
def test_block_by_block_is_the_same_as_at_once(
    rows: np.ndarray, threshold: float, cut: int
) -> None:
    whole = admit(questions(rows), threshold)
    first = admit(questions(rows[:cut]), threshold)
    kept = np.flatnonzero(first.admitted)
    place = np.concatenate([kept, cut + np.arange(len(rows[cut:]))]).astype(int)
    both = questions(rows[:cut][kept]).joined(questions(rows[cut:]))
    second = admit(both, threshold, standing=len(kept))
    assert np.array_equal(first.twin.row, whole.twin.row[:cut])
    assert [-1 if t < 0 else place[t] for t in second.twin.row] == whole.twin.row[cut:].tolist()


def exact_cosine(rows: np.ndarray) -> float:
    """Of the first row and the last, to the last bit as `admit` computes it."""
    return float(join_module.cosines(rows, rows, np.array([0]), np.array([len(rows) - 1]))[0])


@given(rows=vectors(), standing=st.integers(0, 1))
def test_a_cosine_that_equals_the_threshold_makes_no_duplicate(
    rows: np.ndarray, standing: int
) -> None:
    cosine, pair = exact_cosine(rows), questions(rows[[0, -1]])
    assume(cosine > 0)
    assert admit(pair, cosine, standing).admitted.all()
    assert not admit(pair, np.nextafter(cosine, 0), standing).admitted[-1]


@given(rows=vectors())
def test_a_cosine_that_equals_the_threshold_connects_nothing(rows: np.ndarray) -> None:
    cosine, pair = exact_cosine(rows), rows[[0, -1]]
    assume(cosine > 0)
    assert components(pair, cosine).tolist() == [0, 1]
    assert components(pair, np.nextafter(cosine, 0)).tolist() == [0, 0]


@given(rows=vectors(), standing=st.integers(0, 1))
def test_after_a_shared_prefix_the_threshold_itself_is_not_above_it_either(
    rows: np.ndarray, standing: int
) -> None:
    cosine, rests = exact_cosine(rows), OptionalVectors(np.arange(2), rows[[0, -1]])
    assume(0 < cosine < 0.99)
    copies = questions(np.repeat(rows[:1], 2, axis=0))
    pair = replace(copies, shared=np.array([0, 0]), rest=rests)
    assert admit(pair, cosine, standing).admitted.all()
    assert not admit(pair, np.nextafter(cosine, 0), standing).admitted[-1]


@given(near=st.floats(0.52, 0.99), standing=st.integers(0, 1))
def test_of_long_questions_the_whole_must_be_above_what_the_threshold_asks_of_its_length(
    near: float, standing: int
) -> None:
    """Of twice a window half as much may differ."""
    rows = np.array([[1, 0], [near, np.sqrt(1 - near**2)]], np.float32)
    whole, cosine = OptionalVectors(np.arange(2), rows), exact_cosine(rows)
    threshold = 2 * cosine - 1
    assert 1 - (1 - threshold) / 2 == cosine
    copies = questions(np.repeat(rows[:1], 2, axis=0))
    pair = replace(copies, length=np.array([20, 2 * WINDOW]), whole=whole)
    assert admit(pair, threshold, standing).admitted.all()
    assert not admit(pair, threshold - 1e-9, standing).admitted[-1]


def test_a_copy_falls_to_the_first_of_it() -> None:
    row = unit(np.ones((1, 4)))
    found = admit(questions(np.repeat(row, 3, axis=0)), 0.92)
    assert found.twin.row.tolist() == [-1, 0, 0]


def test_in_a_chain_the_middle_falls_and_the_ends_stand() -> None:
    """Far ends of a chain are different questions; clusters would lose one of them."""
    steps = np.radians([0, 20, 40])
    rows = np.stack([np.cos(steps), np.sin(steps)], axis=1).astype(np.float32)
    assert admit(questions(rows), 0.92).admitted.tolist() == [True, False, True]


def test_a_row_that_fell_refuses_nobody() -> None:
    steps = np.radians([0, 20, 40, 60])
    rows = np.stack([np.cos(steps), np.sin(steps)], axis=1).astype(np.float32)
    assert admit(questions(rows), 0.92).twin.row.tolist() == [-1, 0, -1, 2]


def test_of_rows_that_stand_already_none_falls() -> None:
    twins = np.repeat(unit(np.ones((1, 3))), 2, axis=0)
    both = np.concatenate([twins, unit(np.array([[1, 0, 0]]))])
    found = admit(questions(both), 0.92, standing=2)
    assert found.admitted.tolist() == [True]


def test_an_empty_block_is_judged_to_nothing() -> None:
    found = admit(questions(unit(np.ones((1, 3)))), 0.92, standing=1)
    assert len(found.twin.row) == len(found.twin.cosine) == 0


@given(rows=vectors(), others=vectors(), threshold=THRESHOLDS)
def test_across_two_sets_every_pair_above_is_found_once_with_its_cosine(
    rows: np.ndarray, others: np.ndarray, threshold: float
) -> None:
    width = min(rows.shape[1], others.shape[1])
    left, right = unit(rows[:, :width] + 1e-3), unit(others[:, :width] + 1e-3)
    exact = left.astype(np.float64) @ right.astype(np.float64).T
    found = [
        (i, j, cosine)
        for part in exact_pairs(left, right, threshold)
        for i, j, cosine in zip(*part, strict=True)
    ]
    pairs = [(int(i), int(j)) for i, j, _ in found]
    assert len(pairs) == len(set(pairs))
    assert set(zip(*np.nonzero(exact > threshold + 1e-12), strict=True)) <= set(pairs)
    assert all(abs(cosine - exact[i, j]) < 1e-12 for i, j, cosine in found)
    assert all(cosine > threshold for *_, cosine in found)


@given(rows=vectors(), says=st.lists(st.integers(0, 2), min_size=25, max_size=25))
def test_rows_that_the_guard_parts_both_stand_and_name_the_nearest_such(
    rows: np.ndarray, says: list[int]
) -> None:
    says = says[: len(rows)]
    found, exact = admit(questions(rows, says), 0.8), cosines(rows)
    alone = [
        admit(questions(rows[np.array(says) == number]), 0.8).admitted.sum() for number in set(says)
    ]
    assert found.admitted.sum() == sum(alone)
    for row in np.flatnonzero(found.admitted):
        others = [o for o in np.flatnonzero(found.admitted[:row]) if says[o] != says[row]]
        near = [exact[row, o] for o in others if exact[row, o] > 0.8 + 1e-9]
        assert (found.guarded.row[row] >= 0) >= bool(near)
        if near:
            assert abs(found.guarded.cosine[row] - max(near)) < 1e-12
            assert found.guarded.row[row] in others


def clouds(size: int, columns: int) -> np.ndarray:
    """Rows round a tenth as many centres, near enough to fall."""
    random = np.random.default_rng(3)
    centres = random.normal(size=(size // 10, columns))
    rows = centres[random.integers(0, len(centres), size)]
    return unit(rows + random.uniform(0, 0.5, (size, 1)) * random.normal(size=rows.shape))


def test_projecting_changes_no_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = clouds(1500, 100)
    whole = admit(questions(rows), 0.92)
    monkeypatch.setattr(comparison_module, "FEW", 0)
    monkeypatch.setattr(join_module, "FEW", 0)
    projected = admit(questions(rows), 0.92)
    assert 0 < whole.admitted.sum() < len(rows)
    assert np.array_equal(projected.twin.row, whole.twin.row)
    assert np.array_equal(projected.twin.cosine, whole.twin.cosine, equal_nan=True)


@pytest.mark.parametrize("crowded", [0.0, 1.0])
def test_crowded_tiles_change_no_verdict(monkeypatch: pytest.MonkeyPatch, crowded: float) -> None:
    rows = clouds(900, 20)
    says = (np.arange(900) % 5).tolist()
    usual = admit(questions(rows, says), 0.92)
    monkeypatch.setattr(join_module, "CROWDED", crowded)
    found = admit(questions(rows, says), 0.92)
    assert (usual.guarded.row >= 0).any()
    assert np.array_equal(found.twin.row, usual.twin.row)
    assert np.array_equal(found.guarded.row, usual.guarded.row)


def test_a_template_of_many_that_only_a_number_parts_stays_without_a_list_of_its_pairs() -> None:
    """12,000 rows that all stand have 72 million pairs: 1.4 GB, were they held."""
    random = np.random.default_rng(0)
    rows = unit(np.ones((1, 16)) + random.normal(size=(12_000, 16)) / 20)
    tracemalloc.start()
    found = admit(questions(rows, list(range(12_000))), 0.92)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found.admitted.all()
    assert (found.guarded.row[1:] >= 0).all()
    assert peak < 200e6


@given(rows=vectors(), threshold=THRESHOLDS)
def test_components_are_what_chains_of_pairs_connect(rows: np.ndarray, threshold: float) -> None:
    linked = cosines(rows) > threshold
    reach = linked | np.eye(len(rows), dtype=bool)
    for _ in rows:
        reach = (reach.astype(int) @ reach.astype(int)) > 0
    assert components(rows, threshold).tolist() == reach.argmax(axis=1).tolist()


def test_a_template_of_many_copies_is_judged_without_a_list_of_its_pairs() -> None:
    """20,000 copies have 200 million pairs; the memory for those would be 5 GB."""
    rows = np.repeat(unit(np.random.default_rng(0).normal(size=(2, 64))), 10_000, axis=0)
    found = admit(questions(rows), 0.92)
    assert np.flatnonzero(found.admitted).tolist() == [0, 10_000]
    assert set(found.twin.row[1:10_000]) == {0}
    assert set(components(rows, 0.92)) == {0, 10_000}


@given(rows=vectors(), threshold=THRESHOLDS)
def test_the_projected_product_is_never_below_the_cosine(
    rows: np.ndarray, threshold: float
) -> None:
    wide = unit(np.hstack([rows, np.random.default_rng(0).normal(size=(len(rows), 90)) / 20]))
    short = project(wide, rotation(wide))
    assert short.shape[1] == WIDTH
    assert (short @ short.T >= wide @ wide.T - SLACK).all()
    found = sum(len(left) for left, _, _ in exact_pairs(wide, wide, threshold))
    assert found == (cosines(wide) > threshold).sum()
