"""Lists of rows told from lists of messages: both are lists of objects."""

from typing import Any

SPEAKER_KEYS = frozenset({"role", "from", "speaker"})
CONTENT_KEYS = frozenset(
    {"content", "value", "text", "utterance", "parts", "tool_calls", "function_call"}
)
SENDER_KEYS = SPEAKER_KEYS | {
    "sender", "sender_name", "author", "from_id", "user", "user_id", "name", "type",
}  # fmt: skip
"""Keys under which the messages of chat apps say who wrote."""

APP_KEYS = frozenset({"sender_name", "senderName", "from_id", "actor_id"})
"""Keys of every message in the export of a chat app, also of one that has no text."""

TICKET_KEYS = frozenset(
    ("description", "description_text", "requester_id", "requester", "subject", "source")
)
"""Keys of a ticket that holds its messages: it is a row, also when a file holds only one."""

THREAD_KEYS = frozenset(
    ("conversation_id", "ticket_id", "thread_id", "thread_ts", "parent_id", "parent_message_id")
)
"""Columns that tie single messages together: each of those is a row of its own, as in exports of
help desks and in flat trees."""

WRAPPERS = frozenset(
    (
        "data", "rows", "examples", "samples", "items", "entries", "records", "results",
        "train", "training", "valid", "validation", "val", "dev", "test", "eval",
        "conversations", "dialogs", "dialogues", "chats", "tickets", "threads", "messages",
    )
)  # fmt: skip
"""Keys under which exports put their list of rows, lower case."""

MESSAGE_WRAPPERS = frozenset(("messages", "conversations"))
"""Those of them under which one conversation may have its messages."""


def is_message(item: Any) -> bool:
    """Whether an object is one turn of a conversation rather than a row of its own."""
    if not isinstance(item, dict):
        return False
    keys = item.keys()
    return bool(keys & SPEAKER_KEYS and keys & CONTENT_KEYS) and not keys & THREAD_KEYS


def _belongs_together(value: dict[str, Any], key: str, item: Any) -> bool:
    """Whether an object is one conversation, and `item` the first of its messages.

    It is a ticket, or a chat: its messages say who wrote, and belong to no thread of their own.
    """
    if key.lower() not in MESSAGE_WRAPPERS:
        return False
    if value.keys() & TICKET_KEYS:
        return True
    keys = item.keys()
    says = keys & APP_KEYS or (keys & SENDER_KEYS and keys & CONTENT_KEYS)
    return bool(says) and not keys & THREAD_KEYS


def is_list_of_rows(items: list[Any]) -> bool:
    """Whether every item is an object, and the first one is not a message."""
    all_objects = all(isinstance(item, dict) for item in items)
    return bool(items) and all_objects and not is_message(items[0])


def keys_with_rows(value: Any) -> list[str]:
    """The keys of an object that hold lists of rows; none where the object is a row itself.

    A list of objects holds rows if its key says so (see `WRAPPERS`), or if its objects hold lists
    of messages.
    """
    if not isinstance(value, dict):
        return []
    lists = {
        key: items
        for key, items in value.items()
        if isinstance(items, list) and is_list_of_rows(items)
    }
    return [
        key
        for key, items in lists.items()
        if (key.lower() in WRAPPERS and not _belongs_together(value, key, items[0]))
        or _holds_messages(items[0])
    ]


def _holds_messages(item: dict[str, Any]) -> bool:
    return any(isinstance(inner, list) and any(map(is_message, inner)) for inner in item.values())
