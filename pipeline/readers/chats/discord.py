"""Discord: a channel as DiscordChatExporter writes it; needs `--me NAME` unless a bot answers.

Bots are marked, so a chat in which one answers tells its sides itself.
"""

from typing import Any

from pipeline.readers.chats.chat import (
    MEDIA,
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

SAYING_TYPES = frozenset(
    ("default", "reply", "chatinputcommand", "contextmenucommand", "0", "19", "20", "23")
)
"""Types of messages in which somebody says something; a bot answers a command with the last ones.
All others are events: a member joined, a message was pinned, a call began."""

MEDIA_FIELDS = frozenset(("attachments", "stickers"))

READ = frozenset(
    (
        "id", "type", "timestamp", "timestampEdited", "callEndedTimestamp", "isPinned", "content",
        "author", "attachments", "stickers", "reactions", "mentions", "inlineEmojis", "reference",
        "interaction", "roles",
    )
)  # fmt: skip


def is_export(value: Any) -> bool:
    """Whether a value is a channel of Discord; see the room's interface."""
    first = sample(value)
    return bool(first) and all(
        isinstance(message.get("author"), dict) and "timestamp" in message and "content" in message
        for message in first
    )


def to_chats(value: dict[str, Any], before: int) -> list[Chat]:
    """The chat of a channel; see the room's interface."""
    channel = value.get("channel")
    chat = Chat(as_name(channel.get("name")) if isinstance(channel, dict) else "")
    for number, message in enumerate(objects(value.get("messages")), before + 1):
        kind = as_name(message.get("type")).lower()
        if kind and kind not in SAYING_TYPES:
            chat.cuts[SERVICE] += 1
            continue
        text, read = _text(message)
        if has_any(message, MEDIA_FIELDS) or not text:
            chat.cuts[MEDIA] += 1
        if not text:
            continue
        author = message["author"] if isinstance(message.get("author"), dict) else {}
        name = as_name(author.get("name"), author.get("nickname"), author.get("id")) or "nobody"
        key = as_name(author.get("id"), name)
        others = frozenset({as_name(author.get("nickname")), key, name}) - {""}
        chat.speakers.setdefault(key, Speaker(name, others, is_bot=author.get("isBot") is True))
        time = iso_seconds(message.get("timestamp"))
        left_out = unread_texts(message, read)
        chat.messages.append(ChatMessage(number, time, key, text, left_out))
    return [chat]


def _text(message: dict[str, Any]) -> tuple[str, frozenset[str]]:
    """What a message says, and the fields that were read.

    Bots answer in embeds, and a forwarded message has its text below another one without any. An
    embed beside a text is the preview of a link.
    """
    content = as_name(message.get("content"))
    if content:
        return content, READ
    embedded = "\n\n".join(filter(None, map(_embedded, objects(message.get("embeds")))))
    forwarded = message.get("forwardedMessage")
    if not embedded and isinstance(forwarded, dict):
        return as_name(forwarded.get("content")), READ | {"forwardedMessage", "embeds"}
    return embedded, READ | {"embeds"}


def _embedded(embed: dict[str, Any]) -> str:
    fields = [
        f"{as_name(field.get('name'))}: {as_name(field.get('value'))}"
        for field in objects(embed.get("fields"))
    ]
    texts = [as_name(embed.get("title")), as_name(embed.get("description")), *fields]
    return "\n".join(filter(None, texts))
