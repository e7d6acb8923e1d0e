import pytest

from pipeline.llm.yields import upper_bound, wanted, yields_too_little


def test_nothing_is_ordered_twice_while_everything_is_accepted() -> None:
    assert all(wanted(7, checked, checked) == 7 for checked in range(1, 300))


def test_twice_as_much_is_ordered_when_half_is_accepted_and_a_little_less_at_first() -> None:
    assert wanted(100, 5000, 10000) in range(196, 201)
    assert wanted(100, 5, 10) < 196


def test_nothing_is_ordered_when_nothing_is_missing() -> None:
    assert wanted(0, 5, 10) == wanted(-1, 5, 10) == 0


def test_the_bound_agrees_with_a_published_wilson_interval() -> None:
    # Newcombe 1998, table I: 81 of 263, Wilson 0.2553 to 0.3662.
    assert upper_bound(81, 263, 1.96) == pytest.approx(0.3662, abs=5e-5)


def test_a_yield_is_too_little_only_when_that_is_sure() -> None:
    assert not yields_too_little(0, 72, 0.05)
    assert yields_too_little(0, 73, 0.05)
    assert not yields_too_little(9, 200, 0.05)
    assert not yields_too_little(0, 10**6, 0.0)
