"""What a row holds is in the record, or its column is named: nothing is lost without a word."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.readers import Refused, to_records
from pipeline.readers.candidate import LeftOutCounts

NAMES = [
    "instruction", "input", "output", "question", "answer", "prompt", "response", "completion",
    "context", "system", "system_message", "persona", "history", "chat_history", "reasoning",
    "thinking", "documents", "passage", "text", "note", "explanation", "title", "category",
    "language", "chosen", "rejected", "Q", "A", "user_message", "bot_response", "reference",
    "messages", "conversations", "tools", "summary", "Incorrect Answers", "metadata",
]  # fmt: skip


@st.composite
def rows(draw: st.DrawFn) -> dict[str, Any]:
    """Rows of known and unknown columns, where each cell has words that no other cell has."""
    names = draw(st.lists(st.sampled_from(NAMES), min_size=2, max_size=7, unique=True))
    return {name: cell(draw, name, number) for number, name in enumerate(names)}


def cell(draw: st.DrawFn, name: str, number: int) -> Any:
    text = f"alpha{number} beta{number} gamma{number} delta{number} omega{number}"
    if name in ("messages", "conversations"):
        reply = {"role": "assistant", "content": f"reply{number} {text}"}
        extra = draw(st.sampled_from([{}, {"mood": f"mood{number} is very good today"}]))
        return [{"role": "user", "content": f"ask{number} {text}"}, reply | extra]
    if name == "documents" and draw(st.booleans()):
        return [text, {"title": f"title{number}", "text": f"second{number} {text}"}]
    if name == "tools":
        return [{"name": f"tool{number}", "description": text}]
    if name in ("metadata", "chat_history") and draw(st.booleans()):
        return [[f"one{number} {text}", f"two{number}"]]
    return text


def words_of(value: Any) -> set[str]:
    return {word for word in json.dumps(value).replace('"', " ").split() if word[-1:].isdigit()}


@settings(max_examples=400)
@given(rows())
def test_every_word_of_a_row_is_in_the_record_or_its_column_is_named(row: dict[str, Any]) -> None:
    left_out = LeftOutCounts()
    for record in to_records(row, "f:1", left_out=left_out):
        if isinstance(record, Refused):
            return
        shown = record.model_dump_json()
    named = {column.split(".")[0] for column in left_out.rows}
    for name, value in row.items():
        missing = [word for word in words_of(value) if word not in shown]
        assert not missing or name in named, (name, missing, named)


@pytest.mark.parametrize(
    ("cell", "is_named", "is_text"),
    [
        ("a4711", False, False),
        (7, False, False),
        (True, False, False),
        ("https://example.org/7", False, False),
        ("Very good", True, False),
        ("A note of more than four words.", True, True),
        ("这是一个有十几个汉字的说明文字", True, True),
        (["one two three", "four five six seven eight"], True, True),
        ({"a": {"b": "x"}}, True, False),
        (None, False, False),
        ("  ", False, False),
        ([], False, False),
    ],
)
def test_labels_go_into_meta_and_the_rest_is_named(
    cell: Any, is_named: bool, is_text: bool
) -> None:
    left_out = LeftOutCounts()
    [record] = to_records(
        {"question": "Hi?", "answer": "Yes.", "x": cell}, "f:1", left_out=left_out
    )
    assert not isinstance(record, Refused)
    assert ("x" in left_out.rows) == is_named
    assert bool(left_out.texts["x"]) == is_text
    if cell and not is_named and cell != "  ":
        assert record.meta == {"columns": {"x": cell}}
