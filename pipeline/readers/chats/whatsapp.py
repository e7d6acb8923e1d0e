"""WhatsApp: `_chat.txt`, in the spelling of any phone and language; needs `--me NAME`.

The lines that `whatsapp_lines` gives become a chat.
"""

from collections import Counter
from functools import lru_cache
from typing import Any

from pipeline.readers.chats.app_lines import own_text
from pipeline.readers.chats.chat import SERVICE, Chat, ChatMessage, Speaker, objects
from pipeline.readers.chats.sides import MARKS
from pipeline.readers.chats.whatsapp_lines import TextChat

FIRST_MESSAGES = 3
"""Messages among which the notice on encryption stands."""

WORDS_OF_EVENT = 4
"""A "name" of so many words that comes once is a line of the app with a colon in it."""


def is_export(value: Any) -> bool:
    """Whether a value is what `whatsapp_lines` makes; see the room's interface."""
    return isinstance(value, TextChat)


def to_chats(value: dict[str, Any], before: int) -> list[Chat]:
    """The chat of a file; see the room's interface. Lines have numbers of their own."""
    chat = Chat()
    messages = objects(value["messages"])
    names = Counter(_shown(message["from"]) for message in messages if "from" in message)
    for place, message in enumerate(messages):
        name = _shown(message.get("from", ""))
        if not name or _is_event(name, names):
            chat.cuts[SERVICE] += 1
            continue
        text, kind = own_text(message["text"], place < FIRST_MESSAGES)
        if kind:
            chat.cuts[kind] += 1
        if not text:
            continue
        chat.speakers.setdefault(name, Speaker(name))
        chat.messages.append(ChatMessage(message["line"], message["time"], name, text))
    return [chat]


@lru_cache(maxsize=1024)
def _shown(name: str) -> str:
    """A name without invisible marks and without the ~ before people who are no contacts."""
    plain = MARKS.sub("", name).replace("\u00a0", " ").replace("\u202f", " ").strip()
    return plain.removeprefix("~").strip()


def _is_event(name: str, names: Counter[str]) -> bool:
    """Whether a name is the beginning of a line such as `Mara changed the subject to "a: b"`."""
    if names[name] > 1 or len(name.split()) < WORDS_OF_EVENT:
        return False
    quotes = any(quote in name for quote in '"“„«「')
    return quotes or any(name.startswith(f"{other} ") for other in names if names[other] > 1)
