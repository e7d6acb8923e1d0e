"""One message of an export, and which side of the desk it comes from."""

import json
from collections import Counter
from dataclasses import dataclass
from typing import Any, Literal

from pipeline.readers.candidate import LeftOut
from pipeline.readers.formats.left_out import is_empty, is_label, is_text
from pipeline.readers.formats.roles import ANSWERING_WORDS, ASKING_WORDS
from pipeline.readers.helpdesk.columns import ExportColumns
from pipeline.readers.helpdesk.flat import TICKET_MARK, FlatMessage, plain_name
from pipeline.readers.helpdesk.names import (
    BOT_WORDS,
    CUSTOMER_WORDS,
    CUSTOMER_YES_COLUMNS,
    DESK_WORDS,
    DESK_YES_COLUMNS,
    EVENT_KINDS,
    LONE_MESSAGE_COLUMN,
    NOTE_WORDS,
    READ_COLUMNS,
    YES_WORDS,
)

TicketSide = Literal["user", "assistant", "system"]
"""Who writes in a ticket: the customer is the user, the desk the assistant. `system` stands only in
tables of OpenAI's messages."""


@dataclass(frozen=True, slots=True)
class TicketMessage:
    """What somebody wrote, before anything is cut from the text."""

    thread: str
    line: int
    time: Any
    author: str
    name: str
    side: TicketSide | None
    """None when no column tells."""
    word: str
    """What the column of sides says, in plain letters."""
    comment: str
    """The id of the message, "" for none."""
    subject: str
    text: str
    labels: tuple[tuple[str, Any], ...]
    """`language` and `domain`, where the export has them."""
    left_out: tuple[LeftOut, ...] = ()
    """Columns with something else than a label of which nothing is read."""


def to_ticket_message(
    message: FlatMessage, line: int, columns: ExportColumns, cuts: Counter[str]
) -> TicketMessage | None:
    """The message of a row; None when neither side wrote it, which is counted in `cuts`.

    Raises:
        KeyError: the row belongs to no conversation.
    """
    other_kind = _other_kind(message, columns)
    if other_kind:
        cuts[other_kind] += 1
        return None
    text = message.get(columns.text)
    labels = {
        "language": message.get(columns.language or ""),
        "domain": message.get(columns.domain or ""),
    }
    word = plain_name(_cell(message, columns.side))
    author = _cell(message, columns.author) or _cell(message, columns.name) or word
    return TicketMessage(
        thread=_thread(message, columns),
        line=line,
        time=message.get(columns.time or ""),
        author=author,
        name=_cell(message, columns.name),
        side=_side(message, columns, author),
        word=word,
        comment=_cell(message, columns.comment),
        subject=_cell(message, columns.subject),
        text=text if isinstance(text, str) else "",
        labels=tuple((label, value) for label, value in labels.items() if value),
        left_out=_left_out(message, columns),
    )


def _left_out(message: FlatMessage, columns: ExportColumns) -> tuple[LeftOut, ...]:
    """The columns of a message that hold more than a label, and that nothing reads."""
    left_out = list[LeftOut]()
    for name, cell in message.items():
        known = name.removeprefix(TICKET_MARK) in READ_COLUMNS or name == columns.text
        if known or cell is None or is_empty(cell) or is_label(cell):
            continue
        if cell not in (message.get(columns.text), message.get(columns.subject or "")):
            left_out.append(LeftOut(name, is_text(cell)))
    return tuple(left_out)


def _thread(message: FlatMessage, columns: ExportColumns) -> str:
    name = columns.conversation
    thread = _cell(message, name) or _cell(message, LONE_MESSAGE_COLUMN.get(name))
    if not thread:
        raise KeyError(name)
    return thread


def _other_kind(message: FlatMessage, columns: ExportColumns) -> str:
    """What a row is if not a message between customer and desk, as a kind of cut; "" if it is."""
    kind = plain_name(_cell(message, columns.kind))
    side = plain_name(_cell(message, columns.side))
    hidden = plain_name(_cell(message, columns.hidden))
    shown = plain_name(_cell(message, columns.shown))
    if hidden in YES_WORDS | NOTE_WORDS or kind in NOTE_WORDS or (shown and shown not in YES_WORDS):
        return "internal note"
    if kind in EVENT_KINDS:
        return "automatic note"
    if columns.has_openai_roles and side in ("tool", "function"):
        return "tool message"
    is_bot = side in BOT_WORDS and not columns.has_openai_roles
    if columns.has_bot_desk and side == "bot":
        return ""
    if kind in BOT_WORDS or is_bot or _cell(message, columns.bot):
        return "bot message"
    return ""


def _side(message: FlatMessage, columns: ExportColumns, author: str) -> TicketSide | None:
    word = plain_name(_cell(message, columns.side))
    if columns.side in CUSTOMER_YES_COLUMNS | DESK_YES_COLUMNS:
        is_customer = (word in YES_WORDS) == (columns.side in CUSTOMER_YES_COLUMNS)
        return ("user" if is_customer else "assistant") if word else None
    if columns.has_openai_roles and word in ("system", "developer"):
        return "system"
    if word in CUSTOMER_WORDS:
        return "user"
    if word in DESK_WORDS or (columns.has_bot_desk and word == "bot"):
        return "assistant"
    if word in ASKING_WORDS | ANSWERING_WORDS:
        return "user" if word in ASKING_WORDS else "assistant"
    requester = _cell(message, columns.requester)
    if requester and author:
        return "user" if requester == author else "assistant"
    return None


def _cell(message: FlatMessage, name: str | None) -> str:
    """A cell as text; "" for one that is absent, a list or an object."""
    value = message.get(name) if name else None
    if isinstance(value, str):
        return value.strip()
    return json.dumps(value) if isinstance(value, bool | int | float) else ""
