"""A beginning that many questions share is no part of what is asked."""

from hypothesis import given
from hypothesis import strategies as st

from pipeline.near_duplicates.shared_prefix import SHARED, Preambles, preambles

MANUAL = "You may call a tool. Its name is search(query). "
TASKS = [f"Find {number} recipes" for number in range(SHARED)]


def test_a_manual_that_twenty_different_questions_share_is_cut_off() -> None:
    found = preambles(MANUAL + task for task in TASKS)
    assert found.split(MANUAL + "Tell me a joke") == (MANUAL, "Tell me a joke")
    assert found.split("Tell me a joke") == ("", "Tell me a joke")


def test_nineteen_or_copies_of_one_are_no_template() -> None:
    assert preambles(MANUAL + task for task in TASKS[1:]) == Preambles(frozenset())
    assert preambles([MANUAL + TASKS[0]] * 99) == Preambles(frozenset())


def test_lines_and_sentences_end_a_beginning_in_any_script() -> None:
    found = preambles(f"请回答。\n{task}" for task in TASKS)
    assert found.split("请回答。\n好") == ("请回答。\n", "好")


def test_of_shared_beginnings_the_longest_counts_and_what_is_only_that_is_asked() -> None:
    lines = ["Be brief.\n", "Be brief.\nIn French:\n"]
    found = preambles(line + task for line in lines for task in TASKS)
    assert found.split(lines[1] + "hello") == (lines[1], "hello")
    assert found.split(lines[0] + "hello") == (lines[0], "hello")
    assert found.split(lines[1]) == ("", lines[1])


@given(st.lists(st.text("ab.\n "), max_size=60), st.randoms())
def test_order_and_copies_do_not_matter_and_nothing_is_lost(texts, random) -> None:
    shuffled = texts + texts[:5]
    random.shuffle(shuffled)
    found = preambles(texts)
    assert found == preambles(shuffled)
    for text in texts:
        beginning, rest = found.split(text)
        assert beginning + rest == text
        assert rest or not text
