"""Mailboxes are conversations by thread, without what was quoted."""

import mailbox
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.ingest import RejectedRow, read_file
from pipeline.readers import open_rows
from pipeline.readers.containers.mbox import is_mbox
from schemas.record import Record

DESK, NAMES = "help@tonkrug.example", ("mara", "tom", "li", "ana", "zoë")


def mail(sender: str, number: str, text: str, parent: str | None, hour: int) -> EmailMessage:
    message = EmailMessage()
    message["From"] = sender
    message["To"] = "somebody@example.org"
    message["Subject"] = "Re: Order" if parent else "Order"
    message["Date"] = f"Fri, 03 May 2024 {hour:02}:00:00 +0200"
    message["Message-ID"] = f"<{number}@example.org>"
    if parent:
        message["In-Reply-To"] = f"<{parent}@example.org>"
        message["References"] = f"<{parent}@example.org>"
    message.set_content(text)
    return message


def write_mbox(path: Path, mails: list[EmailMessage]) -> Path:
    box = mailbox.mbox(path, create=True)
    for message in mails:
        box.add(message)
    box.close()
    return path


def conversations(path: Path) -> list[list[str]]:
    records = list(read_file(path))
    assert all(isinstance(record, Record) for record in records), records
    return sorted([m.text for m in r.messages] for r in records if isinstance(r, Record))


LINES = st.text(st.characters(codec="utf-8", categories=("L", "N")), min_size=3, max_size=20).map(
    lambda text: f"{text} arrived today, did it not"
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(st.lists(st.lists(LINES, min_size=1, max_size=3), min_size=2, max_size=4), st.randoms())
def test_the_mails_of_a_thread_are_one_conversation(tmp_path, talks, rng) -> None:
    mails, expected = [], []
    for number, texts in enumerate(talks):
        parent, turns = None, []
        for place, text in enumerate(texts):
            for side, sender in enumerate((f"{NAMES[number]}@example.org", DESK)):
                own = f"{number}-{place}-{side}"
                said = f"{text}, {side}?"
                mails.append(mail(sender, own, said, parent, place * 2 + side))
                parent = parent or own
                turns.append(said)
        expected.append(turns)
    rng.shuffle(mails)
    path = tmp_path / "box.mbox"
    path.unlink(missing_ok=True)
    assert conversations(write_mbox(path, mails)) == sorted(expected)


def test_what_a_mail_quotes_is_cut_and_html_is_text(tmp_path: Path) -> None:
    ask = mail("mara@example.org", "1", "Do you repair mugs with a broken handle?", None, 8)
    answer = mail(DESK, "2", "", "1", 9)
    quoted = "On Fri, 3 May 2024 Mara wrote:<br>> Do you repair mugs with a broken handle?"
    answer.set_content(f"<p>We do, for eight euros.</p>{quoted}", subtype="html")
    other = mail("tom@example.org", "3", "Is the blue mug in stock this week?", None, 8)
    reply = mail(DESK, "4", "It is, four of them.", "3", 9)
    path = write_mbox(tmp_path / "box", [ask, answer, other, reply])
    assert open_rows(path).name == "mbox"
    assert conversations(path)[0] == [
        "Do you repair mugs with a broken handle?",
        "We do, for eight euros.",
    ]


@pytest.mark.parametrize("text", ["From here on it goes:\nquestion,answer\n", "From a,b\n1,2\n"])
def test_a_text_that_begins_with_from_is_no_mailbox(text: str) -> None:
    assert not is_mbox(text.encode())


def test_a_mail_without_headers_is_still_accounted_for(tmp_path: Path) -> None:
    path = write_mbox(tmp_path / "box", [mail("a@b.org", "1", "Hi there, is it open?", None, 8)])
    path.write_bytes(path.read_bytes() + b"\nFrom nobody\nno header at all\n\xff\xfe\n")
    rows = list(read_file(path))
    assert len(rows) == 2
    assert all(isinstance(row, RejectedRow) for row in rows)
