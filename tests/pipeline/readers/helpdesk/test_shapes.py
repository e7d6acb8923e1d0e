"""Exports of other systems, other sides, tables that are none, and what is left out."""

from collections.abc import Callable
from typing import Any

import pytest

from pipeline.readers.candidate import Candidate, LeftOut, Refused
from pipeline.readers.helpdesk import recognise_columns
from pipeline.readers.helpdesk.times import FEW_FAILURES, TimeReader

Desk = Callable[..., Any]

ASKED, ANSWERED = "Where is my mug {n}?", "It comes on Monday."


def gorgias(n: int) -> dict[str, Any]:
    def message(side: bool, text: str, hour: int) -> dict[str, Any]:
        sender = {"id": 9 if side else n, "name": "Kim" if side else "Jo"}
        time = f"2024-05-01T1{hour}:00:00Z"
        body = {"body_text": text, "stripped_text": text, "sent_datetime": time}
        return {"id": n * 9 + hour, "from_agent": side, "public": True, "sender": sender} | body

    messages = [message(False, ASKED.format(n=n), 0), message(True, ANSWERED, 1)]
    return {"id": n, "subject": "Mug", "customer": {"id": n}, "messages": messages}


def front(n: int) -> dict[str, Any]:
    inbound = {"is_inbound": True, "author": None, "text": ASKED.format(n=n), "created_at": n}
    outbound = {"is_inbound": False, "author": {"id": "t1"}, "text": ANSWERED, "created_at": n + 1}
    return {"id": f"cnv_{n}", "status": "archived", "messages": [outbound, inbound]}


def help_scout(n: int) -> dict[str, Any]:
    customer, user = {"id": n + 50, "type": "customer"}, {"id": 1, "type": "user"}
    threads = [
        {"type": "message", "createdBy": user, "body": ANSWERED, "createdAt": "2024-05-01T12:00Z"},
        {"type": "note", "createdBy": user, "body": "Ask Lea.", "createdAt": "2024-05-01T11:00Z"},
        {
            "type": "customer",
            "createdBy": customer,
            "body": ASKED.format(n=n),
            "createdAt": "2024-05-01T10:00Z",
        },
    ]
    return {"id": n, "primaryCustomer": {"id": n + 50}, "_embedded": {"threads": threads}}


def crisp(n: int) -> dict[str, Any]:
    said = [
        ("user", "text", ASKED.format(n=n)),
        ("operator", "note", "Ask Lea."),
        ("operator", "text", ANSWERED),
    ]
    messages = [
        {"from": side, "type": kind, "content": text, "timestamp": 1714000000000 + place}
        for place, (side, kind, text) in enumerate(said)
    ]
    return {"session_id": f"s{n}", "messages": messages}


@pytest.mark.parametrize("system", [gorgias, front, help_scout, crisp])
def test_tickets_of_other_systems_are_read(desk: Desk, system: Callable[[int], Any]) -> None:
    expected = [[f"u: {ASKED.format(n=n)}", f"a: {ANSWERED}"] for n in range(1, 4)]
    assert desk([system(n) for n in range(1, 4)]).texts == expected


def test_threads_of_hubspot_are_read(desk: Desk) -> None:
    rows = [
        {"conversationsThreadId": "7", "direction": side, "text": text, "createdAt": time}
        for side, text, time in (
            ("OUTGOING", "Yes", "2024-05-02"),
            ("INCOMING", "?", "2024-05-01"),
        )
    ]
    assert desk(rows).texts == [["u: ?", "a: Yes"]]


def talk(number: int, *lines: tuple[str, str], column: str = "speaker") -> list[dict[str, Any]]:
    return [{"chat_id": number, column: who, "text": text} for who, text in lines]


def test_a_bot_is_the_desk_where_nobody_else_answers(desk: Desk) -> None:
    lines = ("user", "How?"), ("bot", "So.")
    assert desk(talk(1, *lines)).texts == [["u: How?", "a: So."]]
    read = desk(talk(1, *lines, ("agent", "Or so.")))
    assert (read.texts, read.cuts) == ([["u: How?", "a: Or so."]], {"bot message": 1})


def test_the_words_for_the_sides_may_be_of_another_language(desk: Desk) -> None:
    read = desk(talk(1, ("Berater", "Willkommen!"), ("Kunde", "Wann?"), ("Berater", "Um neun.")))
    assert read.texts == [["u: Wann?", "a: Um neun."]]


def test_who_greets_many_people_is_the_desk(desk: Desk) -> None:
    rows = [
        row
        for n in range(6)
        for row in talk(n, ("Kim", "Welcome!"), (f"Guest {n}", "How?"), ("Kim", "So."))
    ]
    assert desk(rows).texts == [["u: How?", "a: So."]] * 6


def test_two_of_whom_nobody_knows_who_answers_are_refused_by_name(desk: Desk) -> None:
    rows = [
        row
        for n in range(4)
        for row in talk(n, *[(who, "Hm.") for who in (("Ann", "Bo") if n % 2 else ("Bo", "Ann"))])
    ]
    [refused] = desk(rows).conversations[0].candidates
    assert isinstance(refused, Refused)
    assert refused.why.startswith("is between Bo and Ann, and the file does not tell who answers")


@pytest.mark.parametrize(
    "row",
    [
        {"case_id": 0, "author": "Ann Lee", "comment": "Met at the fair.", "date": "2024-05-01"},
        {"name": "Ann Lee", "text": "Met at the fair.", "date": "2024-05-01"},
        {"ticket_id": 0, "sender": "Ann Lee", "message": "Call me.", "phone": "+49 30 5550"},
    ],
)
def test_a_table_of_names_stays_a_table(row: dict[str, Any]) -> None:
    assert recognise_columns(row | {next(iter(row)): n} for n in range(9)) is None


def test_an_edited_comment_counts_as_it_was_last(desk: Desk) -> None:
    rows = [
        {"ticket_id": 1, "comment_id": n, "author_role": side, "body": text, "created_at": time}
        for n, side, text, time in (
            (1, "end-user", "How", 1), (1, "end-user", "How do I?", 1), (2, "agent", "So.", 2),
            (3, "agent", "So.", 2), (4, "end-user", "Ah, and?", 3), (5, "agent", "Done.", 4),
        )
    ]  # fmt: skip
    read = desk(rows)
    assert read.texts == [["u: How do I?", "a: So.", "u: Ah, and?", "a: Done."]]
    assert read.cuts == {"message that stands twice": 2}


def test_the_times_of_a_conversation_tell_first_whether_its_days_come_first() -> None:
    reader = TimeReader(["03/14/2024 09:00", "03/15/2024 09:00", "13/04/2024 09:00"])
    first, second = reader.seconds(["05/04/2024 09:00", "13/04/2024 09:00"]) or (None, None)
    assert first is not None
    assert second is not None
    assert second - first == 8 * 24 * 3600


def test_many_times_that_nobody_can_read_are_given_up() -> None:
    reader, many = TimeReader([]), 3 * FEW_FAILURES
    assert [reader.seconds([f"day {n}"]) for n in range(many)] == [None] * many
    assert reader.seconds(["2024-05-01"]) is not None


def left_out(read: Any) -> list[LeftOut]:
    [candidate] = read.conversations[0].candidates
    assert isinstance(candidate, Candidate)
    return list(candidate.left_out)


def test_columns_of_an_export_that_nothing_reads_are_named(desk: Desk) -> None:
    rows = talk(1, ("customer", "How?"), ("agent", "So."))
    rows[0] |= {"Customer note": "He has called us twice before this.", "id": 1, "vip": True}
    rows[1] |= {"Tags": ["mug"], "body": "<p>So.</p>", "author_name": "Kim Blau", "state": "open"}
    assert left_out(desk(rows)) == [LeftOut("Customer note", True), LeftOut("Tags", False)]


def test_other_fields_of_a_ticket_are_named(desk: Desk) -> None:
    row = gorgias(1) | {"Summary of it": "The mug was lost on its way.", "tags": [{"name": "mug"}]}
    assert left_out(desk([row])) == [LeftOut("Summary of it", True), LeftOut("tags", False)]
