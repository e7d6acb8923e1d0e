"""Thoughts are a field of the reply, wherever a file writes them."""

from typing import Any

import pytest

from tests.pipeline.readers.formats.rows import REPLY, USER, record

THINKING = {
    "field": REPLY | {"reasoning_content": "He greets."},
    "other field": REPLY | {"thinking": "He greets."},
    "part": REPLY
    | {"content": [{"type": "reasoning", "value": "He greets."}, {"type": "text", "text": "Yes."}]},
    "think tag": REPLY | {"content": "<think>\nHe greets.\n</think>\n\nYes."},
    "opened in the prompt": REPLY | {"content": "He greets.\n</think>\n\nYes."},
    "long markers": REPLY
    | {
        "content": "<|begin_of_thought|>He greets.<|end_of_thought|>\n"
        "<|begin_of_solution|>Yes.<|end_of_solution|>"
    },
}


@pytest.mark.parametrize("reply", THINKING.values(), ids=THINKING)
def test_thoughts_are_a_field_of_the_reply_however_they_are_written(reply: Any) -> None:
    read = record({"messages": [USER, reply]})
    assert (read.messages[1].reasoning, read.messages[1].text) == ("He greets.", "Yes.")
    assert read.id == record({"messages": [USER, THINKING["field"]]}).id
    assert read.id != record([USER, REPLY]).id


@pytest.mark.parametrize("column", ["reasoning", "Chain of Thought", "Complex_CoT"])
def test_thoughts_in_a_column_stand_beside_the_reply(column: str) -> None:
    read = record({"question": "Hi?", column: "He greets.", "answer": "Yes."})
    assert read.messages[1].reasoning == "He greets."
