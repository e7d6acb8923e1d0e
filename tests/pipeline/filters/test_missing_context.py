"""A question about what is not there is flagged; one that brings its material is not."""

import pytest

from pipeline.filters.missing_context import MissingContext
from schemas.message import Message, Part
from schemas.record import Record

REPLY = "It shows a boat on a lake at sunset."


@pytest.mark.parametrize(
    "question",
    [
        "Describe this picture.",
        "What is in the attached photo?",
        "Summarize the following article.",
        "Summarize this article: https://example.org/news/boats",
        "Describe the painting in the link.\n\nhttps://example.org/paintings/1",
        "Was zeigt dieses Bild?",
        "¿Qué hay en esta foto?",
        "这张图片里有什么？",
        "この画像には何が写っていますか",
    ],
)
def test_a_question_about_nothing_is_flagged(says, talk, question: str) -> None:
    assert says(MissingContext(), talk(question, REPLY)) == ["flag missing_context"]


@pytest.mark.parametrize(
    "question",
    [
        "Summarize the following article.\n\nBoats were seen on the lake. They left at dawn.",
        'Shorten this text: "Boats were seen on the lake at dawn."',
        "How do I take a picture of a boat?",
        "What makes a good picture?",
        "Write SQL that lists all names in the given table.",
        "Create a function that parses this URL.\n\nhttps://example.org/a?b=c",
        "Is https://example.org a valid address?",
        "Format dates by [ISO 8601](https://example.org/iso).",
    ],
)
def test_a_question_that_stands_alone_stays(says, talk, question: str) -> None:
    assert says(MissingContext(), talk(question, REPLY)) == []


def test_a_picture_that_is_there_is_not_missing(says) -> None:
    parts = (Part(type="text", text="Describe this picture."), Part(type="image_url"))
    turns = (Message(role="user", content=parts), Message(role="assistant", content=REPLY))
    assert says(MissingContext(), Record(messages=turns, source="x")) == []


def test_a_system_text_may_hold_the_article(says) -> None:
    turns = (
        Message(role="system", content="Article: boats."),
        Message(role="user", content="Summarize this article."),
        Message(role="assistant", content=REPLY),
    )
    assert says(MissingContext(), Record(messages=turns, source="x")) == []


def test_a_long_question_has_room_for_what_it_is_about(says, talk) -> None:
    question = "Describe this picture of boats" + " that were seen on the lake at dawn" * 3
    assert len(question) < 160
    assert says(MissingContext(), talk(question, REPLY)) == ["flag missing_context"]
    longer = question + " by people on their way to the shop"
    assert len(longer) > 160
    assert says(MissingContext(), talk(longer, REPLY)) == []
