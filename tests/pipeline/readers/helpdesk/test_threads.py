"""Messages are grouped, ordered by time, joined by side, and trimmed to the last reply."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.readers import validate_candidates
from schemas.reasons import Rejection

Desk = Callable[..., Any]


def message(ticket: int, customer: bool, text: str, time: Any) -> dict[str, Any]:
    return {"ticket_id": ticket, "incoming": customer, "body": text, "created_at": time}


def test_conversations_may_interleave_and_messages_stand_in_any_order(desk: Desk) -> None:
    read = desk(
        [
            message(1, False, "b", 20),
            message(2, True, "c", 15),
            message(1, True, "a", 10),
            message(2, False, "d", 25),
        ]
    )
    assert read.texts == [["u: a", "a: b"], ["u: c", "a: d"]]
    assert [row.line for row in read.rows] == [3, 2]


def test_messages_of_one_side_are_joined_and_those_of_one_time_keep_their_order(desk: Desk) -> None:
    rows = [message(1, True, "a", 1), message(1, True, "b", 1), message(1, False, "c", 1)]
    assert desk(rows).texts == [["u: a\nb", "a: c"]]


def test_a_chat_runs_from_the_customers_first_to_the_desks_last_message(desk: Desk) -> None:
    sides = [False, True, False, True]
    read = desk([message(1, side, str(time), time) for time, side in enumerate(sides)])
    assert read.texts == [["u: 1", "a: 2"]]
    assert read.cuts == {"desk before the customer": 1, "customer after the last reply": 1}


@pytest.mark.parametrize(
    ("customer", "reason"),
    [(True, Rejection.no_assistant_turn), (False, Rejection.no_user_turn)],
)
def test_one_side_alone_is_rejected_by_name(desk: Desk, customer: bool, reason: Rejection) -> None:
    read = desk([message(1, customer, "a", 1), message(1, customer, "b", 2)])
    [refused] = validate_candidates(read.conversations[0].candidates, "file:1")
    assert getattr(refused, "reason", None) == reason


def test_a_conversation_of_which_nothing_is_left_is_rejected_by_name(desk: Desk) -> None:
    read = desk([message(1, True, "> quoted", 1), message(1, False, " ", 2)])
    [refused] = validate_candidates(read.conversations[0].candidates, "file:1")
    assert getattr(refused, "reason", None) == Rejection.no_user_turn
    assert read.cuts == {"quoted mail": 1, "empty message": 1}


@pytest.mark.parametrize(
    ("early", "late"),
    [
        ("2025-03-03T09:00:00Z", "2025-03-03T10:30:00+01:00"),
        ("2025-03-03 09:00:00 UTC", "2025-03-03 09:00:01 UTC"),
        ("03/04/2025 10:00", "03/13/2025 09:00"),
        ("04/03/2025 10:00", "13/03/2025 09:00"),
        ("9.2.2025 10:00", "10.2.2025 09:00"),
        ("Mon, 3 Mar 2025 09:00:00 +0000", "Mon, 3 Mar 2025 09:00:01 +0000"),
        ("Mar 3, 2025 11:59 AM", "Mar 3, 2025 12:01 PM"),
        ("1741300001.000100", "1741300001.000200"),
        (999, 1000),
        ("9:05:00 AM", "10:01:00 AM"),
    ],
)
def test_times_are_read_as_they_are_written(desk: Desk, early: Any, late: Any) -> None:
    read = desk([message(1, False, "b", late), message(1, True, "a", early)])
    assert read.texts == [["u: a", "a: b"]]


def test_times_that_cannot_be_read_leave_the_order_of_the_file_and_are_counted(desk: Desk) -> None:
    read = desk([message(1, True, "a", "soon"), message(1, False, "b", "later")])
    assert read.texts == [["u: a", "a: b"]]
    assert read.cuts == {"times that cannot be read: order of the file": 2}


@pytest.mark.parametrize(("first", "second"), [(1, "2025-03-03"), ("2025-03-03", 1)])
def test_numbers_and_texts_as_times_of_one_file_cannot_be_read(
    desk: Desk, first: Any, second: Any
) -> None:
    read = desk([message(1, True, "a", first), message(1, False, "b", second)])
    assert read.texts == [["u: a", "a: b"]]
    assert read.cuts == {"times that cannot be read: order of the file": 2}


def test_a_time_that_is_a_list_is_as_good_as_missing(desk: Desk) -> None:
    read = desk([message(1, True, "a", 5), message(1, False, "b", [1])])
    assert read.texts == [["u: a", "a: b"]]


def test_a_message_without_a_time_stays_behind_the_one_before_it(desk: Desk) -> None:
    rows = [
        message(1, False, "d", 4),
        message(1, True, "a", 1),
        message(1, False, "b", None),
        message(1, True, "c", 3),
    ]
    assert desk(rows).texts == [["u: a", "a: b", "u: c", "a: d"]]


def test_whoever_answers_many_conversations_is_the_desk(desk: Desk) -> None:
    turns = [
        (1, "ann", "a?"), (1, "max", "b."), (2, "max", "Hello, anything left?"), (2, "bob", "c?"),
        (2, "max", "d."), (3, "cid", "e?"), (3, "max", "f."), (3, "ann", "g!"), (4, "ann", "h?"),
        (4, "max", "i."),
    ]  # fmt: skip
    rows = [
        {"thread_ts": str(thread), "user": user, "text": text, "ts": str(time)}
        for time, (thread, user, text) in enumerate(turns)
    ]
    assert desk(rows).texts == [
        ["u: a?", "a: b."],
        ["u: c?", "a: d."],
        ["u: e?", "a: f."],
        ["u: h?", "a: i."],
    ]


MESSAGES = st.lists(
    st.tuples(
        st.integers(1, 3),
        st.sampled_from(["jo", "mia", "kai"]),
        st.text("ab >\n:", min_size=1, max_size=9),
    ),
    min_size=1,
    max_size=12,
)


@given(data=st.data(), messages=MESSAGES, sides=st.booleans())
def test_what_is_read_does_not_depend_on_the_order_of_rows_when_times_differ(
    desk: Desk, data: st.DataObject, messages: list[tuple[int, str, str]], sides: bool
) -> None:
    rows = [
        {"ticket_id": ticket, "sender": writer, "body": text, "created_at": moment(number)}
        | ({"incoming": writer == "jo"} if sides else {})
        for number, (ticket, writer, text) in enumerate(messages)
    ]
    shuffled = data.draw(st.permutations(rows))
    in_order, mixed = desk(rows), desk(shuffled)
    assert sorted(in_order.texts) == sorted(mixed.texts)
    assert in_order.cuts == mixed.cuts


def moment(second: int) -> str:
    return datetime.fromtimestamp(1_741_300_000 + second, UTC).isoformat()


CELLS = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6) | st.just(["x"])
)
NAMES = st.sampled_from(
    ["ticket_id", "author_id", "author", "incoming", "role", "body", "created_at", "type", "public",
     "comments", "conversation_parts", "id", "source", "requester_id"]
)  # fmt: skip
ROWS = st.recursive(
    CELLS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=6),
    max_leaves=20,
)


@given(st.lists(st.dictionaries(NAMES, ROWS, max_size=8) | ROWS, min_size=1, max_size=6))
def test_no_row_however_odd_stops_the_others(desk: Desk, rows: list[Any]) -> None:
    assert all(row.line <= len(rows) for row in desk(rows).rows)
