"""A row of an export becomes flat messages: nested objects opened, tickets with parts unfolded."""

import re
from functools import lru_cache
from typing import Any

from pipeline.readers.containers.wrapping import is_list_of_rows
from pipeline.readers.helpdesk.markup import visible_text
from pipeline.readers.helpdesk.names import (
    CHAT_PARTS,
    CHAT_SIGNS,
    COLUMN_NAMES,
    NOTE_WORDS,
    OPENING_COLUMNS,
    TICKET_PARTS,
)

FlatMessage = dict[str, Any]
"""One message: its cells by the plain names of their columns."""


TICKET_MARK = "ticket."
"""Before the names of the columns of a ticket, which stand in the first of its messages."""


@lru_cache(4096)
def plain_name(name: object) -> str:
    """A name or word without case, blanks and punctuation: `Ticket ID` becomes `ticketid`."""
    return re.sub(r"[\W_]+", "", str(name)).lower()


def flat_messages(row: Any) -> list[FlatMessage]:
    """The messages of a row: itself, or the parts of a ticket, each with the ticket's columns."""
    if not isinstance(row, dict):
        return []
    ticket = _flattened(row)
    parts = _take_parts(ticket)
    if not parts:
        return [ticket]
    names = (*COLUMN_NAMES["requester"], *COLUMN_NAMES["subject"])
    shared = {name: ticket[name] for name in names if name in ticket}
    thread = next((ticket[name] for name in COLUMN_NAMES["conversation"] if name in ticket), None)
    shared["ticketid"] = ticket.get("id") if thread is None else thread
    beside = {f"{TICKET_MARK}{name}": cell for name, cell in ticket.items() if name not in shared}
    messages = [{**_flattened(part), **shared} for part in parts]
    messages[0] |= beside
    opening = next((ticket[name] for name in OPENING_COLUMNS if ticket.get(name)), None)
    if opening is None:
        return messages
    text = next((name for name in COLUMN_NAMES["text"] if _any_has(messages, name)), "text")
    if any(_says(message.get(text), opening) for message in messages):
        return messages  # In Zendesk the first comment is the description.
    opener = _opener(ticket, messages)
    first = {text: opening, "createdat": ticket.get("createdat"), **opener, **shared}
    return [first, *messages]


def _flattened(row: dict[str, Any]) -> FlatMessage:
    """Objects in a row opened into columns: `{"author": {"type": …}}` gives `authortype`."""
    flat: FlatMessage = {}
    for name, value in row.items():
        key = plain_name(name)
        if isinstance(value, dict) and key not in TICKET_PARTS:
            flat |= {key + inner: cell for inner, cell in _flattened(value).items()}
        else:
            flat[key] = value
    return flat


def _take_parts(ticket: FlatMessage) -> list[dict[str, Any]]:
    """Take the messages of a ticket out of it; none where it has no list of them.

    A list of something else, such as turns of a chat, is dropped. Intercom has the list in an
    object of the same name.
    """
    for name in TICKET_PARTS:
        value = ticket.pop(name, None)
        if isinstance(value, dict):
            value = next((inner for inner in value.values() if isinstance(inner, list)), None)
        if isinstance(value, list) and is_list_of_rows(value):
            return value
    for name in CHAT_PARTS:
        value = ticket.get(name)
        if isinstance(value, list) and _are_of_desk(value):
            del ticket[name]
            return value
    return []


def _are_of_desk(parts: list[Any]) -> bool:
    """Whether messages tell the side of a desk, or have notes of it among them."""
    if not parts or not all(isinstance(part, dict) for part in parts):
        return False
    if is_list_of_rows(parts) and not CHAT_SIGNS.isdisjoint(_flattened(parts[0])):
        return True
    return any(plain_name(part.get("type", "")) in NOTE_WORDS for part in parts)


def _any_has(messages: list[FlatMessage], name: str) -> bool:
    return any(name in message for message in messages)


def _says(text: Any, opening: Any) -> bool:
    """Whether a message is the opening one, or begins with it; HTML and line breaks aside."""
    if not isinstance(text, str) or not isinstance(opening, str):
        return False
    said, opened = ("".join(visible_text(part).split()) for part in (text, opening))
    return bool(opened) and said.startswith(opened)


def _opener(ticket: FlatMessage, messages: list[FlatMessage]) -> FlatMessage:
    """Who opened a ticket: whoever `source` names, else the requester, as the parts name people."""
    author = {
        name.removeprefix("source"): value
        for name, value in ticket.items()
        if name.startswith("sourceauthor")
    }
    if author:
        return author
    requester = next((ticket[name] for name in COLUMN_NAMES["requester"] if name in ticket), None)
    writer = next((name for name in COLUMN_NAMES["author"] if _any_has(messages, name)), "userid")
    opener: FlatMessage = {writer: requester}
    return opener | ({"incoming": True} if _any_has(messages, "incoming") else {})
