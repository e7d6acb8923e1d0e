"""Which columns of an export hold the conversation, who wrote, when, and what."""

from collections.abc import Iterable, Mapping
from typing import Any

from pipeline.readers.formats.roles import ANSWERING_WORDS, ASKING_WORDS
from pipeline.readers.helpdesk.flat import FlatMessage, flat_messages, plain_name
from pipeline.readers.helpdesk.names import (
    BOT_WORDS,
    COLUMN_NAMES,
    CUSTOMER_WORDS,
    CUSTOMER_YES_COLUMNS,
    DESK_WORDS,
    DESK_YES_COLUMNS,
    OPENAI_WORDS,
)
from schemas.base import Model
from schemas.errors import UserError

WRITER_WORDS = CUSTOMER_WORDS | DESK_WORDS | BOT_WORDS | ASKING_WORDS | ANSWERING_WORDS


class ExportColumns(Model):
    """The columns of one export, by their plain names; None for those that it does not have."""

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
    comment: str | None = None
    """The id of a message."""
    subject: str | None = None
    """The subject of the conversation."""
    has_openai_roles: bool = False
    """Whether the sides are OpenAI's roles, so that `system` is the system text and no bot."""
    has_bot_desk: bool = False
    """Whether bots are the only ones who answer."""
    language: str | None = None
    domain: str | None = None

    @property
    def description(self) -> str:
        """For people: which column does what."""
        if self.side:
            sides = f"sides by {self.side}"
        elif self.requester:
            sides = f"the customer is whoever {self.requester} names"
        else:
            sides = "the customer is whoever writes first in most of their conversations"
        order = f"order by {self.time}" if self.time else "order as in the file"
        return f"conversations by {self.conversation}, text in {self.text}, {order}, {sides}"


def recognise_columns(
    rows: Iterable[Any], mapping: Mapping[str, str] | None = None
) -> ExportColumns | None:
    """The columns of an export by its first rows, or None when it is not a help desk's.

    It is one when a conversation, a text, and an author or side are found, and some conversation
    comes twice; else nothing is a conversation, and a table of cases stays a table. With a time it
    is one as well if a column says the side, or if `user`, which elsewhere is a question, is who
    wrote.

    Args:
        rows: The first rows as a container gives them; fifty are enough.
        mapping: Field of `ExportColumns` to the name of its column, where the names do not tell.

    Raises:
        UserError: a mapped field or column does not exist.
    """
    messages = [message for row in rows for message in flat_messages(row)]
    columns: dict[str, Any] = {field: _column(messages, field) for field in COLUMN_NAMES}
    columns["side"] = _side_column(messages, (columns["author"], columns["name"]))
    for field, name in (mapping or {}).items():
        columns[field] = _mapped_column(messages, field, name)
    conversation = columns["conversation"]
    writer = columns["author"] or columns["name"] or columns["side"]
    if not (conversation and columns["text"] and writer):
        return None
    threads = [str(message[conversation]) for message in messages if message.get(conversation)]
    is_dated = columns["time"] and (columns["side"] or writer == "user")
    if len(set(threads)) == len(threads) and not is_dated:
        return None
    words = _words(messages, columns["side"])
    columns["has_openai_roles"] = {"user", "assistant"} <= words <= OPENAI_WORDS
    columns["has_bot_desk"] = "bot" in words and words.isdisjoint(
        DESK_WORDS | ANSWERING_WORDS - {"bot"}
    )
    return ExportColumns.model_validate(columns)


def _words(messages: list[FlatMessage], side: str | None) -> set[str]:
    """The words for the sides."""
    return {
        plain_name(message[side]) for message in messages if side and _has_value(message, side, str)
    }


def _column(messages: list[FlatMessage], field: str) -> str | None:
    """The first name for a field under which some message has a value."""
    types = str if field in ("text", "subject") else str | int | float
    for name in COLUMN_NAMES[field]:
        if any(_has_value(message, name, types) for message in messages):
            return name
    return None


def _side_column(messages: list[FlatMessage], writers: Iterable[str | None]) -> str | None:
    """The column that says a side in half of its cells or more; it may be that of the writer."""
    for name in (*COLUMN_NAMES["side"], *filter(None, writers)):
        cells = [
            plain_name(message[name])
            for message in messages
            if _has_value(message, name, str | int)
        ]
        known = sum(cell in WRITER_WORDS for cell in cells)
        says_yes_or_no = name in CUSTOMER_YES_COLUMNS | DESK_YES_COLUMNS
        if cells and (says_yes_or_no or known * 2 >= len(cells)):
            return name
    return None


def _has_value(message: FlatMessage, name: str, types: Any) -> bool:
    value = message.get(name)
    return isinstance(value, types) and value != ""


def _mapped_column(messages: list[FlatMessage], field: str, name: str) -> str:
    if field not in COLUMN_NAMES:
        raise UserError(
            f"{field} is not a field of a help desk's export", f"one of: {', '.join(COLUMN_NAMES)}"
        )
    if not any(plain_name(name) in message for message in messages):
        raise UserError(f"the export has no column {name!r}", "check the name after the = of --map")
    return plain_name(name)
