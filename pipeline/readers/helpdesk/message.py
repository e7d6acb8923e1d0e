"""One message of an export, and which side of the desk it comes from."""

import json
from collections import Counter
from dataclasses import dataclass
from typing import Any, Literal

from pipeline.readers.helpdesk.columns import Columns
from pipeline.readers.helpdesk.flat import Flat, plain
from pipeline.readers.helpdesk.names import (
    BOT,
    BY_ITSELF,
    CUSTOMER,
    DESK,
    FROM_CUSTOMER,
    FROM_DESK,
    NOTE,
    NOTICE,
    YES,
)

Side = Literal["user", "assistant"]
"""The customer is the user, the desk the assistant."""


@dataclass(frozen=True, slots=True)
class Message:
    """What somebody wrote, before anything is cut from the text."""

    thread: str
    line: int
    time: Any
    author: str
    name: str
    side: Side | None
    """None when no column tells."""
    text: str
    labels: tuple[tuple[str, Any], ...]
    """Language and domain, where the export has them."""


def read(flat: Flat, line: int, columns: Columns, cuts: Counter[str]) -> Message | None:
    """The message of a row; None when it is none (counted in `cuts`).

    Raises:
        KeyError: the row belongs to no conversation.
    """
    cut = _no_message(flat, columns)
    if cut:
        cuts[cut] += 1
        return None
    text = flat.get(columns.text)
    labels = ((label, flat.get(getattr(columns, label) or "")) for label in ("language", "domain"))
    author = _cell(flat, columns.author) or _cell(flat, columns.name)
    return Message(
        thread=_thread(flat, columns),
        line=line,
        time=flat.get(columns.time or ""),
        author=author,
        name=_cell(flat, columns.name),
        side=_side(flat, columns, author),
        text=text if isinstance(text, str) else "",
        labels=tuple((label, value) for label, value in labels if value),
    )


def _thread(flat: Flat, columns: Columns) -> str:
    name = columns.conversation
    thread = _cell(flat, name) or _cell(flat, BY_ITSELF.get(name))
    if not thread:
        raise KeyError(name)
    return thread


def _no_message(flat: Flat, columns: Columns) -> str:
    """Why a row is not what a customer and a desk wrote to each other; "" when it is."""
    kind, side = plain(_cell(flat, columns.kind)), plain(_cell(flat, columns.side))
    hidden = plain(_cell(flat, columns.hidden))
    shown = plain(_cell(flat, columns.shown))
    if hidden in YES | NOTE or kind in NOTE or (shown and shown not in YES):
        return "internal note"
    if kind in NOTICE:
        return "automatic note"
    if kind in BOT or side in BOT or _cell(flat, columns.bot):
        return "bot message"
    return ""


def _side(flat: Flat, columns: Columns, author: str) -> Side | None:
    word = plain(_cell(flat, columns.side))
    if columns.side in FROM_CUSTOMER | FROM_DESK:
        customer = (word in YES) == (columns.side in FROM_CUSTOMER)
        return ("user" if customer else "assistant") if word else None
    if word in CUSTOMER:
        return "user"
    if word in DESK:
        return "assistant"
    requester = _cell(flat, columns.requester)
    if requester and author:
        return "user" if requester == author else "assistant"
    return None


def _cell(flat: Flat, name: str | None) -> str:
    """A cell as text; "" for one that is absent or no scalar."""
    value = flat.get(name) if name else None
    if isinstance(value, str):
        return value.strip()
    return json.dumps(value) if isinstance(value, bool | int | float) else ""
