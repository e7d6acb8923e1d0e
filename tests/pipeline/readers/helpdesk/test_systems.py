"""Each system's export becomes conversations between a customer and a desk."""

from collections.abc import Callable
from typing import Any

import pytest

from pipeline.readers import GroupedRows

Export = Callable[[str], Any]

CONVERSATIONS = {
    "zendesk.csv": [
        (2, ["u: Hello, my parcel 8841 has not arrived. It should have been here on Friday.",
             "a: Hello Jo, I am sorry about that. "
             "The parcel is at the depot and goes out tomorrow."]),
        (6, ["u: How do I change the address of an order?",
             "a: Open the order, choose Edit, and save the new address before it ships."]),
    ],
    "zendesk_tickets.jsonl": [
        (1, ["u: Can I return shoes that I wore once?",
             "a: Yes, within 30 days, as long as the soles are clean."]),
        (2, ["u: The page says that my password is wrong."]),
    ],
    "intercom.json": [
        (4, ["u: Where do I find my invoices?",
             "a: They are under Settings.\nChoose Billing & plans there."]),
    ],
    "freshdesk.json": [
        (2, ["u: The lamp arrived with a crack.",
             "a: We send a new one today. You need not return the broken one."]),
    ],
    "front.csv": [
        (3, ["u: When are the classes for beginners?",
             "a: We have one on Tuesday at six and one on Sunday at ten."]),
        (4, ["u: Do I bring my own mat?\nIt is my first time.",
             "a: No, we have mats for everybody."]),
    ],
    "slack.json": [
        (3, ["u: the export at the export page gives an empty file",
             "a: Please choose a range of dates first: without one it is empty."]),
        (4, ["u: Is there a limit on rows & columns?",
             "a: Yes, a million rows; columns have none."]),
    ],
    "chat.csv": [
        (2, ["u: hi there\nare you open on Monday?", "a: Yes, from nine to five."]),
        (5, ["u: Do you ship to Norway?", "a: We do; it takes six days."]),
    ],
}  # fmt: skip

CUTS = {
    "zendesk.csv": {"internal note": 1, "signature": 2, "name at the start": 1, "quoted mail": 1,
                    "customer after the last reply": 1},
    "zendesk_tickets.jsonl": {},
    "intercom.json": {"bot message": 1, "automatic note": 2, "internal note": 1},
    "freshdesk.json": {"internal note": 1, "customer after the last reply": 1},
    "front.csv": {"name at the start": 1},
    "slack.json": {"automatic note": 1, "bot message": 1, "customer after the last reply": 1},
    "chat.csv": {"bot message": 1, "name at the start": 1},
}  # fmt: skip

SIDES = {
    "zendesk.csv": "whoever requesterid names",
    "intercom.json": "sides by authortype",
    "freshdesk.json": "sides by incoming",
    "front.csv": "sides by direction",
    "slack.json": "whoever writes first in most of their conversations",
    "chat.csv": "sides by sender",
}


@pytest.mark.parametrize("name", CONVERSATIONS)
def test_an_export_becomes_conversations_with_the_line_of_their_first_message(
    export: Export, name: str
) -> None:
    read = export(name)
    assert all(isinstance(row, GroupedRows) for row in read.rows)
    lines = [row.line for row in read.rows]
    assert list(zip(lines, read.texts, strict=True)) == CONVERSATIONS[name]


@pytest.mark.parametrize("name", CUTS)
def test_what_was_cut_is_counted_by_kind(export: Export, name: str) -> None:
    assert export(name).cuts == CUTS[name]


@pytest.mark.parametrize("name", SIDES)
def test_how_the_sides_were_found_is_said(export: Export, name: str) -> None:
    assert SIDES[name] in export(name).columns.description
