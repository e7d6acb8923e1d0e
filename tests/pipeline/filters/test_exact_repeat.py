"""The same question and answer stay once, however they were typed."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.features.fold import fold
from pipeline.filters.exact_repeat import ExactRepeat
from schemas.message import Message
from schemas.record import Record

QUESTION, REPLY = "Where is my parcel?", "It arrives on Monday."


@pytest.mark.parametrize(
    ("question", "reply"),
    [
        ("where is my parcel", "it arrives on monday"),
        ("Where  is\nmy parcel ?!", "It arrives on Monday…"),
        ("Where is my parcel?", "It\u200b arrives on\ufeff Monday."),
        ("Ｗｈｅｒｅ is my parcel?", "“It arrives on Monday.”"),
        ("Where is my ｐａｒｃｅｌ？", "It arrives on Monday。"),
    ],
)
def test_case_space_width_and_outer_signs_do_not_make_another_record(
    says, talk, question: str, reply: str
) -> None:
    assert says(ExactRepeat(), talk(QUESTION, REPLY), talk(question, reply)) == [
        "drop exact_repeat"
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("What is x^3 - 2x?", "f"), ("What is x^3 + 2x?", "f")),
        ((QUESTION, REPLY), (QUESTION, "It arrives on Tuesday.")),
        ((QUESTION, REPLY), ("Where is my letter?", REPLY)),
        (("می\u200cخواهم?", "a"), ("میخواهم?", "a")),
        (("👩\u200d🌾?", "a"), ("👩🌾?", "a")),
        (("What is 5 - 10?", "-5"), ("What is 5 - 10?", "5")),
        (("What is C?", "A language."), ("What is C++?", "A language.")),
        (("Is C a language?", "a"), ("Is C# a language?", "a")),
    ],
    ids=[
        "sign inside",
        "reply",
        "question",
        "Persian joiner",
        "emoji joiner",
        "minus",
        "C++",
        "C#",
    ],
)
def test_another_meaning_is_another_record(says, talk, one, other) -> None:
    assert says(ExactRepeat(), talk(*one), talk(*other)) == []


def test_other_tools_make_another_record_and_their_key_order_does_not(says, talk) -> None:
    tool = {"type": "function", "function": {"name": "f"}}
    one = talk(QUESTION, REPLY, tools=(tool,))
    assert says(ExactRepeat(), one, talk(QUESTION, REPLY)) == []
    reordered = (dict(reversed(tool.items())),)
    other = talk(QUESTION.upper(), REPLY, tools=reordered)
    assert says(ExactRepeat(), one, other) == ["drop exact_repeat"]


@pytest.mark.parametrize(
    ("stays", "falls"),
    [
        ({"origin": "corrected"}, {"origin": "human"}),
        ({"origin": "human"}, {"origin": "synthetic"}),
    ],
)
def test_the_more_trusted_one_stays(frame, talk, stays, falls) -> None:
    kept, dropped = talk(QUESTION, REPLY, **stays), talk(QUESTION.lower(), REPLY, **falls)
    [verdict] = ExactRepeat()(frame(kept, dropped)).to_dicts()
    assert (verdict["id"], verdict["other_id"]) == (dropped.id, kept.id)


def test_of_three_that_are_alike_two_point_at_the_one_that_stands(frame, talk) -> None:
    records = [talk(QUESTION, REPLY), talk(QUESTION.lower(), REPLY), talk(QUESTION.upper(), REPLY)]
    found = ExactRepeat()(frame(*records))
    assert set(found["other_id"]) == {min(record.id for record in records)}
    assert len(found) == 2


def test_replies_that_are_nothing_but_signs_are_not_all_the_same(says, talk) -> None:
    assert says(ExactRepeat(), talk("a?", "!!!"), talk("a?", "???")) == []


@given(st.text())
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


WORDS = st.sampled_from(["A", "a", "B", "a.", " a", "b!"])


@given(pairs=st.lists(st.tuples(WORDS, WORDS), max_size=8))
def test_every_key_keeps_exactly_one(
    pairs: list[tuple[str, str]], frame: Callable, talk: Callable[..., Record]
) -> None:
    records = [talk(question, reply) for question, reply in pairs]
    dropped = ExactRepeat()(frame(*records))
    keys = {(fold(question), fold(reply)) for question, reply in pairs}
    assert len({record.id for record in records}) - len(dropped) == len(keys)
    assert not set(dropped["id"]) & set(dropped["other_id"])


def test_capitals_that_are_two_letters_do_not_make_another_record(says, talk) -> None:
    one, other = talk("Wo ist die Straße?", REPLY), talk("WO IST DIE STRASSE?", REPLY)
    assert says(ExactRepeat(), one, other) == ["drop exact_repeat"]


def test_under_another_system_text_it_is_another_record_and_the_date_makes_none(says) -> None:
    def told(system: str) -> Record:
        turns = (("system", system), ("user", QUESTION), ("assistant", REPLY))
        messages = tuple(Message(role=role, content=text) for role, text in turns)
        return Record(messages=messages, source="chats.jsonl:1")

    assert says(ExactRepeat(), told("You sell boats."), told("You sell tents.")) == []
    days = [told(f"You sell boats. Today is 2026-05-{day}.") for day in (10, 11)]
    assert says(ExactRepeat(), *days) == ["drop exact_repeat"]
