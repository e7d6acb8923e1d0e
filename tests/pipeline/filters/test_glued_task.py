"""The next task behind a reply is flagged, unless tasks were asked for."""

import pytest

from pipeline.filters.glued_task import GluedTask

QUESTION = "When did people walk on the moon first?"


@pytest.mark.parametrize(
    "reply",
    [
        "In 1969.\n\n## 18. Instruction: Name three planets.",
        "In 1969.\n##\n10. Instruction: Name three planets.\n10. Output:\nMars",
        "In 1969.\n\nInstruction: Name three planets.",
        "In 1969.\n\n### Question: Name three planets.",
        "In 1969.\n###",
    ],
)
def test_a_glued_task_is_flagged(says, talk, reply: str) -> None:
    assert says(GluedTask(), talk(QUESTION, reply)) == ["flag glued_task"]


@pytest.mark.parametrize(
    ("question", "reply"),
    [
        ("Write three quiz questions.", "1.\nQuestion: Who?\n2.\nQuestion: When?"),
        ("Write a prompt for a story.", "Story\nPrompt: Once upon a time"),
        (QUESTION, "In 1969.\n\n## History\nIt was July."),
        (QUESTION, "1. In 1969.\n2. Apollo 11."),
        (QUESTION, "```\n# Question: 1969\n```"),
        (QUESTION, "This question: a good one.\nThe task was done in 1969."),
    ],
)
def test_headings_that_belong_to_the_reply_stay(says, talk, question: str, reply: str) -> None:
    assert says(GluedTask(), talk(question, reply)) == []
