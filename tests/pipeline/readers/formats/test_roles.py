"""The sides are known by the words of their columns."""

import pytest

from tests.pipeline.readers.formats.rows import REPLY, USER, record

NAMES_OF_SIDES = [
    ("Correct Answer", "Question"), ("a", "q"), ("generated_answer", "user_query"),
    ("bot_response", "user_message"), ("targets", "inputs"), ("答案", "问题"), ("Antwort", "Frage"),
    ("modelOutput", "userInput"), ("assistant", "human"), ("reply", "message"),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "question"), NAMES_OF_SIDES)
def test_the_sides_are_known_by_the_words_of_their_columns(answer: str, question: str) -> None:
    assert record({answer: "Yes.", question: "Hi?"}).id == record([USER, REPLY]).id
