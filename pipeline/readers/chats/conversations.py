"""The conversations of a chat: turns from the first message of a user to the last reply."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from pipeline.readers.candidate import Candidate, GroupedRows, LeftOut, Refused, Turn
from pipeline.readers.chats.chat import Chat, ChatMessage
from pipeline.readers.chats.sides import assistants_of, counted_names, speakers_text
from pipeline.readers.chats.silence import conversations_of
from pipeline.readers.reading import Reading
from pipeline.readers.speech import GREETING
from schemas.reasons import Rejection

AFTER_REPLY = "user after the last reply"
"""The kind of cut for messages that nobody answers before the silence."""

Said = tuple[str, ChatMessage]
"""A role, and a message of it."""


def to_conversations(chat: Chat, reading: Reading, cuts: Counter[str]) -> Iterator[GroupedRows]:
    """The conversations of a chat, each with the number of its first message.

    One refused row stands for the whole chat where nobody in it can be the assistant, or where
    only one side speaks.

    Args:
        chat: With at least one message.
        reading: What the user says of the file.
        cuts: Counts by kind of what is left out, which grow.
    """
    assistants = assistants_of(chat, reading.me)
    refused = assistants if isinstance(assistants, Refused) else _one_side(chat, assistants)
    if refused is not None:
        # The chat itself stays in its file: it may be long, and it is somebody's.
        about = {"chat": chat.title, "speakers": dict(counted_names([chat]))}
        yield GroupedRows(chat.messages[0].number, [refused], about)
        return
    cuts.update(chat.cuts)
    hours = reading.silence_hours
    pieces = [chat.messages] if chat.is_continuous else conversations_of(chat.messages, hours)
    for messages in pieces:
        said = [
            ("assistant" if message.speaker in assistants else "user", message)
            for message in messages
        ]
        yield _conversation(said, chat.title, cuts)


def _one_side(chat: Chat, assistants: Any) -> Refused | None:
    """Why a chat in which only one side speaks is none."""
    speakers = set(chat.said)
    if speakers & assistants and speakers - assistants:
        return None
    reason = Rejection.no_user_turn if speakers <= assistants else Rejection.no_assistant_turn
    who = speakers_text(counted_names([chat]))
    side = "a user" if speakers <= assistants else "the assistant"
    return Refused(reason, f"has only messages of {who}, and none of {side}")


def _conversation(said: list[Said], title: str, cuts: Counter[str]) -> GroupedRows:
    roles = [role for role, _ in said]
    first = roles.index("user") if "user" in roles else len(roles)
    last = max((place for place, role in enumerate(roles) if role == "assistant"), default=-1)
    if first > last:
        turns = _turns(said)
        return GroupedRows(said[0][1].number, [_no_exchange(roles)], {"messages": turns})
    if first:
        cuts[GREETING] += first
    if len(said) - last - 1:
        cuts[AFTER_REPLY] += len(said) - last - 1
    kept = said[first : last + 1]
    turns = _turns(kept)
    start = kept[0][1]
    meta = {"chat": title} if title else {}
    if start.time is not None and (date := _date(start.time)):
        meta["date"] = date
    candidate = Candidate(turns, meta=meta or None, left_out=_left_out(kept))
    return GroupedRows(start.number, [candidate], {"messages": turns, **meta})


def _no_exchange(roles: Sequence[str]) -> Refused:
    if "user" not in roles:
        why = "nobody writes to the assistant here before the chat falls silent"
        return Refused(Rejection.no_user_turn, why)
    why = "the assistant gives no reply here before the chat falls silent"
    return Refused(Rejection.no_assistant_turn, why)


def _turns(said: list[Said]) -> list[Turn]:
    """One turn for the messages of one side that follow each other, with line breaks between."""
    turns: list[Turn] = []
    for role, of_side in groupby(said, key=lambda one: one[0]):
        messages = [message for _, message in of_side]
        turn: Turn = {"role": role, "content": "\n".join(message.text for message in messages)}
        if thoughts := [message.reasoning for message in messages if message.reasoning]:
            turn["reasoning"] = "\n".join(thoughts)
        turns.append(turn)
    return turns


def _left_out(said: list[Said]) -> tuple[LeftOut, ...]:
    return tuple(dict.fromkeys(part for _, message in said for part in message.left_out))


def _date(time: float) -> str:
    try:
        return datetime.fromtimestamp(time, UTC).strftime("%Y-%m-%d %H:%M")
    except (ValueError, OverflowError, OSError):
        return ""
