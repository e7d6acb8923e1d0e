"""A reply that does not tell its language is counted by its question, and flagged."""

from collections.abc import Callable

import pytest

from pipeline.filters.undetermined_language import UndeterminedLanguage

ENGLISH = "Which of the two rivers in the old town is the longer one, and where does it end?"
GERMAN = "Welcher der beiden Flüsse in der alten Stadt ist der längere, und wo endet er?"


@pytest.mark.parametrize(
    ("question", "reply", "language", "found"),
    [
        (ENGLISH, "Ok", "en", ["flag undetermined_language"]),
        (GERMAN, "42", "de", ["flag undetermined_language"]),
        (GERMAN, "```\nprint(1)\n```", "de", ["flag undetermined_language"]),
        ("?", "42", "und", ["flag undetermined_language"]),
        (GERMAN, ENGLISH, "en", []),
    ],
)
def test_a_reply_that_is_too_short_to_tell_counts_by_its_question(
    question: str, reply: str, language: str, found: list[str], talk, frame, says: Callable
) -> None:
    record = talk(question, reply)
    assert frame(record)["language"].to_list() == [language]
    assert says(UndeterminedLanguage(), record) == found


def test_a_given_language_is_believed(talk, frame, says: Callable) -> None:
    record = talk(ENGLISH, "Ok", language="fr")
    assert frame(record)["language"].to_list() == ["fr"]
    assert says(UndeterminedLanguage(), record) == []
