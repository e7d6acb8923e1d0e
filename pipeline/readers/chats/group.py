"""The rows of a file that is an export of a chat app, as conversations."""

from collections import Counter
from collections.abc import Iterator, Sequence
from types import ModuleType
from typing import Any

from pipeline.readers.candidate import GroupedRows, Refused
from pipeline.readers.chats import discord, messenger, sillytavern, telegram, whatsapp
from pipeline.readers.chats.chat import Chat
from pipeline.readers.chats.conversations import to_conversations
from pipeline.readers.containers.row import BadRow, Row
from pipeline.readers.reading import Reading
from schemas.reasons import Rejection

APPS: tuple[ModuleType, ...] = (whatsapp, telegram, discord, messenger, sillytavern)


def is_chat_export(first: Sequence[Any]) -> bool:
    """Whether the rows of a file are chats of an app, by the first of them."""
    if not first:
        return False
    return sillytavern.is_line(first[0]) or _app_of(first[0]) is not None


def group_chats(
    rows: Iterator[Row | BadRow], reading: Reading, cuts: Counter[str]
) -> Iterator[Row | BadRow | GroupedRows]:
    """The conversations of all chats of a file; rows that are no chats are passed on.

    Args:
        rows: The rows of a file whose first one `is_chat_export`.
        reading: What the user says of the file: who the assistant is.
        cuts: Counts by kind of what is left out, which grow.
    """
    for row, chats in read_chats(rows):
        if chats is None:
            yield row
            continue
        told = [chat for chat in chats if chat.messages]
        for chat in told:
            yield from to_conversations(chat, reading, cuts)
        for chat in chats:
            if not chat.messages:
                cuts.update(chat.cuts)
        if not told:
            why = "is the export of a chat in which nothing is said in words"
            yield GroupedRows(row.line, [Refused(Rejection.no_user_turn, why)], {"messages": []})


def read_chats(
    rows: Iterator[Row | BadRow],
) -> Iterator[tuple[Row | BadRow, list[Chat] | None]]:
    """Each row with its chats; None for a row that is no export."""
    before = 0
    for row in sillytavern.join_lines(rows):
        app = None if isinstance(row, BadRow) else _app_of(row.value)
        if app is None or isinstance(row, BadRow):
            yield row, None
            continue
        chats: list[Chat] = app.to_chats(row.value, before)
        numbers = [message.number for chat in chats for message in chat.messages]
        before = max(numbers, default=before)
        yield row, chats


def _app_of(value: Any) -> ModuleType | None:
    return next((app for app in APPS if app.is_export(value)), None)
