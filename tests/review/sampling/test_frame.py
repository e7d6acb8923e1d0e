"""The sample is a random draw from a frozen frame, and the same for the same frame and seed."""

import math
from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.store.store import Store
from review.sampling.frame import draw_sample, frame_ids, freeze_frame, sampling_frames

IDS = st.lists(st.text("0123456789abcdef", min_size=1, max_size=8), unique=True, max_size=60)
SHARES = st.sampled_from([0.01, 0.07, 0.2, 0.5, 0.93, 1.0])


@given(ids=IDS, share=SHARES, seed=st.integers(0, 9), shuffle=st.randoms())
def test_a_draw_depends_on_the_set_and_the_seed_and_on_no_order(ids, share, seed, shuffle) -> None:
    other = [*ids, *ids[:3]]
    shuffle.shuffle(other)
    assert draw_sample(ids, share, seed) == draw_sample(other, share, seed)


@given(ids=IDS, share=SHARES, seed=st.integers(0, 9))
def test_a_draw_has_the_share_rounded_up_without_repeats(ids, share, seed) -> None:
    drawn = draw_sample(ids, share, seed)
    assert set(drawn) <= set(ids)
    assert len(set(drawn)) == len(drawn) == math.ceil(Fraction(str(share)) * len(ids))


@given(ids=IDS, seed=st.integers(0, 9))
def test_a_larger_share_contains_the_smaller(ids, seed) -> None:
    assert set(draw_sample(ids, 0.2, seed)) <= set(draw_sample(ids, 0.5, seed))


def test_a_share_is_the_number_that_was_written_and_not_its_float() -> None:
    assert len(draw_sample([str(i) for i in range(100)], 0.07, 0)) == 7


def test_another_frame_draws_anew_though_the_seed_is_the_same() -> None:
    """Else a second frame would hold the rows that the first review has cleaned."""
    ids = [f"{i:04d}" for i in range(2000)]
    both = set(draw_sample(ids, 0.2, 0, number=1)) & set(draw_sample(ids, 0.2, 0, number=2))
    # 80 of 400 are expected by chance, standard deviation 7.2.
    assert 51 < len(both) < 109


def test_every_pair_of_records_is_drawn_about_equally_often() -> None:
    seeds = 6000
    pairs = Counter(frozenset(draw_sample("abcde", 0.4, seed)) for seed in range(seeds))
    expected = seeds / 10
    chi_square = sum((n - expected) ** 2 / expected for n in pairs.values())
    assert len(pairs) == 10
    # 99.9 % quantile with nine degrees of freedom; the seeds are fixed, so this never flickers.
    assert chi_square < 27.88


def test_a_frame_comes_back_as_it_was_frozen(store: Store) -> None:
    first = freeze_frame(store, ["c", "a", "b", "a"], share=0.5, seed=3)
    second = freeze_frame(store, ["d"], share=1.0, seed=3)
    assert sampling_frames(store) == [first, second]
    assert (first.number, first.size, len(first.sample)) == (1, 3, 2)
    assert (second.number, second.sample) == (2, ("d",))
    assert frame_ids(store, first) == {"a", "b", "c"}
    assert first.name != second.name


def test_a_frame_exists_only_when_its_ids_do(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []

    def die_at_the_second(path, data) -> None:
        written.append(path.name)
        if len(written) == 2:
            raise KeyboardInterrupt
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)

    monkeypatch.setattr("review.sampling.frame.write_atomically", die_at_the_second)
    with pytest.raises(KeyboardInterrupt):
        freeze_frame(store, ["a"], share=1.0, seed=0)
    assert written == ["frame-0001.ids.parquet", "frame-0001.json"]
    assert sampling_frames(store) == []
