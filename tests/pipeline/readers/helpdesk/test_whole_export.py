"""What an export says as a whole: times, sides, receipts, doubles and subjects."""

import random
from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.readers import GroupedRows, Row
from pipeline.readers.candidate import Candidate
from pipeline.readers.helpdesk import group_export
from pipeline.readers.helpdesk.subjects import with_subject
from pipeline.readers.helpdesk.times import TimeReader


def read(rows: list[dict[str, Any]]) -> tuple[dict[str, list[str]], Counter[str]]:
    """The texts of each conversation by its first text, and what was cut."""
    cuts = Counter[str]()
    grouped, _ = group_export(iter(Row(n, row) for n, row in enumerate(rows, 2)), cuts)
    talks = {}
    for row in grouped:
        assert isinstance(row, GroupedRows), row
        [candidate] = row.candidates
        assert isinstance(candidate, Candidate)
        texts = [f"{turn['role'][0]}: {turn['content']}" for turn in candidate.turns]
        talks[texts[0]] = texts
    return talks, cuts


def ticket(number: int, *lines: tuple[str, str], day: str = "2024-03-01") -> list[dict[str, Any]]:
    return [
        {
            "ticket_id": number,
            "comment_id": number * 10 + place,
            "author_role": side,
            "created_at": f"{day}T{8 + place:02}:00:00Z",
            "body": text,
        }
        for place, (side, text) in enumerate(lines)
    ]


ODD_TIMES = [
    "03.04.2024 09:12",
    "1711100000",
    "03/14/2024 09:12 AM",
    "yesterday",
    "2024年3月2日 8:00",
]


@given(st.sampled_from(ODD_TIMES), st.integers(2, 6), st.randoms())
def test_one_odd_time_never_changes_another_conversation(
    odd: str, count: int, rng: random.Random
) -> None:
    tickets = [
        ticket(n, ("end-user", f"Question {n}?"), ("agent", f"Answer {n}.")) for n in range(count)
    ]
    expected, _ = read([row for rows in tickets for row in rows])
    tickets[0][0]["created_at"] = odd
    rows = [row for later in tickets[1:] for row in later]
    rng.shuffle(rows)
    talks, _ = read([*tickets[0], *rows])
    own = "u: Question 0?"
    assert talks | {own: []} == expected | {own: []}


def test_times_that_cannot_be_read_are_counted_and_ids_give_the_order() -> None:
    rows = ticket(1, ("end-user", "Why?"), ("agent", "So."))
    for row in rows:
        row["created_at"] = "some day"
    talks, cuts = read([*rows[::-1], *ticket(2, ("end-user", "How?"), ("agent", "Thus."))])
    assert talks["u: Why?"] == ["u: Why?", "a: So."]
    assert cuts == {"times that cannot be read: by message id": 2}


@pytest.mark.parametrize(
    ("others", "ambiguous", "month"),
    [(["25/12/2024 10:00"], "03/04/2024", 4), (["12/25/2024 10:00"], "03/04/2024", 3)],
)
def test_the_other_times_tell_whether_the_day_comes_first(
    others: list[str], ambiguous: str, month: int
) -> None:
    [second] = TimeReader([*others, ambiguous]).seconds([ambiguous]) or [None]
    [expected] = TimeReader([]).seconds([f"2024-{month:02}-{7 - month:02}"]) or [None]
    assert second == expected


@given(st.randoms())
def test_rows_that_stand_twice_and_any_order_change_nothing(rng: random.Random) -> None:
    rows = [
        row
        for n in range(4)
        for row in ticket(n, ("end-user", f"Q {n}?"), ("agent", f"A {n}."), ("end-user", "Oh."))
    ]
    expected, _ = read(rows)
    doubled = rows + rng.sample(rows, 5)
    rng.shuffle(doubled)
    talks, cuts = read(doubled)
    assert talks == expected
    assert cuts["message that stands twice"] == 5


RECEIPTS = [
    "We have got your mail, number {n}. Somebody will look at it within a day.",
    "Vielen Dank für Ihre Anfrage {n}. Wir melden uns in Kürze bei Ihnen.",
    "Merci de votre message {n}. Nous y répondrons dès que possible.",
    "Hemos recibido su solicitud {n} y le responderemos en breve.",
    "お問い合わせ {n} を受け付けました。担当者よりご連絡いたします。",
    "Dziękujemy za zgłoszenie {n}. Odpowiemy w ciągu doby.",
]
CLOSING = "As we have not heard from you for 7 days, ticket {n} was closed."
FAQ = ["Hold the button for ten seconds, then let it go.", "You can send it back within a month.",
       "The invoice is in your account, under orders."]  # fmt: skip
QUESTIONS = ["How do I reset it", "Can I send it back", "Where is my invoice"]


def big_export(count: int, seed: int) -> list[dict[str, Any]]:
    """Tickets about three things; most get a receipt, some a closing note, some nothing else."""
    rng = random.Random(seed)
    rows = []
    for n in range(count):
        topic = rng.randrange(3)
        lines = [("end-user", f"{QUESTIONS[topic]}, order {n}, {rng.choice('abcdef')}?")]
        if rng.random() < 0.7:
            lines.append(("agent", rng.choice(RECEIPTS).format(n=n)))
        if rng.random() < 0.85:
            own = f" So do {n} {rng.choice(['now', 'today', 'soon'])} {rng.random()}."
            lines.append(("agent", FAQ[topic] + own * (rng.random() < 0.4)))
            if rng.random() < 0.3:
                lines.append(("agent", CLOSING.format(n=n)))
        rows += ticket(n, *lines)
    return rows


@pytest.mark.parametrize("seed", range(3))
def test_receipts_go_in_every_language_and_common_answers_stay(seed: int) -> None:
    rows = big_export(600, seed)
    talks, cuts = read(rows)
    replies = Counter(text for talk in talks.values() for text in talk if text.startswith("a: "))
    marks = (
        "got your mail",
        "Anfrage",
        "Merci",
        "solicitud",
        "お問い合わせ",
        "zgłoszenie",
        "closed",
    )
    assert not [text for text in replies if any(mark in text for mark in marks)]
    given = Counter(row["body"] for row in rows if row["author_role"] == "agent")
    for answer in FAQ:
        assert sum(answer in talk[-1] for talk in talks.values()) >= given[answer]
    assert cuts["automatic note"] == sum(
        any(mark in row["body"] for mark in marks) for row in rows if row["author_role"] == "agent"
    )


SUBJECTS = [
    ("Cannot log in after the update", "Please help.", True),
    ("Refund for my broken teapot", "See the subject, please.", True),
    ("Re: [Desk #12] Refund for my broken teapot", "Any news?", True),
    ("Parcel", "My parcel has not moved for six days, what can I do?", False),
    ("Refund", "Please help.", False),
    ("Broken teapot", "The broken teapot came back, again.", False),
    ("", "Hi?", False),
]


@pytest.mark.parametrize(("subject", "text", "is_kept"), SUBJECTS)
def test_the_subject_is_kept_where_the_message_says_less(
    subject: str, text: str, is_kept: bool
) -> None:
    [turn] = with_subject([{"role": "user", "content": text}], subject)
    assert (turn["content"] != text) == is_kept
    assert turn["content"].endswith(text)


def test_the_other_of_two_words_for_the_sides_is_the_desk() -> None:
    rows = [
        {"Conversation ID": n // 2, "Speaker": side, "Message": f"{side} {n}."}
        for n, side in enumerate(["Customer", "Underwriter"] * 3)
    ]
    talks, _ = read(rows)
    assert talks["u: Customer 0."] == ["u: Customer 0.", "a: Underwriter 1."]


def test_system_rows_of_openai_roles_are_the_system_text() -> None:
    rows = [
        {"conversation_id": n, "role": role, "content": f"{role} {n}"}
        for n in range(2)
        for role in ("system", "user", "assistant")
    ]
    talks, cuts = read(rows)
    assert talks["s: system 0"] == ["s: system 0", "u: user 0", "a: assistant 0"]
    assert not cuts


def zendesk(opening: str, *comments: tuple[int, str]) -> dict[str, Any]:
    return {
        "id": 7,
        "subject": "Mug",
        "description": opening,
        "requester_id": 33,
        "created_at": "2024-05-04T10:00:00Z",
        "comments": [
            {"id": n, "author_id": author, "body": text, "created_at": f"2024-05-04T1{n}:00:00Z"}
            for n, (author, text) in enumerate(comments)
        ],
    }


def test_a_description_is_the_first_comment_or_comes_before_it() -> None:
    asked, answered = "Do you repair mugs with a broken handle?", "We do, for eight euros."
    for row in (
        zendesk(asked, (33, asked), (22, answered)),
        zendesk(asked, (33, f"<p>{asked}</p>"), (22, answered)),
        zendesk(asked, (22, answered)),
    ):
        talks, _ = read([row, zendesk("Other?", (33, "Other?"), (22, "Yes.")) | {"id": 8}])
        assert talks[f"u: {asked}"] == [f"u: {asked}", f"a: {answered}"]
