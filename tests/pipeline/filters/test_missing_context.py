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
        "My tent leaks at the seam, see photo.",
        "The zip of my tent is torn (image attached)",
        "I cannot log in to my account: it says error 12. Screenshot below.",
        "The pole is bent. Please see attached",
        "The pole is bent - see picture",
        "The pole is bent.\nI've attached a photo.",
        "Which flag is it?\n\n[photo]",
        "Mein Zelt ist undicht, siehe Foto.",
        "Das Gestänge ist verbogen. Bild anbei.",
        "La tienda tiene un agujero (foto adjunta)",
        "La toile est percée, voir photo ci-jointe.",
        "Il telo è strappato, vedi foto",
        "A lona está rasgada. Veja imagem em anexo.",
        "De stok is gebroken, zie foto.",
        "Палатка протекает, см. фото",
        "帐篷漏水，见附图。",
        "帐篷坏了，如图。",
        "テントが破れました。写真を添付します。",
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
        "How can I see the picture?",
        "I want to know how people in the old days managed to see pictures.",
        "Translate: see photo",
        "Correct the spelling.\n\nsee attached photo",
        "Which one is best?\n\n(1) A photo of a tent,\n(2) A photo of a lake.",
        "Convert the document to another format (pdf).",
        "算法如何存在偏见。",
        "如何转换视频",
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
