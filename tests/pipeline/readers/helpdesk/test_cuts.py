"""What is no part of what somebody says is cut; what is, stays."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

Chat = Callable[..., Any]

ASK = "Where is my order?"


def after(chat: Chat, reply: str) -> tuple[str, dict[str, int]]:
    """What is left of a desk's reply, and what was cut."""
    read = chat(ASK, reply)
    turns = [turn for turn in read.texts[0] if turn.startswith("a: ")]
    return "".join(turns).removeprefix("a: "), dict(read.cuts)


@pytest.mark.parametrize(
    "quotation",
    [
        "On Mon, 3 Mar 2025 at 09:31, Jo Park <jo@mail.example> wrote:\n> Where is it?",
        "On Monday, 3 March 2025 at 09:31 Jo Park\n<jo@mail.example> wrote:\n\nWhere is it?",
        "Am 03.03.2025 um 09:31 schrieb Jo Park:\n> Wo ist es?",
        "Le lun. 3 mars 2025 à 09:31, Jo Park <jo@mail.example> a écrit :\n> Où ?",
        "El 3 mar 2025, Jo Park escribió:\n> ¿Dónde?",
        "-----Original Message-----\nWhere is it?",
        "________________________________\nFrom: Jo Park <jo@mail.example>\nSent: Monday\n\nWhere?",
        "Von: Jo Park\nGesendet: Montag, 3. März 2025 09:31\nAn: Mia\n\nWo ist es?",
        "##- Please type your reply above this line -##\nWhere is it?",
        "> Where is it?\n> I wait.",
        ">> Where is it?",
    ],
)
def test_the_mail_that_is_answered_is_cut(chat: Chat, quotation: str) -> None:
    assert after(chat, f"It arrives today.\n\n{quotation}") == (
        "It arrives today.", {"quoted mail": 1},
    )  # fmt: skip


def test_an_answer_below_its_quotation_is_kept(chat: Chat) -> None:
    reply = "On 3 March 2025, Jo Park wrote:\n> Where is it?\n\nIt arrives today."
    assert after(chat, reply)[0] == "It arrives today."


def test_a_message_that_is_nothing_but_a_quotation_is_left_out(chat: Chat) -> None:
    assert after(chat, "> Where is it?") == ("", {"quoted mail": 1})


@pytest.mark.parametrize(
    "signature",
    [
        "-- \nMia Stern\nHarbour Goods",
        "Best regards,\nMia Stern\nHarbour Goods\n+49 30 5550",
        "Thanks,\nMia",
        "Mit freundlichen Grüßen\n\nMia Stern",
        "Cordialement,\nMia",
        "Kind regards,\nThe Team at Harbour",
        "Sent from my iPhone",
        "Get Outlook for iOS",
        "Von meinem iPhone gesendet",
    ],
)
def test_a_signature_is_cut(chat: Chat, signature: str) -> None:
    assert after(chat, f"It arrives today.\n\n{signature}") == (
        "It arrives today.", {"signature": 1},
    )  # fmt: skip


@pytest.mark.parametrize(
    "start",
    ["Mia Stern: ", "Mia: ", "mia: ", "[Mia Stern]: ", "Mia (Harbour Goods): ", "Agent: ",
     "[10:32] Mia: ", "10:32 am Mia from Harbour: ", "**Mia:** "],
)  # fmt: skip
def test_the_writers_name_at_the_start_is_cut(chat: Chat, start: str) -> None:
    assert after(chat, f"{start}It arrives today.") == (
        "It arrives today.", {"name at the start": 1},
    )  # fmt: skip


@pytest.mark.parametrize(
    "note",
    [
        "Your request (12345) has been received and is being reviewed by our support staff.",
        "This is an automated message. We answer within a day.",
        "Automatic reply: I am away until Monday.",
        "Out of office until 3 March",
        "Ticket #4711 has been closed.",
        "Mia Stern joined the chat",
        "Chat ended by visitor",
        "Transferred to Billing",
    ],
)
def test_what_a_machine_says_is_left_out(chat: Chat, note: str) -> None:
    assert after(chat, note) == ("", {"automatic note": 1})


@pytest.mark.parametrize(
    "text",
    [
        "I have closed the ticket, write again whenever you like.",
        "Your order has been received by the depot and goes out today.",
        "On page 3 you wrote: 40 euros. That is right.",
        "From: Berlin you take the train to Hamburg.",
        "Run this:\n>>> print(1)",
        "Use a <div> and inside it a <p> for each paragraph.",
        "Thanks,\nthat was the last thing that I needed to know.",
        "Note: the depot is closed on Sunday.",
        "Mia: ",
        "The best\nHamburg has to offer is its harbour, is it not?",
        "See https://shop.example/?a=1&copy=2&lt=3",
    ],
)
def test_what_somebody_says_stays(chat: Chat, text: str) -> None:
    assert after(chat, text) == (text.strip(), {})


def test_html_becomes_the_text_that_a_reader_sees(chat: Chat) -> None:
    page = (
        "<html><head><style>p {color: red}</style></head><p>Dear Jo,</p><p>it is&nbsp;5 &lt; 6<br/>"
        "and <b>done</b>.</p><blockquote>Where is it?</blockquote></html>"
    )
    assert after(chat, page)[0] == "Dear Jo,\nit is 5 < 6\nand done."


PIECES = st.sampled_from(
    ["<br>", "</p>", "<![x", "<!--", "-->", "<", "</", "&#x110000;", "<script>", "> ", "\n", "(",
     "On 2025 ", " wrote:", "-- \n", "Best regards,\n", "Anna", "Mia: "]
)  # fmt: skip


@given(st.lists(PIECES, max_size=12).map("".join))
def test_no_text_however_broken_stops_the_others(chat: Chat, text: str) -> None:
    read = chat(ASK, text, "and this?", "It is on its way.")
    assert read.texts[0][-1].endswith("It is on its way.")


def test_what_a_page_hides_is_not_said(chat: Chat) -> None:
    page = "<p>Done.</p><!--[if mso]><p>Outlook</p><![endif]--><style>p {}</style><br>"
    assert after(chat, page)[0] == "Done."


def test_slacks_marks_become_text(chat: Chat) -> None:
    text = "<@U123> see <https://a.example/x|the page> or <https://b.example> &amp; tell <!here>"
    assert after(chat, text)[0] == "see the page or https://b.example & tell"
