"""Lines and sentences that many questions share are told apart from what each of them asks."""

from hypothesis import given
from hypothesis import strategies as st

from pipeline.near_duplicates.shared_parts import SHARED, SharedParts, find_shared_parts

MANUAL = "You may call a tool. Its name is search(query). "
TASKS = [f"Find {word} recipes" for word in "abcdefghijklmnopqrst"]


def test_a_manual_that_twenty_different_questions_share_is_left_out() -> None:
    parts = find_shared_parts(MANUAL + task for task in TASKS)
    shared, rest = parts.split(MANUAL + "Tell me a joke")
    assert (len(shared), rest) == (2, "Tell me a joke")
    assert parts.split("Tell me a joke") == (frozenset(), "Tell me a joke")


def test_a_shared_part_may_stand_anywhere_with_any_number() -> None:
    parts = find_shared_parts(f"{task}. Room {n} is free." for n, task in enumerate(TASKS))
    assert parts.split("Room 99 is free. Sing")[1] == "Sing"
    assert parts.split("Sing. Room 7 is free.")[1] == "Sing."


def test_nineteen_or_copies_of_one_are_no_template() -> None:
    assert find_shared_parts(MANUAL + task for task in TASKS[1:]) == SharedParts(frozenset())
    assert find_shared_parts([MANUAL + TASKS[0]] * 99) == SharedParts(frozenset())


def test_lines_and_sentences_end_a_part_in_any_script() -> None:
    parts = find_shared_parts(f"请回答。\n{task}" for task in TASKS)
    assert parts.split("请回答。\n好")[1] == "好"


def test_of_shared_parts_alone_nothing_is_left() -> None:
    parts = find_shared_parts(MANUAL + task for task in TASKS)
    assert parts.split(MANUAL.strip())[1] == ""
    assert len(parts.split(MANUAL.strip())[0]) == 2


@given(st.lists(st.text("ab.\n "), max_size=60), st.randoms())
def test_order_and_copies_do_not_matter_and_what_is_left_is_of_the_question(texts, random) -> None:
    shuffled = texts + texts[:5]
    random.shuffle(shuffled)
    parts = find_shared_parts(texts)
    assert parts == find_shared_parts(shuffled)
    for text in texts:
        shared, rest = parts.split(text)
        assert shared <= parts.parts
        assert rest == text if not shared else len(rest) < len(text)


assert len(TASKS) == SHARED
