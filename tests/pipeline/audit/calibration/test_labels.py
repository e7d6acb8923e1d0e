"""Labels of pairs are kept, and the latest label of each person counts."""

from datetime import UTC, datetime

import pytest

from pipeline.audit.calibration.labels import (
    PairLabel,
    append_labels,
    disagreements,
    make_label,
    read_labels,
    settled_pairs,
)
from schemas.errors import UserError


def label(same: bool, by: str = "ada", one: str = "a", minute: int = 0) -> PairLabel:
    at = datetime(2026, 1, 1, 0, minute, tzinfo=UTC)
    return PairLabel(one=one, other="b", same=same, by=by, at=at, model="m")


def test_the_smaller_id_stands_first() -> None:
    made = make_label(("f0", "0f"), True, "ada", "m")
    assert (made.one, made.other) == ("0f", "f0")


def test_labels_are_added_and_none_is_said_twice(new_store) -> None:
    store = new_store([])
    assert append_labels(store, [label(True), label(False, "bob")]) == 2
    assert append_labels(store, [label(True), label(True, one="c")]) == 1
    assert [found.one for found in read_labels(store)] == ["a", "a", "c"]
    lines = (store.reviews_dir / "pairs.jsonl").read_text("utf-8").splitlines()
    assert len(lines) == 3


def test_a_changed_mind_is_a_new_line_and_counts(new_store) -> None:
    store = new_store([])
    append_labels(store, [label(True)])
    append_labels(store, [label(False, minute=1)])
    assert len(read_labels(store)) == 2
    assert settled_pairs(read_labels(store)).rows() == [("a", "b", False)]


def test_of_several_people_the_majority_counts_and_a_tie_is_no_evidence() -> None:
    several = [label(True), label(True, "bob"), label(False, "cy")]
    assert settled_pairs(several).rows() == [("a", "b", True)]
    assert settled_pairs(several[1:]).rows() == []


def test_people_who_do_not_agree_are_counted() -> None:
    changed = [label(True, "bob"), label(False, "bob", minute=1), label(False)]
    assert disagreements(changed) == (0, 0)
    majority = [label(True), label(True, "bob"), label(False, "cy")]
    split = [label(True, one="c"), label(False, "bob", one="c")]
    assert disagreements(majority) == (1, 0)
    assert disagreements([*majority, *split]) == (2, 1)


@pytest.mark.parametrize("garbage", [b"garbage", b'{"one": 1}', b"\xff\xfe"])
def test_a_line_that_is_no_label_is_named(new_store, garbage: bytes) -> None:
    store = new_store([])
    append_labels(store, [label(True)])
    with (store.reviews_dir / "pairs.jsonl").open("ab") as file:
        file.write(b"\n" + garbage + b"\n")
    with pytest.raises(UserError, match=r"pairs\.jsonl:3 is not a valid label of a pair"):
        read_labels(store)


def test_no_labels_settle_nothing() -> None:
    assert settled_pairs([]).columns == ["one", "other", "same"]
