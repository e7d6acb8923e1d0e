"""Telegram: `result.json` of one chat, or of all chats below `chats.list`; needs `--me NAME`."""

from typing import Any

from pipeline.readers.chats.chat import (
    MEDIA,
    OTHER_KIND,
    SERVICE,
    Chat,
    ChatMessage,
    Speaker,
    as_name,
    has_any,
    iso_seconds,
    objects,
    sample,
    unread_texts,
)

LISTS = ("chats", "left_chats")

OTHER_FIELDS = frozenset(
    (
        "poll", "location_information", "contact_information", "game_title", "place_name",
        "invoice_information", "dice", "todo_list",
    )
)  # fmt: skip
MEDIA_FIELDS = frozenset(
    ("media_type", "photo", "file", "sticker_emoji", "self_destruct_period_seconds")
)

READ = frozenset(
    (
        "id", "type", "date", "date_unixtime", "edited", "edited_unixtime", "from", "from_id",
        "text", "text_entities", "reply_to_message_id", "reply_to_peer_id", "reactions",
        "forwarded_from", "forwarded_from_id", "saved_from", "via_bot", "author",
        "inline_bot_buttons", *MEDIA_FIELDS, *OTHER_FIELDS,
    )
)  # fmt: skip


def is_export(value: Any) -> bool:
    """Whether a value is an export of Telegram; see the room's interface."""
    return _is_chat(value) or any(any(map(_is_chat, chats)) for chats in _lists(value))


def to_chats(value: dict[str, Any], before: int) -> list[Chat]:
    """The chats of an export; see the room's interface."""
    chats = []
    for given in [value] if _is_chat(value) else [chat for part in _lists(value) for chat in part]:
        messages = objects(given.get("messages"))
        chats.append(_to_chat(as_name(given.get("name")), messages, before))
        before += len(messages)
    return chats


def _lists(value: Any) -> list[list[dict[str, Any]]]:
    parts = [value.get(name) for name in LISTS] if isinstance(value, dict) else []
    return [objects(part.get("list")) for part in parts if isinstance(part, dict)]


def _is_chat(value: Any) -> bool:
    first = sample(value)
    return bool(first) and all(
        message.get("type") in ("message", "service") and "date" in message and "id" in message
        for message in first
    )


def _to_chat(title: str, messages: list[dict[str, Any]], before: int) -> Chat:
    chat = Chat(title)
    for number, message in enumerate(messages, before + 1):
        text = _text(message.get("text") or message.get("text_entities")).strip()
        if message.get("type") != "message":
            chat.cuts[SERVICE] += 1
            continue
        if has_any(message, OTHER_FIELDS):
            chat.cuts[OTHER_KIND] += 1
        elif has_any(message, MEDIA_FIELDS) or not text:
            chat.cuts[MEDIA] += 1
        if not text:
            continue
        key = as_name(message.get("from_id"), message.get("from"))
        name = as_name(message.get("from"), message.get("from_id")) or "nobody"
        chat.speakers.setdefault(key, Speaker(name, frozenset({key})))
        time = iso_seconds(message.get("date_unixtime", message.get("date")))
        chat.messages.append(ChatMessage(number, time, key, text, unread_texts(message, READ)))
    return chat


def _text(given: Any) -> str:
    """A text, or the pieces of one: links, names and words in bold are objects."""
    if isinstance(given, list):
        return "".join(map(_piece, given))
    return given if isinstance(given, str) else ""


def _piece(piece: Any) -> str:
    text = piece.get("text") if isinstance(piece, dict) else piece
    return text if isinstance(text, str) else ""
