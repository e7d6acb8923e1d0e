"""A row of an export becomes flat messages: nested objects opened, tickets with parts unfolded."""

import re
from typing import Any

from pipeline.readers.containers.wrapping import is_list_of_rows
from pipeline.readers.helpdesk.names import COLUMNS, OPENING, PARTS

Flat = dict[str, Any]
"""One message: columns by their plain names."""


def plain(name: object) -> str:
    """A name or word without case, blanks and punctuation."""
    return re.sub(r"[\W_]+", "", str(name)).lower()


def messages(row: Any) -> list[Flat]:
    """The messages of a row: itself, or the parts of a ticket, each with the ticket's columns."""
    if not isinstance(row, dict):
        return []
    ticket = _open(row)
    parts = next((found for name in PARTS if (found := _parts(ticket.pop(name, None)))), None)
    if parts is None:
        return [ticket]
    beside = {name: ticket[name] for name in COLUMNS["requester"] if name in ticket}
    thread = next((ticket[name] for name in COLUMNS["conversation"] if name in ticket), None)
    shared = {**beside, "ticketid": ticket.get("id") if thread is None else thread}
    opening = next((ticket[name] for name in OPENING if ticket.get(name)), None)
    said = [{**_open(part), **shared} for part in parts]
    if opening is None:
        return said
    text = next((name for name in COLUMNS["text"] if any(name in one for one in said)), "text")
    first = {text: opening, "createdat": ticket.get("createdat"), **_opener(ticket), **shared}
    return [first, *said]


def _open(row: dict[str, Any]) -> Flat:
    """Objects in a row opened into columns: `{"author": {"type": …}}` gives `authortype`."""
    flat: Flat = {}
    for name, value in row.items():
        key = plain(name)
        if isinstance(value, dict) and key not in PARTS:
            flat |= {key + inner: cell for inner, cell in _open(value).items()}
        else:
            flat[key] = value
    return flat


def _parts(value: Any) -> list[dict[str, Any]] | None:
    """A list of objects, but no turns of a chat; Intercom has it in an object of the same name."""
    if isinstance(value, dict):
        value = next((inner for inner in value.values() if isinstance(inner, list)), None)
    return value if isinstance(value, list) and is_list_of_rows(value) else None


def _opener(ticket: Flat) -> Flat:
    """Who opened a ticket: whoever `source` names, else the requester."""
    author = {
        name.removeprefix("source"): value
        for name, value in ticket.items()
        if name.startswith("sourceauthor")
    }
    return author or {"incoming": True, "userid": ticket.get("requesterid")}
