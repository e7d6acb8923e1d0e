"""Telegram's export, of one chat and of all."""

from schemas.reasons import Rejection


def message(number: int, who: str | None, text, minute: int, **fields):
    return {
        "id": 500 + number,
        "type": "message",
        "date": f"2024-05-03T10:{minute:02}:00",
        "date_unixtime": str(1714731000 + 60 * minute),
        "from": who,
        "from_id": f"user{who}",
        "text": text,
        "text_entities": [],
        **fields,
    }


PIECES = ["See ", {"type": "link", "text": "https://kiln.example"}, " for ", {"text": "all"}]
SERVICE = {"id": 1, "type": "service", "date": "2024-05-03T10:00:00", "actor": "Mara",
           "action": "phone_call", "text": ""}  # fmt: skip

CHAT = {
    "name": "Kiln & Co",
    "type": "personal_chat",
    "id": 7,
    "messages": [
        SERVICE,
        message(1, "Mara", "Where is it?", 1),
        message(2, "Mara", "", 2, media_type="sticker", sticker_emoji="🏺"),
        message(3, "Mara", "", 3, poll={"question": "Blue or green then?"}),
        message(4, "Ton", PIECES, 4),
        message(5, "Ton", "The blue one", 5, photo="photos/1.jpg"),
        message(6, "Mara", "Thanks", 600),
    ],
}


def test_pieces_are_joined_and_what_is_no_text_is_counted(talks) -> None:
    read = talks(CHAT, "TON ")
    assert read.texts == [["u: Where is it?", "a: See https://kiln.example for all\nThe blue one"]]
    [record] = read.records
    assert record.source == "file:2"
    assert record.meta["columns"]["chat"] == "Kiln & Co"
    assert [row.source for row in read.rejected] == ["file:7"]
    assert read.cuts == {
        "service message": 1,
        "picture, sound or file": 2,
        "poll, place, contact or game": 1,
    }


def test_a_whole_export_gives_each_chat_and_refuses_those_without_the_name(talks) -> None:
    other = {
        "name": None,
        "type": "personal_chat",
        "id": 8,
        "messages": [message(1, "Jo", "Hello?", 1), message(2, None, "Gone.", 2)],
    }
    empty = {"name": "Old", "type": "personal_chat", "id": 9, "messages": []}
    whole = {
        "about": "Here is the data you requested. Remember: Telegram is ad free.",
        "personal_information": {"first_name": "Ton"},
        "chats": {"about": "This page lists all chats.", "list": [empty, CHAT]},
        "left_chats": {"about": "", "list": [other]},
    }
    read = talks(whole, "Ton", hours=100)
    assert len(read.texts) == 1
    [refused] = read.rejected
    assert refused.reason is Rejection.unknown_speaker
    assert refused.source == "file:8"
    assert refused.why == (
        "is a chat of Jo (1 message) and userNone (1 message), and of nobody whom --me names"
    )


def test_a_chat_of_one_speaker_is_one_refused_row(talks) -> None:
    notes = [message(number, "Ton", f"Note {number}", number) for number in range(40)]
    saved = {"type": "saved_messages", "id": 1, "messages": notes}
    [refused] = talks(saved, "Ton").rows
    assert refused.reason is Rejection.no_user_turn
    assert refused.why == "has only messages of Ton (40 messages), and none of a user"


def test_a_chat_without_a_word_is_refused(talks) -> None:
    [refused] = talks({"type": "personal_chat", "id": 1, "messages": [SERVICE]}).rows
    assert "nothing is said in words" in refused.why


def test_a_text_that_only_stands_in_its_pieces_is_read(talks) -> None:
    pieces = [{"type": "plain", "text": "Is it "}, {"type": "bold", "text": "hot?"}]
    asked = message(1, "Mara", "", 1, text_entities=pieces)
    chat = {"type": "personal_chat", "id": 1, "messages": [asked, message(2, "Ton", "Yes", 2)]}
    assert talks(chat, "Ton").texts == [["u: Is it hot?", "a: Yes"]]
