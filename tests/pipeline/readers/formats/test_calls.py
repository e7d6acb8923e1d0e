"""Tool calls and tools, in every spelling, become OpenAI's."""

import json
from typing import Any

import pytest

from pipeline.readers import to_records
from schemas.record import Record

USER = {"role": "user", "content": "Rain?"}
ANSWER = {"role": "tool", "content": "dry"}
REPLY = {"role": "assistant", "content": "No."}
CALL = {"name": "weather", "arguments": {"place": "Ulm"}}
OPENAI = {
    "id": "c",
    "type": "function",
    "function": {"name": "weather", "arguments": '{"place": "Ulm"}'},
}
TOOL = {"type": "function", "function": {"name": "weather"}}


def record(row: Any) -> Record:
    [read] = to_records(row, "f:1")
    assert isinstance(read, Record), read
    return read


def calling(**turn: Any) -> dict[str, Any]:
    return {"messages": [USER, {"role": "assistant"} | turn, ANSWER, REPLY]}


def turns_of(call: str, answer: str, text: str) -> dict[str, Any]:
    lines = [("human", "Rain?"), (call, text), (answer, "dry"), ("gpt", "No.")]
    return {"conversations": [{"from": speaker, "value": value} for speaker, value in lines]}


def part(value: Any) -> dict[str, Any]:
    return {"type": "tool_call", "value": value}


SAME = {
    "openai": calling(content=None, tool_calls=[OPENAI]),
    "no content": calling(tool_calls=[OPENAI]),
    "arguments as an object": calling(content=None, tool_calls=[{"function": CALL}]),
    "bare": calling(content="", tool_calls=[CALL]),
    "as text": calling(content=None, tool_calls=json.dumps([OPENAI])),
    "older": calling(content=None, function_call=OPENAI["function"]),
    "extra fields": calling(content=None, tool_calls=[OPENAI | {"index": 0}]),
    "part": calling(content=[part(json.dumps(CALL))]),
    "sharegpt": turns_of("function_call", "observation", json.dumps(CALL)),
    "sharegpt list": turns_of("tool_call", "function_response", json.dumps([CALL])),
    "sharegpt function": turns_of("function_call", "ipython", json.dumps(CALL)),
}


@pytest.mark.parametrize("row", SAME.values(), ids=SAME)
def test_one_call_has_one_id_however_it_is_written(row: Any) -> None:
    assert record(row).id == record(SAME["openai"]).id
    assert [message.role for message in record(row).messages][1:3] == ["assistant", "tool"]


def test_several_calls_of_one_message_are_all_kept_beside_its_text() -> None:
    text = {"type": "text", "value": "Wait."}
    row = calling(content=[text, part(json.dumps(CALL)), part(json.dumps(CALL))])
    [_, message, *_] = record(row).messages
    assert message.content == "Wait."
    assert [call.function.arguments for call in message.tool_calls] == ['{"place": "Ulm"}'] * 2


def test_a_call_that_is_no_call_stays_text_for_the_filters_to_see() -> None:
    row = turns_of("function_call", "observation", "weather(Ulm)")
    [refused] = to_records(row, "f:1")
    assert not isinstance(refused, Record)
    assert "turn 2 calls a tool" in refused.why


@pytest.mark.parametrize(
    "beside",
    [
        {"tools": [TOOL]},
        {"tools": json.dumps([TOOL])},
        {"tools": TOOL},
        {"tools": json.dumps([{"name": "weather"}])},
        {"functions": [{"name": "weather"}]},
    ],
)
def test_tools_are_openais_in_every_spelling(beside: dict[str, Any]) -> None:
    assert record({"messages": [USER, REPLY]} | beside).tools == (TOOL,)


@pytest.mark.parametrize("tools", [[], "[]", None, "", "no json", "[" * 100_000])
def test_no_tools_are_none(tools: Any) -> None:
    assert record({"messages": [USER, REPLY], "tools": tools}).tools == ()
