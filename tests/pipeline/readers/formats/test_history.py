"""A history in a column of its own is the beginning of the conversation."""

import json
from typing import Any

import pytest

from tests.pipeline.readers.formats.rows import REPLY, USER, turns

HISTORIES = [
    [["Who?", "Me."]],
    json.dumps([["Who?", "Me."]]),
    ["Who?", "Me."],
    [{"role": "user", "content": "Who?"}, {"role": "assistant", "content": "Me."}],
    [{"question": "Who?", "answer": "Me."}],
    {"user": ["Who?"], "assistant": ["Me."]},
    "User: Who?\nAssistant: Me.",
]


@pytest.mark.parametrize("history", HISTORIES, ids=str)
@pytest.mark.parametrize("column", ["history", "chat_history", "previous_messages"])
def test_a_history_is_the_beginning_of_the_conversation_in_every_form(
    column: str, history: Any
) -> None:
    expected = [("user", "Who?"), ("assistant", "Me."), ("user", "Hi?"), ("assistant", "Yes.")]
    for row in (
        {"question": "Hi?", "answer": "Yes."},
        {"messages": [USER, REPLY]},
        {"instruction": "Hi?", "input": "", "output": "Yes."},
        {"messages": [*[{"role": r, "content": t} for r, t in expected[:2]], USER, REPLY]},
    ):
        assert turns({**row, column: history}) == expected
