"""A reply that says the same again and again is flagged; songs, code and tables are not."""

import pytest

from pipeline.filters.repetition import Repetition, repeated_share

LOOP = "Turn left onto West Street. " * 8


@pytest.mark.parametrize(
    "reply",
    [
        LOOP,
        "Here are some snacks:\n" + "- Veggie platters\n" * 12,
        "请联系我们的客服人员，他们会帮助您解决问题。" * 6,
        "He left the house " + "and then he went on " * 5,
        "very " * 14 + "good",
        "我们去公园散步" * 6,
    ],
)
def test_a_reply_that_repeats_itself_is_flagged(says, talk, reply: str) -> None:
    assert says(Repetition(), talk("Which way?", reply)) == ["flag repetition"]


@pytest.mark.parametrize(
    ("question", "reply"),
    [
        ("Write a song.", LOOP),
        ("Write it ten times.", LOOP),
        ("写一首歌", LOOP),
        ("Which way?", "```\n" + "turn(left_at_the_corner)\n" * 10 + "```"),
        ("Which way?", "Ha ha ha ha!"),
        ("Which numbers?", "0 1 " * 20),
        ("Which pattern?", r"^[a-z]+\.[a-z]+\.[a-z]+\.[a-z]+\.[a-z]+\.[a-z]+\.[a-z]+\.[a-z]+$"),
        ("哪里？", "从东到西，从南到北，从早到晚，从春到冬，我们走过了许多地方。"),
        ("Which way?", "Turn left. Then go straight on for a mile. Then turn right at the mill, "
         "cross the bridge, and follow the river until you see the church."),
    ],
)  # fmt: skip
def test_repeating_that_was_asked_for_or_is_small_stays(says, talk, question, reply) -> None:
    assert says(Repetition(), talk(question, reply)) == []


def test_the_share_is_measured_and_a_setting(frame, talk) -> None:
    reply = "A good sentence that comes once. " * 1 + "Another one of them. " * 3 + "x" * 60
    share = repeated_share(reply)
    assert 0.3 < share < 0.5
    record = frame(talk("Which way?", reply))
    assert Repetition()(record)["value"].to_list() == [share]
    assert len(Repetition(share=share)(record)) == 1
    assert len(Repetition(share=0.5)(record)) == 0


def test_a_sentence_counts_from_the_third_time_on() -> None:
    once, often = (
        "The rest of it is said only once, and at length. ",
        "Turn left onto West Street. ",
    )
    assert repeated_share(once + often * 2) == 0
    assert repeated_share(once + often * 3) > 0.5
