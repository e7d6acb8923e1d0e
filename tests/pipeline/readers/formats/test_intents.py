"""Intents of a chatbot: each pattern gets a response."""

from typing import Any

import pytest

from pipeline.readers import to_records
from pipeline.readers.candidate import LeftOutCounts
from schemas.record import Record

INTENT = {"tag": "hi", "patterns": ["Hi", "Hello", " "], "responses": ["Hey", "Moin", "Yo"]}


@pytest.mark.parametrize("row", [{"intents": [INTENT]}, INTENT])
def test_each_pattern_of_an_intent_gets_a_response_of_its_own(row: Any) -> None:
    left_out = LeftOutCounts()
    records = to_records(row, "f:1", left_out=left_out)
    assert [[m.text for m in r.messages] for r in records if isinstance(r, Record)] == [
        ["Hi", "Hey"],
        ["Hello", "Moin"],
    ]
    assert {r.domain for r in records if isinstance(r, Record)} == {"hi"}
    assert left_out.rows == {"intents.responses": 1}
