"""Every format, in each of its spellings, becomes the same record."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.readers import Refused, to_records
from schemas.reasons import Rejection
from schemas.record import Record

USER = {"role": "user", "content": "Hi?"}
REPLY = {"role": "assistant", "content": "Yes."}
SYSTEM = {"role": "system", "content": "Be kind."}


def to_record(row: Any, source: str) -> Record | Refused:
    [found] = to_records(row, source)
    return found


def record(row: Any) -> Record:
    found = to_record(row, "f:1")
    assert isinstance(found, Record), found
    return found


def turns(row: Any) -> list[tuple[str, str]]:
    return [(message.role, message.text) for message in record(row).messages]


def sharegpt(user: str, assistant: str) -> dict[str, Any]:
    return {"conversations": [{"from": user, "value": "Hi?"}, {"from": assistant, "value": "Yes."}]}


SAME = {
    "messages": {"messages": [USER, REPLY]},
    "bare list": [USER, REPLY],
    "parts": {"messages": [{**USER, "content": [{"type": "text", "text": "Hi?"}]}, REPLY]},
    "nulls": {"messages": [USER | {"name": None, "tool_calls": None}, REPLY | {"weight": 1}]},
    "capitals": {"messages": [USER | {"role": "User"}, REPLY | {"role": "Chatbot"}]},
    "sharegpt": sharegpt("human", "gpt"),
    "sharegpt user": sharegpt("user", "assistant"),
    "sharegpt bot": sharegpt("customer", "bot"),
    "sharegpt singular": {"conversation": sharegpt("prompter", "model")["conversations"]},
    "alpaca": {"instruction": "Hi?", "input": "", "output": "Yes."},
    "alpaca without input": {"instruction": "Hi?", "output": "Yes."},
    "alpaca null input": {"instruction": "Hi?", "input": None, "output": "Yes."},
    "alpaca <noinput>": {"instruction": "Hi?", "input": "<NoInput>", "output": "Yes."},
    "alpaca No input.": {"instruction": "Hi?", "input": "No input. ", "output": "Yes."},
    "alpaca question in input": {"instruction": "", "input": "Hi?", "output": "Yes."},
    "dolly": {"instruction": "Hi?", "context": "", "response": "Yes.", "category": "open_qa"},
    "question": {"question": "Hi?", "answer": "Yes."},
    "prompt": {"prompt": "Hi?", "completion": "Yes."},
    "prompt response": {"prompt": "Hi?", "response": "Yes."},
    "query": {"query": "Hi?", "response": "Yes."},
    "request": {"request": "Hi?", "response": "Yes."},
    "input output": {"input": "Hi?", "output": "Yes."},
    "column capitals": {" Question": "Hi?", "ANSWER ": "Yes.", "id": 7},
    "blanks around": {"prompt": "Hi?\n\n", "completion": " Yes. "},
}


@pytest.mark.parametrize("row", SAME.values(), ids=SAME)
def test_one_conversation_has_one_id_whatever_format_it_came_in(row: Any) -> None:
    assert record(row).id == record([USER, REPLY]).id


WITH_SYSTEM = {
    "messages": {"messages": [SYSTEM, USER, REPLY]},
    "sharegpt": {"system": "Be kind.", **sharegpt("human", "gpt")},
    "sharegpt turn": {
        "conversations": [
            {"from": "system", "value": "Be kind."},
            *sharegpt("human", "gpt")["conversations"],
        ]
    },
    "alpaca": {"system": "Be kind.", "instruction": "Hi?", "output": "Yes."},
    "beside messages": {"system": "Be kind.", "messages": [USER, REPLY]},
}


@pytest.mark.parametrize("row", WITH_SYSTEM.values(), ids=WITH_SYSTEM)
def test_a_system_text_is_the_first_turn_wherever_it_stands(row: Any) -> None:
    assert turns(row)[0] == ("system", "Be kind.")
    assert len(turns(row)) == 3


def test_alpaca_joins_instruction_and_input() -> None:
    row = {"instruction": "Sum up.", "input": "A text.", "output": "It is short."}
    assert turns(row)[0] == ("user", "Sum up.\n\nA text.")


TOOLS = [{"type": "function", "function": {"name": "weather"}}]
CALL = {"id": "c", "type": "function", "function": {"name": "weather", "arguments": "{}"}}


@pytest.mark.parametrize("tools", [TOOLS, json.dumps(TOOLS)], ids=["list", "text"])
def test_tools_and_calls_are_kept(tools: Any) -> None:
    calling = {"role": "assistant", "content": None, "tool_calls": [CALL]}
    answer = {"role": "tool", "tool_call_id": "c", "content": "dry"}
    found = record({"messages": [USER, calling, answer, REPLY], "tools": tools})
    assert found.tools == tuple(TOOLS)
    assert found.messages[1].tool_calls[0].function.name == "weather"
    assert found.messages[2].tool_call_id == "c"


@pytest.mark.parametrize("tools", [[], "[]", None, ""])
def test_no_tools_are_none(tools: Any) -> None:
    assert record({"messages": [USER, REPLY], "tools": tools}).tools == ()


def test_given_labels_are_kept_and_blank_ones_are_none() -> None:
    row = {"question": "Hi?", "answer": "Yes.", "language": " en ", "domain": " "}
    assert (record(row).language, record(row).domain) == ("en", None)


def test_a_record_knows_its_file_and_line() -> None:
    assert record([USER, REPLY]).source == "f:1"


@pytest.mark.parametrize(
    ("row", "reason", "why"),
    [
        ({}, Rejection.unknown_format, "has no fields"),
        ({"text": "hello"}, Rejection.unknown_format, "has text; none of messages"),
        (5, Rejection.unknown_format, "has int"),
        (None, Rejection.unknown_format, "NoneType"),
        (["a"], Rejection.unknown_format, "has list"),
        ({"question": "Hi?", "answer": {"text": "x"}}, Rejection.unknown_format, "answer"),
        ({"instruction": "Hi?", "output": None}, Rejection.unknown_format, "instruction"),
        ({"messages": [{"content": "Hi?"}]}, Rejection.unknown_format, "messages"),
        ({"conversations": [{"from": "human"}]}, Rejection.unknown_format, "conversations"),
        ({"messages": [USER | {"role": "wizard"}]}, Rejection.unreadable, "messages.0.role"),
        ({"messages": [USER, REPLY | {"content": None}]}, Rejection.unreadable, "tool_calls"),
        ({"messages": [USER, REPLY], "tools": "5"}, Rejection.unreadable, "tools"),
        ({"messages": [{"role": "user"}, REPLY]}, Rejection.unreadable, "content is null"),
        ([], Rejection.no_user_turn, "user"),
        ([SYSTEM, REPLY], Rejection.no_user_turn, "user"),
        ([SYSTEM, USER], Rejection.no_assistant_turn, "assistant"),
    ],
)
def test_a_row_that_cannot_be_a_record_says_why(row: Any, reason: Rejection, why: str) -> None:
    found = to_record(row, "f:1")
    assert isinstance(found, Refused)
    assert found.reason is reason
    assert why in found.why


def test_tools_that_are_no_json_are_none() -> None:
    assert record({"messages": [USER, REPLY], "tools": "[" * 100_000}).tools == ()


TEXT = st.text(max_size=6) | st.just("\ud800")
NAMES = st.sampled_from(
    ["messages", "role", "content", "conversations", "from", "value", "instruction", "input",
     "output", "question", "answer", "tools", "tool_calls", "type", "text", "function", "name",
     "arguments", "system", "language", "domain"]
)  # fmt: skip
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES | TEXT, inner, max_size=4),
    max_leaves=8,
)
PART = st.fixed_dictionaries({"type": TEXT}, optional={"text": TEXT, "image_url": JSON})
CALL_OF = st.fixed_dictionaries(
    {"function": st.fixed_dictionaries({"name": TEXT, "arguments": TEXT | JSON})}
)
TURN = st.fixed_dictionaries(
    {"role": st.sampled_from(["user", "assistant", "user", "assistant", "tool", "wizard"])},
    optional={
        "content": TEXT | st.lists(PART, max_size=2) | JSON,
        "name": TEXT | JSON,
        "tool_calls": st.lists(CALL_OF, max_size=2),
    },
)
ROWS = JSON | st.fixed_dictionaries(
    {"messages": st.lists(TURN, max_size=2).map(lambda turns: [USER, REPLY, *turns])},
    optional={"tools": JSON | st.lists(st.dictionaries(TEXT, JSON, max_size=2), max_size=2)},
)


@given(ROWS)
def test_any_json_row_is_a_record_that_can_be_stored_or_is_refused_in_one_sentence(
    row: Any,
) -> None:
    found = to_record(row, "f:1")
    if isinstance(found, Refused):
        assert found.why.strip()
    else:
        stored = [found.id, found.messages_json, found.tools_json or "", found.language or ""]
        assert all(text.encode("utf-8") is not None for text in stored)
        assert {"user", "assistant"} <= {message.role for message in found.messages}


@pytest.mark.parametrize(
    "row",
    [
        [USER, REPLY | {"content": "\ud800"}],
        [USER | {"content": [{"type": "image_url", "image_url": {"url": "\ud800"}}]}, REPLY],
        {"messages": [USER, REPLY], "tools": [{"name": "\ud800"}]},
    ],
    ids=["content", "part", "tools"],
)
def test_half_a_character_is_refused_wherever_it_stands(row: Any) -> None:
    """`"\\ud800"` is good JSON, but no text: no file can hold it."""
    found = to_record(row, "f:1")
    assert isinstance(found, Refused)
    assert found.reason is Rejection.unreadable
