"""SillyTavern: JSON Lines, a header and then `{"name": …, "is_user": …, "mes": …}` a line."""

from collections.abc import Iterator
from typing import Any

from pipeline.readers.chats.chat import (
    MEDIA,
    SERVICE,
    Chat,
    ChatMessage,
    Speaker,
    as_name,
    objects,
    unread_texts,
)
from pipeline.readers.containers.row import BadRow, Row

READ = frozenset(
    (
        "name", "is_user", "is_name", "is_system", "mes", "send_date", "gen_started",
        "gen_finished", "swipes", "swipe_id", "swipe_info", "extra", "force_avatar",
        "original_avatar", "variables", "title",
    )
)  # fmt: skip

HEADER_FIELDS = frozenset(("user_name", "character_name", "create_date", "chat_metadata"))

NOT_CHOSEN = "reply that was not chosen"
"""The kind of cut for `swipes`, the other replies that were offered beside the one of the chat."""


class JoinedLines(dict[str, Any]):
    """The row of a whole chat; a class of its own, as no JSON file can hold one."""


def is_line(value: Any) -> bool:
    """Whether a row is a line of such a file: its header, or a message."""
    if not isinstance(value, dict):
        return False
    return _is_header(value) or ("mes" in value and "is_user" in value)


def join_lines(rows: Iterator[Row | BadRow]) -> Iterator[Row | BadRow]:
    """The lines of a file as one row for each chat; rows that are no such lines as they are."""
    chat = JoinedLines()
    start = 1
    for row in rows:
        if isinstance(row, BadRow) or not is_line(row.value):
            yield row
            continue
        if _is_header(row.value) or not chat:
            if chat:
                yield Row(start, chat)
            header = row.value if _is_header(row.value) else {}
            start, chat = row.line, JoinedLines(header=header, lines=[])
        if not _is_header(row.value):
            chat["lines"].append({"line": row.line, "message": row.value})
    if chat:
        yield Row(start, chat)


def is_export(value: Any) -> bool:
    """Whether a value is what `join_lines` makes; see the room's interface."""
    return isinstance(value, JoinedLines)


def to_chats(value: dict[str, Any], before: int) -> list[Chat]:
    """The chat of one file; see the room's interface. Lines have numbers of their own."""
    header = value["header"]
    chat = Chat(as_name(header.get("character_name")), is_continuous=True)
    for line in objects(value["lines"]):
        message = line["message"]
        text = as_name(message.get("mes"))
        if message.get("is_system") is True:
            chat.cuts[SERVICE] += 1
            continue
        if not text:
            chat.cuts[MEDIA] += 1
            continue
        is_user = message.get("is_user") is True
        name = as_name(message.get("name")) or ("User" if is_user else "Character")
        key = f"{is_user} {name}"
        chat.speakers.setdefault(key, Speaker(name, side="user" if is_user else "assistant"))
        if isinstance(swipes := message.get("swipes"), list) and len(swipes) > 1:
            chat.cuts[NOT_CHOSEN] += len(swipes) - 1
        extra = message.get("extra")
        chat.messages.append(
            ChatMessage(
                line["line"],
                None,
                key,
                text,
                unread_texts(message, READ),
                as_name(extra.get("reasoning")) if isinstance(extra, dict) and not is_user else "",
            )
        )
    return [chat]


def _is_header(value: dict[str, Any]) -> bool:
    """Whether a line names the two and holds nothing else of length."""
    names = {"user_name", "character_name"}
    return names <= value.keys() and ("chat_metadata" in value or value.keys() <= HEADER_FIELDS)
