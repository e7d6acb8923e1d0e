"""An export is known by its columns; other files are left alone."""

from collections.abc import Callable
from typing import Any

import pytest

from pipeline.readers import BadRow, Candidate, Row
from pipeline.readers.helpdesk import recognise_columns
from schemas.errors import UserError

Desk = Callable[..., Any]

OTHERS = [
    {"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]},
    {"conversations": [{"from": "human", "value": "a"}, {"from": "gpt", "value": "b"}]},
    {"conversation_id": "1", "instructions": "…", "utterances": [{"speaker": "USER", "text": "a"}]},
    {"id": 1, "conversations": [{"role": "user", "content": "a"}, {"role": "bot", "content": "b"}]},
    {"conversation_id": "1", "prompt": "a", "response": "b", "timestamp": 1},
    {"message_id": "1", "parent_id": None, "text": "a", "role": "prompter", "created_date": "x"},
    {"instruction": "a", "input": "", "output": "b"},
    {"text": "a", "category": "b"},
    ["a", 1],
    None,
]


@pytest.mark.parametrize("row", OTHERS)
def test_other_formats_are_not_an_export_and_pass_as_they_are(desk: Desk, row: Any) -> None:
    read = desk([row, row])
    assert read.columns is None
    assert [other.value for other in read.rows] == [row, row]


def test_names_are_found_whatever_their_case_and_punctuation() -> None:
    rows = [{"Ticket-ID": 1, "Author.Type": "agent", "Created At": "2025-01-01", "BODY": "hi"}]
    columns = recognise_columns(rows)
    assert columns is not None
    assert (columns.conversation, columns.side, columns.time, columns.text) == (
        "ticketid", "authortype", "createdat", "body",
    )  # fmt: skip


def test_without_times_a_conversation_must_come_twice() -> None:
    message = {"session_id": "a", "role": "user", "content": "hi"}
    assert recognise_columns([message, {**message, "session_id": "b"}]) is None
    assert recognise_columns([message, {**message, "role": "assistant"}]) is not None


def test_columns_with_names_of_their_own_are_mapped(desk: Desk) -> None:
    rows = [
        {"Vorgang": 1, "Wer": "Kunde Kern", "Was": "Wann öffnet ihr?"},
        {"Vorgang": 1, "Wer": "Frau Blau", "Was": "Um neun."},
    ]
    assert desk(rows).columns is None
    read = desk(rows, conversation="Vorgang", author="Wer", text="Was")
    assert read.texts == [["u: Wann öffnet ihr?", "a: Um neun."]]


def test_a_mapping_to_what_is_not_there_is_the_users_mistake() -> None:
    with pytest.raises(UserError, match="no column 'Wo'"):
        recognise_columns([{"Was": "x"}], {"text": "Wo"})
    with pytest.raises(UserError, match="color is not a field"):
        recognise_columns([{"Was": "x"}], {"color": "Was"})


def test_rows_that_are_not_messages_pass_and_bad_ones_too(desk: Desk) -> None:
    broken, other = BadRow(9, "not JSON", "{"), {"question": "a", "answer": "b"}
    ask = {"ticket_id": 1, "incoming": True, "body": "a", "created_at": 1}
    read = desk([ask, broken, other, {**ask, "incoming": False, "body": "b", "created_at": 2}])
    assert read.rows[:2] == [broken, Row(3, other)]
    assert read.texts == [["u: a", "a: b"]]


def test_a_message_of_no_conversation_is_bad_with_its_line(desk: Desk) -> None:
    ask = {"ticket_id": 1, "incoming": True, "body": "a", "created_at": 1}
    bad = desk([ask, {**ask, "ticket_id": None}]).rows[0]
    assert isinstance(bad, BadRow)
    assert (bad.line, bad.why) == (2, "a message with no ticketid")
    assert '"body": "a"' in bad.text


def test_labels_of_the_first_message_stand_beside_the_conversation(desk: Desk) -> None:
    ask = {"ticket_id": 1, "incoming": True, "body": "a", "created_at": 1, "locale": "de"}
    read = desk([ask, {**ask, "incoming": False, "created_at": 2, "locale": "en"}])
    [candidate] = read.conversations[0].candidates
    assert isinstance(candidate, Candidate)
    assert candidate.language == "de"
