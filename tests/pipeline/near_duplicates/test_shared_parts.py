"""Lines and sentences that many questions share are told apart from what each of them asks."""

from collections.abc import Iterable

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from pipeline.near_duplicates.shared_parts import SHARED, SharedParts, find_shared_parts


def found(texts: Iterable[str]) -> SharedParts:
    return find_shared_parts(pl.Series(list(texts), dtype=pl.String))


def split(parts: SharedParts, text: str) -> tuple[list[str], str]:
    """The shared parts of one question, and what is left."""
    [(shared, rest)] = parts.split(pl.Series([text])).rows()
    return shared.split("\n") if shared else [], rest


MANUAL = "You may call a tool. Its name is search(query). "
TASKS = [f"Find {word} recipes" for word in "abcdefghijklmnopqrst"]


def test_a_manual_that_twenty_different_questions_share_is_left_out() -> None:
    parts = found(MANUAL + task for task in TASKS)
    shared, rest = split(parts, MANUAL + "Tell me a joke")
    assert (len(shared), rest) == (2, "Tell me a joke")
    assert split(parts, "Tell me a joke") == ([], "Tell me a joke")


def test_a_shared_part_may_stand_anywhere_with_any_number() -> None:
    parts = found(f"{task}. Room {n} is free." for n, task in enumerate(TASKS))
    assert split(parts, "Room 99 is free. Sing")[1] == "Sing"
    assert split(parts, "Sing. Room 7 is free.")[1] == "Sing."


def test_nineteen_or_copies_of_one_are_no_template() -> None:
    assert found(MANUAL + task for task in TASKS[1:]) == SharedParts(frozenset())
    assert found([MANUAL + TASKS[0]] * 99) == SharedParts(frozenset())


def test_lines_and_sentences_end_a_part_in_any_script() -> None:
    parts = found(f"请回答。\n{task}" for task in TASKS)
    assert split(parts, "请回答。\n好")[1] == "好"


def test_of_shared_parts_alone_nothing_is_left() -> None:
    parts = found(MANUAL + task for task in TASKS)
    assert split(parts, MANUAL.strip())[1] == ""
    assert len(split(parts, MANUAL.strip())[0]) == 2


@given(st.lists(st.text("ab.\n "), max_size=60), st.randoms())
def test_order_and_copies_do_not_matter_and_what_is_left_is_of_the_question(texts, random) -> None:
    shuffled = texts + texts[:5]
    random.shuffle(shuffled)
    parts = found(texts)
    assert parts == found(shuffled)
    for text in texts:
        shared, rest = split(parts, text)
        assert set(shared) <= parts.parts
        assert rest == text if not shared else len(rest) < len(text)


assert len(TASKS) == SHARED
