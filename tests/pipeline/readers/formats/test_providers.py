"""One conversation in the shape of every provider and export is one record, and OpenAI's again."""

import json
from collections.abc import Callable
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openai.types.chat import ChatCompletionMessageParam
from pydantic import TypeAdapter

from pipeline.readers import to_records
from pipeline.readers.candidate import LeftOutCounts
from schemas.message import Function, Message
from schemas.record import Record
from tests.pipeline.readers.formats.provider_shapes import (
    ALL_SHAPES,
    WITH_TOOLS,
    WITHOUT_SYSTEM,
    WITHOUT_THOUGHTS,
    Talk,
    glaive,
    talks,
)


def functions(message: Message) -> list[Function]:
    return [call.function for call in message.tool_calls]


def plain(record: Record) -> list[tuple[Any, ...]]:
    """What is said, called and thought in each turn, without ids."""
    return [
        (
            message.role,
            message.text.strip(),
            (message.reasoning or "").strip(),
            [
                (call.function.name, json.loads(call.function.arguments))
                for call in message.tool_calls
            ],
        )
        for message in record.messages
    ]


@settings(max_examples=40, deadline=None)
@pytest.mark.parametrize("shape", ALL_SHAPES, ids=lambda shape: shape.__name__)
@given(st.data())
def test_a_conversation_comes_back_from_the_shape_of_every_provider(
    shape: Callable[[Talk], Any], data: st.DataObject
) -> None:
    has_tools = shape in WITH_TOOLS or shape is glaive
    talk = data.draw(talks(has_tools, shape not in WITHOUT_SYSTEM, shape not in WITHOUT_THOUGHTS))
    if shape is glaive and not any(message.get("tool_calls") for message in talk):
        return
    [expected] = to_records({"messages": talk}, "f:1")
    left_out = LeftOutCounts()
    [read] = to_records(shape(talk), "f:1", left_out=left_out)
    assert isinstance(expected, Record), expected
    assert isinstance(read, Record), read
    assert plain(read) == plain(expected)
    assert not any(left_out.texts.values()), left_out.texts


MESSAGES: TypeAdapter[Any] = TypeAdapter(list[ChatCompletionMessageParam])


@settings(max_examples=40, deadline=None)
@given(talks(tools=True), st.sampled_from(WITH_TOOLS))
def test_what_is_exported_is_what_openais_own_types_take(
    talk: Talk, shape: Callable[[Talk], Any]
) -> None:
    [read] = to_records(shape(talk), "f:1")
    assert isinstance(read, Record)
    row = orjson.loads(read.openai_json())
    for message in row["messages"]:
        for call in message.get("tool_calls", ()):
            assert call["id"]
        if message["role"] == "tool":
            assert message["tool_call_id"]
    MESSAGES.validate_python(row["messages"])
