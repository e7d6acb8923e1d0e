"""A conversation's id is what was said, and nothing else."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from schemas.message import Function, Message, Part, ToolCall
from schemas.record import Record, dump_messages, load_messages, plain_record

CALL = {"id": "call_1", "function": {"name": "weather", "arguments": '{"city": "Rome", "day": 1}'}}
REORDERED = '{"day":1,"city":"Rome"}'
TOOL = {"type": "function", "function": {"name": "weather", "parameters": {"type": "object"}}}

TALK: list[dict[str, Any]] = [
    {"role": "user", "content": "Rain?"},
    {"role": "assistant", "content": None, "tool_calls": [CALL]},
    {"role": "tool", "content": "dry", "tool_call_id": "call_1"},
    {"role": "assistant", "content": "No."},
]


def id_of(turns: list[dict[str, Any]], tools: tuple[dict[str, Any], ...] = (TOOL,)) -> str:
    return Record.model_validate({"messages": turns, "tools": tools, "source": "x:1"}).id


def changed(turn: int, **fields: Any) -> list[dict[str, Any]]:
    return [said | fields if place == turn else said for place, said in enumerate(TALK)]


@pytest.mark.parametrize(
    "spelling",
    [
        [dict(reversed(turn.items())) for turn in TALK],
        changed(0, content="\n  Rain?\t"),
        changed(0, content=[{"type": "text", "text": "Rain?"}]),
        changed(1, content=""),
        changed(1, tool_calls=[CALL | {"id": "call_2"}]),
        changed(1, tool_calls=[CALL | {"id": None}]),
        changed(1, tool_calls=[{"function": {"name": "weather", "arguments": REORDERED}}]),
        changed(2, tool_call_id="call_2"),
    ],
    ids=["key order", "outer white space", "parts", "empty for null", "call id", "no call id",
         "order of arguments", "answered call id"],
)  # fmt: skip
def test_the_same_conversation_has_the_same_id_in_every_spelling(spelling) -> None:
    assert id_of(spelling) == id_of(TALK)


def test_tools_in_another_key_order_are_the_same_tools() -> None:
    assert id_of(TALK, (dict(reversed(TOOL.items())),)) == id_of(TALK)


@pytest.mark.parametrize(
    ("turns", "tools"),
    [
        (changed(0, content="Snow?"), (TOOL,)),
        (changed(0, content="Rain ?"), (TOOL,)),
        (changed(0, content="rain?"), (TOOL,)),
        (changed(0, role="system"), (TOOL,)),
        (changed(0, name="Ada"), (TOOL,)),
        (changed(1, tool_calls=[CALL, CALL]), (TOOL,)),
        (changed(1, tool_calls=[{"function": {"name": "weather"}}]), (TOOL,)),
        (changed(0, content=[{"type": "image_url", "image_url": {"url": "a.png"}}]), (TOOL,)),
        (TALK[:-1], (TOOL,)),
        (TALK[::-1], (TOOL,)),
        (TALK, ()),
        (TALK, (TOOL, TOOL)),
    ],
)
def test_another_conversation_has_another_id(turns, tools) -> None:
    assert id_of(turns, tools) != id_of(TALK)


def test_the_id_is_blind_to_source_labels_and_provenance() -> None:
    labelled = Record.model_validate(
        {"messages": TALK, "tools": [TOOL], "source": "y:9", "origin": "synthetic",
         "language": "en", "domain": "support", "parents": ["p"], "meta": {"model": "m"}}
    )  # fmt: skip
    assert labelled.id == id_of(TALK)


TEXT = st.text(max_size=8)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | TEXT,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(TEXT, inner, max_size=2),
    max_leaves=4,
)
CALLS = st.builds(
    ToolCall, id=st.none() | TEXT, function=st.builds(Function, name=TEXT, arguments=TEXT)
)
PARTS = st.builds(Part, type=TEXT, text=st.none() | TEXT, image_url=JSON.filter(bool))
ROLES = st.sampled_from(["system", "developer", "user", "assistant", "tool"])
SAYING = st.builds(
    Message,
    role=ROLES,
    content=TEXT | st.lists(PARTS, max_size=3).map(tuple),
    name=st.none() | TEXT,
    tool_calls=st.lists(CALLS, max_size=2).map(tuple),
    tool_call_id=st.none() | TEXT,
)
CALLING = st.builds(
    Message, role=ROLES, tool_calls=st.lists(CALLS, min_size=1, max_size=2).map(tuple)
)


@given(st.lists(SAYING | CALLING, max_size=4).map(tuple))
def test_messages_survive_the_way_through_a_shard(messages: tuple[Message, ...]) -> None:
    assert load_messages(dump_messages(messages)) == messages


PLAIN = st.builds(Message, role=ROLES, content=TEXT)


@given(st.lists(SAYING | CALLING, max_size=4).map(tuple) | st.lists(PLAIN).map(tuple))
def test_the_text_of_plain_turns_is_the_one_that_pydantic_writes(
    messages: tuple[Message, ...],
) -> None:
    given = TypeAdapter(tuple[Message, ...]).dump_json(messages, exclude_defaults=True).decode()
    assert dump_messages(messages) == given


def test_an_id_is_computed_once() -> None:
    record = Record.model_validate({"messages": TALK, "source": "x"})
    assert record.id is record.id


@given(st.lists(SAYING | CALLING, max_size=4).map(tuple))
def test_the_id_survives_the_way_through_a_shard(messages: tuple[Message, ...]) -> None:
    again = load_messages(dump_messages(messages))
    assert Record(messages=again, source="x").id == Record(messages=messages, source="y").id


def test_a_turn_that_says_nothing_and_calls_nothing_is_refused() -> None:
    with pytest.raises(ValidationError, match="only beside tool_calls"):
        Message(role="assistant", content=None)


def test_text_leaves_out_parts_that_are_no_text() -> None:
    parts = (Part(type="text", text="look"), Part(type="image_url"), Part(type="text", text="here"))
    assert Message(role="user", content=parts).text == "look\nhere"


def test_arguments_nested_beyond_all_reason_still_have_an_id() -> None:
    deep = CALL | {"function": {"name": "f", "arguments": "[" * 100_000}}
    assert id_of(changed(1, tool_calls=[deep])) != id_of(TALK)


LABELS = st.fixed_dictionaries(
    {"source": TEXT},
    optional={"language": TEXT, "domain": TEXT, "rejected": TEXT, "meta": st.just({"columns": {}})},
)


@given(st.lists(st.fixed_dictionaries({"role": ROLES, "content": TEXT})), LABELS)
def test_a_plain_record_is_the_record_that_validation_makes(
    turns: list[dict[str, str]], labels: dict[str, Any]
) -> None:
    fast, slow = plain_record(turns, labels), Record.model_validate({"messages": turns, **labels})
    assert (fast.id, fast.messages_json) == (slow.id, slow.messages_json)
    assert fast == slow
    assert fast.model_dump() == slow.model_dump()
    assert fast.model_copy(update={"domain": "x"}) == slow.model_copy(update={"domain": "x"})
    assert fast.openai_json() == slow.openai_json()
    assert all(message.is_plain for message in fast.messages)
