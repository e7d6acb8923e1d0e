"""The contract: each row that falls has a twin that stands, and no two that stand are near."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pipeline.near_duplicates.admit import admit
from pipeline.near_duplicates.join import SLACK, WIDTH, fold, pairs_above, rotation

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
    return np.array([[one @ other for other in exact] for one in exact])


@given(rows=vectors(), threshold=THRESHOLDS)
def test_every_row_that_falls_has_its_nearest_standing_row_above_the_threshold(
    rows: np.ndarray, threshold: float
) -> None:
    found, exact = admit(rows[:0], rows, threshold), cosines(rows)
    for row in np.flatnonzero(~found.admitted):
        standing = np.flatnonzero(found.admitted[:row])
        assert found.twin[row] in standing
        assert found.cosine[row] > threshold
        assert abs(found.cosine[row] - exact[row, found.twin[row]]) < 1e-12
        assert found.cosine[row] >= exact[row, standing].max() - 1e-12


@given(rows=vectors(), threshold=THRESHOLDS)
def test_no_two_rows_that_stand_are_above_the_threshold(rows: np.ndarray, threshold: float) -> None:
    found = admit(rows[:0], rows, threshold)
    standing = rows[found.admitted]
    np.fill_diagonal(near := cosines(standing), -1)
    assert (near <= threshold).all()
    assert np.isnan(found.cosine[found.admitted]).all()


@given(rows=vectors(), threshold=THRESHOLDS, cut=st.integers(0, 25))
def test_block_by_block_is_the_same_as_at_once(
    rows: np.ndarray, threshold: float, cut: int
) -> None:
    whole = admit(rows[:0], rows, threshold)
    first = admit(rows[:0], rows[:cut], threshold)
    kept = np.flatnonzero(first.admitted)
    second = admit(rows[:cut][kept], rows[cut:], threshold)
    place = np.concatenate([kept, cut + np.arange(len(rows[cut:]))]).astype(int)
    assert np.array_equal(first.twin, whole.twin[:cut])
    assert [-1 if t < 0 else place[t] for t in second.twin] == whole.twin[cut:].tolist()


def test_a_copy_falls_to_the_first_of_it() -> None:
    row = unit(np.ones((1, 4)))
    found = admit(row[:0], np.repeat(row, 3, axis=0), 0.92)
    assert found.twin.tolist() == [-1, 0, 0]


def test_in_a_chain_the_middle_falls_and_the_ends_stand() -> None:
    """Far ends of a chain are different questions; clusters would lose one of them."""
    steps = np.radians([0, 20, 40])
    rows = np.stack([np.cos(steps), np.sin(steps)], axis=1).astype(np.float32)
    assert admit(rows[:0], rows, 0.92).admitted.tolist() == [True, False, True]


def test_a_row_that_fell_refuses_nobody() -> None:
    steps = np.radians([0, 20, 40, 60])
    rows = np.stack([np.cos(steps), np.sin(steps)], axis=1).astype(np.float32)
    assert admit(rows[:0], rows, 0.92).twin.tolist() == [-1, 0, -1, 2]


def test_of_rows_that_stand_already_none_falls() -> None:
    twins = np.repeat(unit(np.ones((1, 3))), 2, axis=0)
    found = admit(twins, unit(np.array([[1, 0, 0]])), 0.92)
    assert found.admitted.tolist() == [True]


def test_an_empty_block_is_judged_to_nothing() -> None:
    found = admit(unit(np.ones((1, 3))), np.zeros((0, 3), np.float32), 0.92)
    assert len(found.twin) == len(found.cosine) == 0


@given(rows=vectors(), threshold=THRESHOLDS)
def test_pairs_above_are_all_pairs_above_each_once(rows: np.ndarray, threshold: float) -> None:
    found = {tuple(pair) for pair in pairs_above(rows, threshold).tolist()}
    exact = cosines(rows)
    clear = {(i, j) for j in range(len(rows)) for i in range(j) if exact[i, j] > threshold + 1e-5}
    possible = {
        (i, j) for j in range(len(rows)) for i in range(j) if exact[i, j] > threshold - 1e-5
    }
    assert clear <= found <= possible


def test_a_template_of_many_copies_is_judged_without_a_list_of_its_pairs() -> None:
    """20,000 copies have 200 million pairs; the memory for those would be 5 GB."""
    rows = np.repeat(unit(np.random.default_rng(0).normal(size=(2, 64))), 10_000, axis=0)
    found = admit(rows[:0], rows, 0.92)
    assert np.flatnonzero(found.admitted).tolist() == [0, 10_000]
    assert set(found.twin[1:10_000]) == {0}


@given(rows=vectors(), threshold=THRESHOLDS)
def test_the_folded_product_is_never_below_the_cosine(rows: np.ndarray, threshold: float) -> None:
    wide = unit(np.hstack([rows, np.random.default_rng(0).normal(size=(len(rows), 90)) / 20]))
    folded = fold(wide, rotation(wide))
    assert folded.shape[1] == WIDTH
    assert (folded @ folded.T >= wide @ wide.T - SLACK).all()
    near = cosines(wide)
    expected = {(i, j) for j in range(len(wide)) for i in range(j) if near[i, j] > threshold}
    assert {(int(i), int(j)) for i, j in pairs_above(wide, threshold)} == expected
