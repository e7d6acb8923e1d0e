"""Channels of Discord as DiscordChatExporter writes them."""

from schemas.reasons import Rejection


def message(number: int, who: str, text: str, is_bot: bool = False, **fields):
    return {
        "id": str(number),
        "type": "Default",
        "timestamp": f"2024-05-03T10:{number:02}:00.123+02:00",
        "timestampEdited": None,
        "content": text,
        "author": {"id": f"9{who}", "name": who, "nickname": f"{who} the Potter", "isBot": is_bot},
        "attachments": [],
        "embeds": [],
        "stickers": [],
        "reactions": [],
        **fields,
    }


def channel(*messages):
    return {"guild": {"id": "1"}, "channel": {"id": "2", "name": "help"}, "messages": messages}


TALK = channel(
    message(1, "mara", "joined", type="GuildMemberJoin"),
    message(2, "mara", "How hot?"),
    message(3, "mara", "", attachments=[{"url": "x"}]),
    message(4, "ton", "900 degrees", type="Reply"),
)


def test_a_nickname_an_id_or_a_name_says_who_the_assistant_is(talks) -> None:
    for name in ("Ton", "ton the potter", "9ton"):
        read = talks(TALK, name)
        assert read.texts == [["u: How hot?", "a: 900 degrees"]]
        assert read.cuts == {"service message": 1, "picture, sound or file": 1}


def test_people_alone_are_asked_for(talks) -> None:
    [refused] = talks(TALK).rows
    assert refused.reason is Rejection.unknown_speaker
    assert "mara (1 message) and ton (1 message)" in refused.why


def test_a_bot_that_answers_is_the_assistant_and_says_what_its_embeds_say(talks) -> None:
    embed = {"title": "Heat", "description": "It is hot.", "fields": [{"name": "C", "value": "9"}]}
    answer = message(2, "kilnbot", "", is_bot=True, type="20", embeds=[embed])
    read = talks(channel(message(1, "mara", "How hot is the kiln?"), answer))
    assert read.texts == [["u: How hot is the kiln?", "a: Heat\nIt is hot.\nC: 9"]]


def test_a_bot_that_only_announces_is_nobodys_assistant(talks) -> None:
    people = [message(n, ("mara", "ton")[n % 2], f"Line {n}") for n in range(30)]
    [refused] = talks(channel(message(40, "news", "Hi", is_bot=True), *people)).rows
    assert refused.reason is Rejection.unknown_speaker


def test_a_person_who_is_named_comes_before_a_bot(talks) -> None:
    bot = message(3, "kilnbot", "Beep", is_bot=True)
    read = talks(channel(message(1, "mara", "Hot?"), bot, message(4, "ton", "Yes")), "ton")
    assert read.texts == [["u: Hot?\nBeep", "a: Yes"]]


def test_a_preview_beside_a_text_is_named_as_left_out(talks) -> None:
    preview = [{"title": "Kilns of the north and how they are fired"}]
    linked = message(1, "mara", "https://kiln.example", embeds=preview)
    assert talks(channel(linked, message(2, "ton", "Nice")), "ton").left_out == {
        "messages.embeds": 1
    }
