"""What was logged as a stream is the message that it adds up to, wherever it was cut."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.readers import to_records
from pipeline.readers.formats.streams import events_of_text, joined_chunks
from schemas.record import Record

USER = {"role": "user", "content": "Where is the kettle?"}
TEXTS = st.text(st.characters(codec="utf-8", categories=("L", "Nd")), min_size=1, max_size=9)
WORDS = TEXTS.map(lambda text: f"It is {text} here.")


@st.composite
def cut(draw: st.DrawFn, text: str) -> list[str]:
    places = draw(st.lists(st.integers(0, len(text)), max_size=3).map(sorted))
    ends = [*places, len(text)]
    return [text[start:end] for start, end in zip([0, *places], ends, strict=True)]


def openai(pieces: list[str], thoughts: list[str], arguments: list[str]) -> list[Any]:
    deltas: list[Any] = [{"role": "assistant", "content": ""}]
    deltas += [{"reasoning_content": piece} for piece in thoughts]
    deltas += [{"content": piece} for piece in pieces]
    call = {"index": 0, "id": "c1", "function": {"name": "find", "arguments": ""}}
    deltas.append({"tool_calls": [call]})
    more = [{"index": 0, "function": {"arguments": piece}} for piece in arguments]
    deltas += [{"tool_calls": [piece]} for piece in more]
    chunks = [{"choices": [{"index": 0, "delta": delta}]} for delta in deltas]
    return [*chunks, {"choices": [], "usage": {"total_tokens": 3}}]


def anthropic(pieces: list[str], thoughts: list[str], arguments: list[str]) -> list[Any]:
    events: list[Any] = [{"type": "message_start", "message": {"role": "assistant"}}]
    blocks: list[tuple[Any, str, list[str]]] = [
        ({"type": "thinking", "thinking": ""}, "thinking", thoughts),
        ({"type": "text", "text": ""}, "text", pieces),
        ({"type": "tool_use", "id": "c1", "name": "find", "input": {}}, "partial_json", arguments),
    ]
    for index, (block, name, cuts) in enumerate(blocks):
        events.append({"type": "content_block_start", "index": index, "content_block": block})
        for piece in cuts:
            delta = {"type": "content_block_delta", "index": index, "delta": {name: piece}}
            events.append(delta)
        events.append({"type": "content_block_stop", "index": index})
    return [*events, {"type": "message_stop"}]


@settings(max_examples=40)
@pytest.mark.parametrize("as_text", [False, True])
@pytest.mark.parametrize("shape", [openai, anthropic])
@given(data=st.data())
def test_text_thoughts_and_calls_come_back_from_any_stream(
    shape: Any, as_text: bool, data: st.DataObject
) -> None:
    said, thought = data.draw(WORDS), data.draw(WORDS)
    arguments = json.dumps({"id": data.draw(WORDS)})
    chunks = shape(*(data.draw(cut(text)) for text in (said, thought, arguments)))
    sse = "".join(f"event: x\ndata: {json.dumps(chunk)}\n\n" for chunk in chunks)
    response = f"{sse}data: [DONE]\n" if as_text else {"streamed_data": chunks}
    [read] = to_records({"request": {"messages": [USER]}, "response": response}, "f:1")
    assert isinstance(read, Record), read
    [_, reply] = read.messages
    [call] = reply.tool_calls
    assert (reply.text, reply.reasoning) == (said, thought)
    assert (call.id, call.function.name, call.function.arguments) == ("c1", "find", arguments)


@given(st.data())
def test_the_pieces_of_gemini_are_one_text(data: st.DataObject) -> None:
    said = data.draw(WORDS)
    pieces = ["", *data.draw(cut(said))]
    chunks = [
        {"candidates": [{"content": {"role": "model", "parts": [{"text": piece}]}}]}
        for piece in pieces
    ]
    [read] = to_records({"request": {"messages": [USER]}, "response": chunks}, "f:1")
    assert isinstance(read, Record)
    assert read.messages[-1].text == said


def test_the_last_event_of_the_responses_api_holds_the_whole_response() -> None:
    whole = {"object": "response", "output": []}
    started = {"type": "response.created"}
    assert joined_chunks([started, {"type": "response.completed", "response": whole}]) == whole


@pytest.mark.parametrize("value", [None, [], [1], [{"role": "user"}], [{"choices": ["a"]}], {}])
def test_what_is_no_stream_is_left_alone(value: Any) -> None:
    assert joined_chunks(value) is None


@pytest.mark.parametrize("text", ["", "data", "data: {not json", "Data: {}", "data: [DONE]"])
def test_a_text_that_is_no_stream_stays_a_text(text: str) -> None:
    assert events_of_text(text) is None
