"""Messenger and Instagram, with texts whose bytes were written one by one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.readers.chats.messenger import mended


def message(minute: int, who: str, text: str | None, **fields):
    given = {"sender_name": who, "timestamp_ms": 1714731000000 + 60_000 * minute, **fields}
    return given if text is None else given | {"content": text}


def spoilt(text: str) -> str:
    return text.encode("utf-8").decode("latin-1")


def chat(*messages):
    return {
        "participants": [{"name": spoilt("Zoë Ruß")}, {"name": "Ton"}],
        "messages": messages,
        "title": spoilt("Zoë Ruß"),
        "thread_path": "inbox/zoe_1",
    }


ZOE = spoilt("Zoë Ruß")

NEWEST_FIRST = chat(
    message(9, "Ton", "Until seven."),
    message(8, ZOE, None, photos=[{"uri": "x"}]),
    message(7, ZOE, spoilt("Zoë sent a photo."), photos=[{"uri": "x"}]),
    message(6, ZOE, "", is_unsent=True),
    message(5, ZOE, spoilt("Zoë Ruß named the group Kiln.")),
    message(4, ZOE, spoilt("Reacted 👍 to your message ")),
    message(3, ZOE, spoilt("Schön 🏺! Bis wann “heute”?")),
    message(2, "Ton", spoilt("Ja, blaue Krüge.")),
    message(1, ZOE, spoilt("Habt ihr Krüge?")),
)


def test_the_newest_message_comes_last_and_texts_are_whole_again(talks) -> None:
    read = talks(NEWEST_FIRST, "ton")
    assert read.texts == [
        ["u: Habt ihr Krüge?", "a: Ja, blaue Krüge.", "u: Schön 🏺! Bis wann “heute”?",
         "a: Until seven."]
    ]  # fmt: skip
    assert read.records[0].source == "file:9"
    assert read.cuts == {"picture, sound or file": 2, "service message": 2, "deleted message": 1}


def test_a_chat_that_begins_with_a_picture_is_one_chat(talks) -> None:
    messages = [message(3, ZOE, None, photos=[{"uri": "x"}]), *NEWEST_FIRST["messages"][6:]]
    [refused] = talks(chat(*messages)).rows
    assert "Zoë Ruß (2 messages) and Ton (1 message)" in refused.why


def test_chats_of_the_encrypted_kind_are_read(talks) -> None:
    def sent(minute, who, text, kind="text"):
        return {"isUnsent": False, "media": [], "reactions": [], "senderName": who, "text": text,
                "timestamp": 1714731000000 + 60_000 * minute, "type": kind}  # fmt: skip

    messages = [sent(1, "Zoë", "Krüge?"), sent(2, "Ton", "Ja."), sent(3, "Ton", "", "media")]
    read = talks({"participants": ["Zoë", "Ton"], "threadName": "x", "messages": messages}, "Ton")
    assert read.texts == [["u: Krüge?", "a: Ja."]]


@given(st.text(st.characters(exclude_categories=("Cs",))))
def test_any_text_that_was_written_byte_by_byte_is_mended(text: str) -> None:
    assert mended(spoilt(text)) == text


@pytest.mark.parametrize("text", ["é", "Größe", "naïve “quote”", "日本", "ñandú ¿qué?"])
def test_a_text_that_is_right_stays_as_it_is(text: str) -> None:
    assert mended(text) == text


def test_a_text_that_is_spoilt_in_part_is_mended_there() -> None:
    assert mended(f"“{spoilt('Krüge')}” für 🏺 \u00e3") == "“Krüge” für 🏺 \u00e3"
