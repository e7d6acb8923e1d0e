"""Mailboxes in mbox form, as Gmail's export and mail programs write them: one mail, one row.

A row has the columns of a help desk's export, so that mails become conversations there: threads by
`References`, quoted mail and signatures cut.
"""

import email
import email.policy
import re
from collections.abc import Iterator
from email.message import EmailMessage
from email.utils import getaddresses
from typing import BinaryIO

from pipeline.readers.containers.json_value import readable
from pipeline.readers.containers.row import BadRow, Row

SEPARATOR = re.compile(rb"From \S")
"""The line before each mail."""

HEADER = re.compile(
    rb"^(?:message-id|subject|from|date|received|return-path|delivered-to):", re.I | re.M
)
HEAD_BYTES_OF_MAIL = 8192

MAIL_LIMIT = 32 * 2**20
"""Bytes of one mail; pictures make mails long, and nothing else does."""

MESSAGE_ID = re.compile(r"<[^<>\s]+>")


def is_mbox(head: bytes) -> bool:
    """Whether a text begins as a mailbox: a separator line, then the headers of a mail."""
    first, _, rest = head[:HEAD_BYTES_OF_MAIL].partition(b"\n")
    return SEPARATOR.match(first) is not None and len(HEADER.findall(rest)) >= 2


def iter_rows(stream: BinaryIO) -> Iterator[Row | BadRow]:
    """One row a mail; see the room's interface."""
    thread_of: dict[str, str] = {}
    for line, mail in _mails(stream):
        if len(mail) > MAIL_LIMIT:
            yield BadRow(line, "a mail of more than 32 MiB", readable(mail[:1000]))
            continue
        try:
            message = email.message_from_bytes(mail, policy=email.policy.default)
            row = _row(message, line, thread_of)
        except Exception as error:
            why = f"a mail that cannot be read: {type(error).__name__}"
            yield BadRow(line, why, readable(mail[:10_000]))
            continue
        yield Row(line, row)


def _mails(stream: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """The line on which each mail begins, and its bytes without the separator."""
    lines: list[bytes] = []
    start, after_blank = 1, True
    for number, line in enumerate(stream, 1):
        if after_blank and SEPARATOR.match(line):
            if lines:
                yield start, b"".join(lines)
            lines, start = [], number
        else:
            lines.append(line[1:] if line.startswith(b">From ") else line)
        after_blank = line in (b"\n", b"\r\n")
    if lines:
        yield start, b"".join(lines)


def _row(message: EmailMessage, line: int, thread_of: dict[str, str]) -> dict[str, object]:
    """The columns of a mail, as a help desk would export it."""
    name, address = (getaddresses([str(message.get("From", ""))]) or [("", "")])[0]
    own = next(iter(MESSAGE_ID.findall(str(message.get("Message-ID", "")))), f"line {line}")
    date = message.get("Date")
    moment = getattr(date, "datetime", None)
    return {
        "thread_id": _thread(message, own, thread_of),
        "message_id": own,
        "author_email": address.lower() or name,
        "author_name": name,
        "created_at": moment.isoformat() if moment else str(date or ""),
        "subject": str(message.get("Subject", "")),
        "body": _body(message),
    }


def _thread(message: EmailMessage, own: str, thread_of: dict[str, str]) -> str:
    """The conversation of a mail: Gmail's own number, else the first mail that it refers to."""
    gmail = message.get("X-GM-THRID")
    references = MESSAGE_ID.findall(str(message.get("References", "")))
    references += MESSAGE_ID.findall(str(message.get("In-Reply-To", "")))
    known = next((thread_of[id] for id in references if id in thread_of), None)
    thread = str(gmail) if gmail else known or (references[0] if references else own)
    for id in (*references, own):
        thread_of.setdefault(id, thread)
    return thread


def _body(message: EmailMessage) -> str:
    """The text of a mail: its plain part, else its HTML."""
    part = message.get_body(preferencelist=("plain", "html"))
    if part is None:
        return ""
    try:
        return str(part.get_content())
    except (LookupError, UnicodeError, KeyError):  # An unknown charset.
        payload = part.get_payload(decode=True)
        return payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""
