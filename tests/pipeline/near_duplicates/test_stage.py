"""The stage drops by preference, among records that can be compared."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.near_duplicates.guard import ORDER_COLUMNS, WORDS
from pipeline.near_duplicates.join import cosines
from pipeline.near_duplicates.questions import ORDER, SIDES
from pipeline.near_duplicates.stage import NearDuplicate
from pipeline.near_duplicates.vectors import vectors_of
from schemas.record import Origin


def frame(degrees: list[float], **columns: list) -> pl.DataFrame:
    """A record for each direction on a circle."""
    vectors = [[np.cos(np.radians(d)), np.sin(np.radians(d))] for d in degrees]
    size = len(degrees)
    return pl.DataFrame(
        {
            "id": [f"{n:02d}" for n in range(size)],
            "vector": pl.Series(vectors, dtype=pl.List(pl.Float32)),
            "encoder": pl.Series(["model"] * size, dtype=pl.String),
            "tool_set": pl.Series([""] * size, dtype=pl.String),
            "origin": ["human"] * size,
            "reviewed": [False] * size,
            "system_key": pl.Series([""] * size, dtype=pl.String),
            "replies": pl.Series([["b"]] * size, dtype=pl.List(pl.String)),
            "question": pl.Series(["why"] * size, dtype=pl.String),
            "question_language": pl.Series(["en"] * size, dtype=pl.String),
            "guard_key": pl.Series([0] * size, dtype=pl.UInt64),
            "guard_sides": pl.Series([[0] * WORDS] * size, dtype=SIDES),
            "guard_order": pl.Series([[0] * ORDER_COLUMNS] * size, dtype=ORDER),
            "plain": pl.Series(["why"] * size, dtype=pl.String),
            "template": pl.Series([None] * size, dtype=pl.String),
            "shared": pl.Series([-1] * size, dtype=pl.Int64),
            "rest": pl.Series([None] * size, dtype=pl.List(pl.Float32)),
            "whole": pl.Series([None] * size, dtype=pl.List(pl.Float32)),
        }
    ).with_columns(**{name: pl.Series(values) for name, values in columns.items()})


def fallen(records: pl.DataFrame, stage: NearDuplicate | None = None) -> dict[str, str]:
    found = (stage or NearDuplicate())(records)
    return dict(zip(found["id"], found["other_id"], strict=True))


def test_a_near_question_falls_with_its_twin_and_the_cosine() -> None:
    [verdict] = NearDuplicate()(frame([0, 10, 90])).to_dicts()
    assert (verdict["id"], verdict["other_id"]) == ("01", "00")
    assert verdict["reason"] == "near_duplicate"
    assert abs(verdict["value"] - np.cos(np.radians(10))) < 1e-6


def test_the_threshold_is_a_setting() -> None:
    assert fallen(frame([0, 30]), NearDuplicate(threshold=0.8)) == {"01": "00"}
    assert fallen(frame([0, 30]), NearDuplicate(threshold=0.9)) == {}


def test_the_more_trusted_one_stays_and_of_equals_the_fuller() -> None:
    same = [0.0] * 5
    origins = ["synthetic", "human", "human", "corrected", "human"]
    replies = [["a" * 99], ["a"], ["aa"], ["a"], ["a"]]
    records = frame(same, origin=origins, replies=replies)
    reviewed = records.with_columns(reviewed=pl.col("id") == "04")
    order = [records, records.head(3), records.head(2), records.head(1), reviewed]
    assert [set(fallen(rows).values()) for rows in order] == [
        {"03"}, {"02"}, {"01"}, set(), {"04"},
    ]  # fmt: skip


def test_a_question_with_other_tools_is_another_question() -> None:
    records = frame([0, 0, 0], tool_set=["", "[1]", "[1]"])
    assert fallen(records) == {"02": "01"}


def test_vectors_of_different_encoders_are_never_compared() -> None:
    assert fallen(frame([0, 0, 0], encoder=["model", "ngrams", "ngrams"])) == {"02": "01"}
    assert fallen(frame([])) == {}


@given(
    degrees=st.lists(st.integers(0, 18).map(lambda step: step * 20.0), max_size=15),
    data=st.data(),
)
def test_who_stands_does_not_depend_on_the_order_of_rows(degrees, data) -> None:
    origins = data.draw(
        st.lists(st.sampled_from([*Origin]), min_size=len(degrees), max_size=len(degrees))
    )
    records = frame(degrees, origin=[origin.value for origin in origins])
    order = data.draw(st.permutations(range(len(degrees))))
    assert fallen(records[order]) == fallen(records)


def test_near_what_a_person_rejected_is_flagged_with_the_nearest() -> None:
    found = NearDuplicate().near_rejected(frame([0, 90]), frame([20, 10, 180]))
    [flag] = found.to_dicts()
    assert (flag["id"], flag["other_id"], flag["action"]) == ("00", "01", "flag")
    assert flag["reason"] == "near_rejected"


@pytest.mark.parametrize("degrees", [10.0, 20.0, 30.0])
def test_what_is_at_the_threshold_is_not_above_it(degrees: float) -> None:
    """Neither falls a question to a kept one, nor is it near one that a person rejected."""
    records, rejected = frame([0, degrees]), frame([degrees])
    vectors = vectors_of(records)
    [cosine] = cosines(vectors, vectors, np.array([0]), np.array([1]))
    at, below = (NearDuplicate(threshold=limit) for limit in (cosine, np.nextafter(cosine, 0)))
    assert fallen(records, at) == {}
    assert fallen(records, below) == {"01": "00"}
    assert len(at.near_rejected(records.head(1), rejected)) == 0
    assert len(below.near_rejected(records.head(1), rejected)) == 1


def test_where_nothing_was_rejected_nothing_is_near_it() -> None:
    assert len(NearDuplicate().near_rejected(frame([0]), frame([]))) == 0
    assert len(NearDuplicate().near_rejected(frame([0]), frame([0], encoder=["ngrams"]))) == 0


def test_of_one_template_the_fullest_stay_and_the_count_is_shown() -> None:
    records = frame(
        [0] * 6 + [90],
        template=["t"] * 6 + [None],
        replies=[["a" * size] for size in (1, 2, 3, 4, 5, 6, 1)],
    )
    found = NearDuplicate(per_template=2)(records)
    assert found["reason"].to_list() == ["same_template"] * 4
    assert set(found["id"]) == {"00", "01", "02", "03"}
    assert set(found["value"]) == {6}
    assert set(found["other_id"]) == {"05"}
    assert not len(NearDuplicate(per_template="all")(records))


def test_under_another_system_text_the_same_words_are_another_question() -> None:
    asked = frame([0, 0, 0], system_key=["", "a pirate", "a pirate"])
    assert fallen(asked) == {"02": "01"}


def test_guarded_pairs_are_flagged_where_they_are_news() -> None:
    def flagged(size: int) -> int:
        texts = [f"why {number}" for number in range(size)]
        keys = pl.Series(range(size), dtype=pl.UInt64)
        return len(NearDuplicate()(frame([0] * size, plain=texts, guard_key=keys)))

    assert [flagged(size) for size in (2, 4, 5, 9)] == [1, 3, 0, 0]
