"""Messenger and Instagram: `message_1.json`, the newest message first; needs `--me NAME`.

There are two spellings. The older one writes the bytes of UTF-8 as if each were a character (`Ã©`
for `é`); the one of encrypted chats (`senderName`, `timestamp`) does not.
"""

import re
from collections import Counter
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple

from pipeline.readers.chats.chat import (
    DELETED,
    MEDIA,
    SERVICE,
    Chat,
    ChatMessage,
    Speaker,
    as_name,
    has_any,
    objects,
    sample,
    unread_texts,
)

SPOILT = re.compile("[\u00c2-\u00f4][\u0080-\u00bf]+")
"""What bytes of UTF-8 look like that were read one by one; `é` alone is no such pair."""

MEDIA_FIELDS = frozenset(
    ("photos", "videos", "audio_files", "gifs", "files", "sticker", "share", "media")
)

EVENT_TYPES = frozenset(("call", "subscribe", "unsubscribe", "plan", "placeholder", "missed_call"))

REACTION = re.compile(r"(\S+ ){0,3}(reacted \S{1,12} to your message|liked a message)\.?\s*")

READ = frozenset(
    (
        "sender_name", "senderName", "timestamp_ms", "timestamp", "content", "text", "type",
        "reactions", "is_unsent", "isUnsent", "is_geoblocked_for_viewer", "ip", "users",
        "is_taken_down", "call_duration", "missed", *MEDIA_FIELDS,
    )
)  # fmt: skip


class _Given(NamedTuple):
    """A message as the export has it."""

    number: int
    time: float | None
    sender: str
    text: str
    fields: dict[str, Any]


def is_export(value: Any) -> bool:
    """Whether a value is a chat of Messenger or Instagram; see the room's interface."""
    first = sample(value)
    return bool(first) and all(
        ("sender_name" in message and "timestamp_ms" in message)
        or ("senderName" in message and "timestamp" in message)
        for message in first
    )


def to_chats(value: dict[str, Any], before: int) -> list[Chat]:
    """The one chat of a file; see the room's interface."""
    chat = Chat(mended(as_name(value.get("title"), value.get("threadName"))))
    given = [_given(*item) for item in enumerate(objects(value.get("messages")), before + 1)]
    placeholders = _placeholders(given)
    for message in _oldest_first(given):
        kind = _left_out(message, placeholders)
        if kind:
            chat.cuts[kind] += 1
        if not message.text or kind in (DELETED, SERVICE) or message.text in placeholders:
            continue
        left_out = unread_texts(message.fields, READ)
        chat.speakers.setdefault(message.sender, Speaker(message.sender))
        number, time, sender, text, _ = message
        chat.messages.append(ChatMessage(number, time, sender, text, left_out))
    return [chat]


@lru_cache(maxsize=1024)
def _mended_name(name: str) -> str:
    return mended(name).strip()


def mended(text: str) -> str:
    """A text in which each character that was written byte by byte is whole again."""
    if text.isascii():
        return text
    return SPOILT.sub(_decoded, text)


def _decoded(spoilt: re.Match[str]) -> str:
    try:
        return spoilt[0].encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        return spoilt[0]


def _given(number: int, fields: dict[str, Any]) -> _Given:
    time = fields.get("timestamp_ms", fields.get("timestamp"))
    seconds = time / 1000 if isinstance(time, int | float) else None
    sender = _mended_name(as_name(fields.get("sender_name"), fields.get("senderName"))) or "nobody"
    text = mended(as_name(fields.get("content"), fields.get("text")))
    return _Given(number, seconds, sender, text, fields)


def _oldest_first(messages: list[_Given]) -> list[_Given]:
    """Turned round if most steps go back in time, then in the order of the times."""
    times = [message.time for message in messages if message.time is not None]
    steps = Counter((after > before) - (after < before) for before, after in pairwise(times))
    ordered = messages[::-1] if steps[-1] > steps[1] else messages
    if len(times) < len(messages):
        return ordered
    return sorted(ordered, key=lambda message: message.time or 0)


def _placeholders(messages: list[_Given]) -> frozenset[str]:
    """Texts that stand for a picture: "Mara sent a photo." names its sender, others come again."""
    beside = [
        message for message in messages if message.text and has_any(message.fields, MEDIA_FIELDS)
    ]
    texts = Counter(message.text for message in beside)
    return frozenset(
        message.text
        for message in beside
        if "://" not in message.text
        and len(message.text) < 100
        and (texts[message.text] > 1 or message.sender.split()[0] in message.text)
    )


def _left_out(message: _Given, placeholders: frozenset[str]) -> str:
    """What of a message is left out, by kind; "" for nothing."""
    fields, text = message.fields, message.text
    if fields.get("is_unsent") or fields.get("isUnsent"):
        return DELETED
    is_event = str(fields.get("type")).lower() in EVENT_TYPES or "call_duration" in fields
    tells_of_sender = " " in message.sender and text.startswith(f"{message.sender} ")
    if is_event or REACTION.fullmatch(text.lower()):
        return SERVICE
    if has_any(fields, MEDIA_FIELDS) or not text or text in placeholders:
        return MEDIA
    return SERVICE if tells_of_sender else ""
