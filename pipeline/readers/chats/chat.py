"""A chat as all formats give it: who speaks, and what was said when."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal, NamedTuple

from pipeline.readers.candidate import LeftOut
from pipeline.readers.formats.left_out import is_text

ChatSide = Literal["user", "assistant"]

SERVICE = "service message"
DELETED = "deleted message"
MEDIA = "picture, sound or file"
OTHER_KIND = "poll, place, contact or game"
"""What is left out of chats, as it is counted: an event, or what is no text."""

SAMPLE = 20
"""Messages by which an export is recognised."""


class Speaker(NamedTuple):
    """Somebody who writes in a chat."""

    name: str
    others: frozenset[str] = frozenset()
    """Other names of the same person: an id, a nickname."""
    side: ChatSide | None = None
    """The side, where the app itself says who is the machine."""
    is_bot: bool = False


class ChatMessage(NamedTuple):
    """One message that says something in words."""

    number: int
    """Its line in the file, or its number among the file's messages, from 1."""
    time: float | None
    """Seconds, only ever compared within one chat; None: not known."""
    speaker: str
    """The key of the speaker in `Chat.speakers`."""
    text: str
    left_out: tuple[LeftOut, ...] = ()
    """Its fields with sentences that are not read."""
    reasoning: str = ""
    """What a machine thought before it wrote."""


@dataclass
class Chat:
    """Everything that was said between the same people."""

    title: str = ""
    speakers: dict[str, Speaker] = field(default_factory=dict)
    messages: list[ChatMessage] = field(default_factory=list)
    """In the order in which they were written."""
    cuts: Counter[str] = field(default_factory=Counter)
    """What is left out, by kind."""
    is_continuous: bool = False
    """Whether it is one conversation whatever the pauses, as with a machine."""

    @property
    def said(self) -> Counter[str]:
        """The number of messages of each speaker, by key."""
        return Counter(message.speaker for message in self.messages)


def sample(value: Any, name: str = "messages") -> list[dict[str, Any]]:
    """The first messages of an export; none where it has no list of them."""
    messages = value.get(name) if isinstance(value, dict) else None
    if not isinstance(messages, list):
        return []
    return [message for message in messages[:SAMPLE] if isinstance(message, dict)]


def objects(value: Any) -> list[dict[str, Any]]:
    """The objects of a list; none where it is something else."""
    items = value if isinstance(value, list) else ()
    return [item for item in items if isinstance(item, dict)]


def as_name(*given: Any) -> str:
    """The first of these that is a name or a number, as text; "" for none."""
    for value in given:
        if isinstance(value, str | int) and not isinstance(value, bool) and str(value).strip():
            return str(value).strip()
    return ""


def iso_seconds(time: Any) -> float | None:
    """Seconds of a time as ISO 8601 writes it, or of a number of seconds."""
    try:
        if isinstance(time, str) and not time.isdigit():
            moment = datetime.fromisoformat(time)
            return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
        return float(time)
    except (ValueError, TypeError, OverflowError):
        return None


def unread_texts(message: Mapping[str, Any], read: frozenset[str]) -> tuple[LeftOut, ...]:
    """The fields of a message that hold sentences and are not among `read`."""
    if read.issuperset(message):
        return ()
    return tuple(
        LeftOut(f"messages.{name}", True)
        for name in message.keys() - read
        if is_text(message[name])
    )


def has_any(message: Mapping[str, Any], names: frozenset[str]) -> bool:
    """Whether a message has something in one of these fields."""
    return not names.isdisjoint(message) and any(message[name] for name in message.keys() & names)
