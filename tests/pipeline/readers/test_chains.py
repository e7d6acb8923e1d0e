"""Exchanges of one conversation are joined, wherever they stand in the file."""

import random
from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.readers import GroupedRows, Refused, Row
from pipeline.readers.candidate import Candidate
from pipeline.readers.group_rows import group_rows
from pipeline.readers.reading import DETECT
from schemas.reasons import Rejection


def conversations(rows: list[Any]) -> list[list[str]]:
    """The texts of each conversation that the rows of one file make."""
    grouped = group_rows(iter(Row(n, row) for n, row in enumerate(rows, 1)), DETECT, Counter())
    talks = []
    for row in grouped:
        assert isinstance(row, GroupedRows), row
        for candidate in row.candidates:
            assert isinstance(candidate, Candidate)
            talks.append([str(turn["content"]) for turn in candidate.turns])
    return sorted(talks)


LENGTHS = st.lists(st.integers(1, 4), min_size=2, max_size=5).filter(lambda sizes: max(sizes) > 1)


def talk(number: int, length: int) -> list[tuple[str, str]]:
    return [(f"Question {turn} of {number}?", f"Answer {turn}.") for turn in range(length)]


def flat(talks: list[list[tuple[str, str]]]) -> list[list[str]]:
    return sorted([text for pair in talk for text in pair] for talk in talks)


@given(LENGTHS, st.randoms())
def test_exchanges_with_a_parent_are_joined_in_any_order(
    lengths: list[int], rng: random.Random
) -> None:
    talks = [talk(number, length) for number, length in enumerate(lengths)]
    rows = [
        {
            "instruction": question,
            "output": answer,
            "id": f"{number}-{turn}",
            "parent_id": f"{number}-{turn - 1}" if turn else None,
        }
        for number, pairs in enumerate(talks)
        for turn, (question, answer) in enumerate(pairs)
    ]
    rng.shuffle(rows)
    assert conversations(rows) == flat(talks)


@given(LENGTHS, st.sampled_from(["turn", "timestamp", None]), st.randoms())
def test_exchanges_of_a_session_are_joined_in_the_order_that_it_names(
    lengths: list[int], column: str | None, rng: random.Random
) -> None:
    talks = [talk(number, length) for number, length in enumerate(lengths)]
    rows = [
        {"question": question, "answer": answer, "session_id": number}
        | ({column: turn if column == "turn" else f"2024-05-0{turn + 1}T10:00"} if column else {})
        for number, pairs in enumerate(talks)
        for turn, (question, answer) in enumerate(pairs)
    ]
    if column:
        rng.shuffle(rows)
    assert conversations(rows) == flat(talks)


def test_two_answers_to_one_question_of_a_session_are_not_two_turns() -> None:
    row = {"question": "Hi?", "session_id": 1}
    rows = [row | {"answer": "Yes."}, row | {"answer": "No."}]
    assert conversations(rows) == [["Hi?", "No."], ["Hi?", "Yes."]]


def test_rows_of_a_branch_share_their_beginning() -> None:
    rows = [
        {"prompt": "One?", "response": "1", "id": 1, "parent_id": ""},
        {"prompt": "Two?", "response": "2", "id": 2, "parent_id": 1},
        {"prompt": "Three?", "response": "3", "id": 3, "parent_id": "1"},
    ]
    assert conversations(rows) == [["One?", "1", "Three?", "3"], ["One?", "1", "Two?", "2"]]


@pytest.mark.parametrize(("parent", "why"), [("9", "does not hold"), ("3", "follows it in turn")])
def test_an_exchange_without_its_beginning_is_refused(parent: str, why: str) -> None:
    rows = [
        {"prompt": "One?", "response": "1", "id": "1", "parent_id": ""},
        {"prompt": "Two?", "response": "2", "id": "2", "parent_id": "1"},
        {"prompt": "Lost?", "response": "3", "id": "3", "parent_id": parent},
        {"prompt": "Lost too?", "response": "4", "id": "4", "parent_id": "3"},
    ]
    grouped = group_rows(iter(Row(n, row) for n, row in enumerate(rows, 1)), DETECT, Counter())
    refused = [
        candidate
        for row in grouped
        if isinstance(row, GroupedRows)
        for candidate in row.candidates
        if isinstance(candidate, Refused)
    ]
    assert [part.reason for part in refused] == [Rejection.missing_parent]
    assert why in refused[0].why


def test_rows_that_follow_each_other_in_a_circle_are_refused_and_kept() -> None:
    first = {"prompt": "One?", "response": "1", "id": "1", "parent_id": "2"}
    rows = [first, first | {"prompt": "Two?", "id": "2", "parent_id": "1"}]
    grouped = group_rows(iter(Row(n, row) for n, row in enumerate(rows, 1)), DETECT, Counter())
    assert [row.value for row in grouped if isinstance(row, GroupedRows)] == [[rows[0]], [rows[1]]]


def test_rows_with_ids_that_nothing_refers_to_are_read_one_by_one() -> None:
    rows = [
        {"question": f"{n}?", "answer": "Yes.", "id": n, "parent_id": "article"} for n in range(3)
    ]
    grouped = list(group_rows(iter(Row(n, row) for n, row in enumerate(rows)), DETECT, Counter()))
    assert all(isinstance(row, Row) for row in grouped)


HEADERS = st.lists(st.integers(1, 3), min_size=1, max_size=4)


@given(HEADERS, st.booleans())
def test_messages_a_line_are_conversations_that_begin_at_a_header_or_system_line(
    lengths: list[int], has_header: bool
) -> None:
    talks = [talk(number, length) for number, length in enumerate(lengths)]
    rows: list[Any] = []
    for number, pairs in enumerate(talks):
        rows.append(
            {"id": number, "name": "Chat"}
            if has_header
            else {"role": "system", "content": "Be kind."}
        )
        for question, answer in pairs:
            rows.append({"role": "user", "content": question, "timestamp": 1})
            rows.append({"role": "assistant", "content": answer, "timestamp": 2})
    texts = conversations(rows)
    assert [[text for text in talk if text != "Be kind."] for talk in texts] == flat(talks)
