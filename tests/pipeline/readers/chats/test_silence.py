"""A chat is cut where it falls silent."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.readers.chats.chat import ChatMessage
from pipeline.readers.chats.silence import CANDIDATES, conversations_of, silence_of


def said(*hours: float | None) -> list[ChatMessage]:
    return [
        ChatMessage(number, None if hour is None else hour * 3600, "x", "x")
        for number, hour in enumerate(hours)
    ]


def after_pauses(pauses: list[float]) -> list[ChatMessage]:
    return said(*(sum(pauses[:place]) for place in range(len(pauses) + 1)))


def test_a_chat_whose_pauses_do_not_tell_is_cut_after_six_hours() -> None:
    assert [len(part) for part in conversations_of(said(0, 1, 6.9, 13, 13.1), 0)] == [3, 2]


def test_a_given_silence_counts_whatever_the_pauses() -> None:
    assert [len(part) for part in conversations_of(said(0, 1, 6.9, 13, 13.1), 0.5)] == [1, 1, 1, 2]


@pytest.mark.parametrize(("within", "between"), [(0.05, 3), (0.2, 5), (2.5, 30), (5, 100)])
def test_the_silence_lies_between_the_pauses_within_conversations_and_those_between_them(
    within: float, between: float
) -> None:
    chance = random.Random(7)
    pauses = [
        (between if place % 9 == 8 else within) * chance.uniform(0.6, 1.4) for place in range(400)
    ]
    assert within < silence_of(after_pauses(pauses)) < between
    parts = conversations_of(after_pauses(pauses), 0)
    assert {len(part) for part in parts[:-1]} == {9}


def test_messages_without_a_time_follow_the_one_before() -> None:
    assert [len(part) for part in conversations_of(said(None, 0, None, 20, None), 0)] == [3, 2]


@given(st.lists(st.none() | st.floats(-1e6, 1e6)))
def test_no_message_is_lost_or_doubled(hours: list[float | None]) -> None:
    messages = said(*hours)
    parts = conversations_of(messages, 0)
    assert [message for part in parts for message in part] == messages
    assert all(parts)
    assert silence_of(messages) in CANDIDATES
