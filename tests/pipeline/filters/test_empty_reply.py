"""The last reply must say or do something."""

import pytest

from pipeline.filters.empty_reply import EmptyReply
from schemas.message import Function, Message, ToolCall
from schemas.record import Record


@pytest.mark.parametrize("reply", ["", " ", "\n\t\u3000"])
def test_a_blank_last_reply_is_dropped(says, talk, reply: str) -> None:
    assert says(EmptyReply(), talk("a?", reply)) == ["drop empty_reply"]
    assert says(EmptyReply(), talk("a?", "b", "c?", reply)) == ["drop empty_reply"]


def test_a_blank_reply_in_the_middle_stays(says, talk) -> None:
    assert says(EmptyReply(), talk("a?", "", "b?", "c")) == []


@pytest.mark.parametrize("arguments", ['{"x": 1}', "{}", ""])
def test_a_call_is_no_empty_reply_even_without_arguments(says, arguments: str) -> None:
    call = ToolCall(function=Function(name="f", arguments=arguments))
    turns = (Message(role="user", content="a?"), Message(role="assistant", tool_calls=(call,)))
    assert says(EmptyReply(), Record(messages=turns, source="x")) == []
