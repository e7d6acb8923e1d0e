"""Which columns of an export hold the conversation, who wrote, when, and what."""

from collections.abc import Iterable, Mapping
from typing import Any

from pipeline.readers.helpdesk.flat import Flat, messages, plain
from pipeline.readers.helpdesk.names import (
    BOT,
    COLUMNS,
    CUSTOMER,
    DESK,
    FROM_CUSTOMER,
    FROM_DESK,
)
from schemas.base import Model
from schemas.errors import UserError

WORDS = CUSTOMER | DESK | BOT


class Columns(Model):
    """The columns of one export, by their plain names; None for those that it has not."""

    conversation: str
    text: str
    time: str | None = None
    author: str | None = None
    """Who wrote, as an id if there is one."""
    name: str | None = None
    """Who wrote, as people read it."""
    side: str | None = None
    """Which side wrote: a direction, a role, a yes or no."""
    requester: str | None = None
    """Whose conversation it is; the customer where the author is the same."""
    hidden: str | None = None
    shown: str | None = None
    kind: str | None = None
    bot: str | None = None
    language: str | None = None
    domain: str | None = None

    @property
    def said(self) -> str:
        """For people: which column does what."""
        if self.side:
            sides = f"sides by {self.side}"
        elif self.requester:
            sides = f"the customer is whoever {self.requester} names"
        else:
            sides = "the customer is whoever writes first in most of their conversations"
        order = f"order by {self.time}" if self.time else "order as in the file"
        return f"conversations by {self.conversation}, text in {self.text}, {order}, {sides}"


def recognise(first: Iterable[Any], mapped: Mapping[str, str] | None = None) -> Columns | None:
    """The columns of an export by its first rows, or None when it is no help desk's.

    It is one when a conversation, a text, an author or side, and a time are found; without a time,
    a conversation must come twice.

    Args:
        first: Rows as a container gives them; fifty are enough.
        mapped: Field of `Columns` to the name of its column, where the names do not tell.

    Raises:
        UserError: a mapped field or column does not exist.
    """
    flat = [message for row in first for message in messages(row)]
    found = {field: _named(flat, field) for field in COLUMNS}
    found["side"] = _side(flat, (found["author"], found["name"]))
    found |= {field: _mapped(flat, field, name) for field, name in (mapped or {}).items()}
    whose = found["author"] or found["name"] or found["side"]
    if not (found["conversation"] and found["text"] and whose):
        return None
    threads = [one[found["conversation"]] for one in flat if one.get(found["conversation"])]
    if not found["time"] and len(set(map(str, threads))) == len(threads):
        return None
    return Columns.model_validate(found)


def _named(flat: list[Flat], field: str) -> str | None:
    """The first name for a field under which some message has a value."""
    kinds = str if field == "text" else str | int | float
    return next(
        (name for name in COLUMNS[field] if any(_has(one, name, kinds) for one in flat)), None
    )


def _side(flat: list[Flat], writers: Iterable[str | None]) -> str | None:
    """The column that says a side in half of its cells or more; it may be that of the writer."""
    for name in (*COLUMNS["side"], *filter(None, writers)):
        cells = [plain(one[name]) for one in flat if _has(one, name, str | int)]
        known = sum(cell in WORDS for cell in cells)
        if cells and (name in FROM_CUSTOMER | FROM_DESK or known * 2 >= len(cells)):
            return name
    return None


def _has(one: Flat, name: str, kinds: Any) -> bool:
    value = one.get(name)
    return isinstance(value, kinds) and value != ""


def _mapped(flat: list[Flat], field: str, name: str) -> str:
    if field not in COLUMNS:
        raise UserError(f"{field} is no field of a help desk's export", f"one of: {[*COLUMNS]}")
    if not any(plain(name) in one for one in flat):
        raise UserError(f"the export has no column {name!r}", "check the name after the = of --map")
    return plain(name)
