"""Different answers to one question are said to be so, and as many stay as are asked for."""

import polars as pl

from pipeline.near_duplicates.answers import compare_answers

SURVIVOR = pl.DataFrame({"id": ["s"], "replies": [["Take the red bus from the station."]]})


def fallen(*replies: str) -> pl.DataFrame:
    ids = [f"f{number}" for number in range(len(replies))]
    return pl.DataFrame(
        {
            "id": ids,
            "other_id": ["s"] * len(ids),
            "replies": [[reply] for reply in replies],
        }
    )


def outcomes(rows: pl.DataFrame, stay: int | None) -> list[tuple[str, bool]]:
    compared = compare_answers(rows, SURVIVOR, stay)
    return list(zip(compared["reason"], compared["stands"], strict=True))


def test_the_same_answer_is_a_near_duplicate_whatever_its_case_and_marks() -> None:
    rows = fallen("take the red bus, from the station", "Take the red bus from the old station.")
    assert outcomes(rows, 1) == [("near_duplicate", False)] * 2


def test_another_answer_falls_by_its_own_name_and_stays_by_setting() -> None:
    rows = fallen("No bus runs on Sunday.", "No bus runs on Sunday!", "You can walk.", "Call us.")
    other, same = "same_question_other_answer", "near_duplicate"
    assert outcomes(rows, 1) == [(other, False)] * 4
    assert outcomes(rows, 2) == [(other, True), (same, False), (other, False), (other, False)]
    assert outcomes(rows, None) == [(other, True), (same, False), (other, True), (other, True)]


def test_languages_without_spaces_are_compared_by_characters() -> None:
    survivors = pl.DataFrame({"id": ["s"], "replies": [["请乘坐红色公共汽车去火车站"]]})
    near, far = "请乘坐红色公共汽车到火车站", "周日没有公共汽车"
    found = compare_answers(fallen(near, far), survivors, 1)
    assert found["reason"].to_list() == ["near_duplicate", "same_question_other_answer"]


def test_no_answers_alike_in_nothing() -> None:
    assert outcomes(fallen(), 1) == []
