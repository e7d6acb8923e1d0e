"""The guard: what differs in meaning is told apart, what differs in wording is not."""

import numpy as np
import polars as pl
import pytest

from pipeline.near_duplicates.guard import CONTRASTS, LANGUAGES, difference, signatures


def differ(one: str, other: str, language: str, other_language: str | None = None) -> bool:
    languages = [language, other_language or language]
    both = pl.DataFrame({"question": [one, other], "question_language": languages})
    found = signatures(both).differ(np.array([0]), np.array([1]))
    said = difference(one, other, (languages[0], languages[1]))
    assert bool(found[0]) == (said is not None), said
    return bool(found[0])


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("en", "more than 50 million people", "more than 80 million people"),
        ("en", "within 5 days", "within 5 weeks"),
        ("en", "I can log in", "I can't log in"),
        ("en", "with milk", "without milk"),
        ("en", "the 2nd floor", "the 3rd floor"),
        ("en", "50% of it", "50 of it"),
        ("en", "at 5:30", "at 17:30"),
        ("th", "มี 5 คน", "มี 6 คน"),
    ],
)
def test_what_means_something_else_differs(language: str, one: str, other: str) -> None:
    assert differ(one, other, language)


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("en", "1,000 kg", "1000kg"),
        ("de", "1.000 kg", "1000 kg"),
        ("en", "wait two weeks", "wait 2 weeks"),
        ("en", "2 million people", "2,000,000 people"),
        ("en", "twenty-five", "25"),
        ("en", "½ cup", "1/2 cup"),
        ("en", "５０", "50"),
        ("en", "I can't log in", "I cannot log in"),
        ("en", "I can’t log in", "I can not log in"),
        ("en", "one of them", "them"),
        ("ar", "٥٠ يوم", "50 يوم"),
    ],
)
def test_another_spelling_does_not_differ(language: str, one: str, other: str) -> None:
    assert not differ(one, other, language)


def test_a_language_without_a_table_differs_in_numbers_only() -> None:
    assert "sv" not in LANGUAGES
    assert not differ("jag kan inte logga in", "jag kan logga in", "sv")
    assert not differ("I cannot log in", "jag kan logga in", "en", "sv")
    assert differ("50 dagar", "60 dagar", "sv")


def test_differ_is_answered_pair_by_pair_and_take_keeps_the_order_given() -> None:
    texts = ["in 5 days", "in 5 weeks", "in 6 days", "within 5 days"]
    found = signatures(pl.DataFrame({"question": texts, "question_language": ["en"] * 4}))
    left, right = np.array([0, 0, 0]), np.array([1, 2, 3])
    assert found.differ(left, right).tolist() == [True, True, False]
    assert found.take(np.array([3, 1])).differ(np.array([0]), np.array([1])).tolist() == [True]
    assert found.sides.shape == (4, len(CONTRASTS))
    assert (found.key.dtype, found.sides.dtype) == (np.uint64, np.uint32)


def test_no_questions_have_no_signatures() -> None:
    none = pl.DataFrame(schema={"question": pl.String, "question_language": pl.String})
    assert len(signatures(none).key) == 0


def test_the_difference_is_said_in_words() -> None:
    assert difference("50 of 80", "60 of 80", ("en", "en")) == "number: 50 against 60"
    assert difference("in 5 days", "in 5 weeks", ("en", "en")) == "time: day against week"
    assert difference("I can", "I can not", ("en", "en")) == "negation: not negated against negated"
    assert difference("the same", "the same", ("en", "en")) is None
