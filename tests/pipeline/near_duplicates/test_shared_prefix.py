"""A prefix that many questions share is told apart from what each of them asks."""

from hypothesis import given
from hypothesis import strategies as st

from pipeline.near_duplicates.shared_prefix import SHARED, SharedPrefixes, find_shared_prefixes

MANUAL = "You may call a tool. Its name is search(query). "
TASKS = [f"Find {number} recipes" for number in range(SHARED)]


def test_a_manual_that_twenty_different_questions_share_is_cut_off() -> None:
    prefixes = find_shared_prefixes(MANUAL + task for task in TASKS)
    assert prefixes.split(MANUAL + "Tell me a joke") == (MANUAL, "Tell me a joke")
    assert prefixes.split("Tell me a joke") == ("", "Tell me a joke")


def test_nineteen_or_copies_of_one_are_no_template() -> None:
    assert find_shared_prefixes(MANUAL + task for task in TASKS[1:]) == SharedPrefixes(frozenset())
    assert find_shared_prefixes([MANUAL + TASKS[0]] * 99) == SharedPrefixes(frozenset())


def test_lines_and_sentences_end_a_beginning_in_any_script() -> None:
    prefixes = find_shared_prefixes(f"请回答。\n{task}" for task in TASKS)
    assert prefixes.split("请回答。\n好") == ("请回答。\n", "好")


def test_of_shared_beginnings_the_longest_counts_and_what_is_only_that_is_asked() -> None:
    lines = ["Be brief.\n", "Be brief.\nIn French:\n"]
    prefixes = find_shared_prefixes(line + task for line in lines for task in TASKS)
    assert prefixes.split(lines[1] + "hello") == (lines[1], "hello")
    assert prefixes.split(lines[0] + "hello") == (lines[0], "hello")
    assert prefixes.split(lines[1]) == ("", lines[1])


@given(st.lists(st.text("ab.\n "), max_size=60), st.randoms())
def test_order_and_copies_do_not_matter_and_nothing_is_lost(texts, random) -> None:
    shuffled = texts + texts[:5]
    random.shuffle(shuffled)
    prefixes = find_shared_prefixes(texts)
    assert prefixes == find_shared_prefixes(shuffled)
    for text in texts:
        prefix, rest = prefixes.split(text)
        assert prefix + rest == text
        assert rest or not text
