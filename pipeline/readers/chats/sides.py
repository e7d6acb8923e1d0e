"""Who of the speakers of a chat is the assistant: whom the user names, or whom the app marks."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence

from pipeline.readers.candidate import Refused
from pipeline.readers.chats.chat import Chat, Speaker
from schemas.reasons import Rejection

MOST_NAMES = 12
"""Speakers that a sentence lists."""

LEAST_BOT_SHARE = 0.1
"""Part of the messages by bots from which on they are the assistant, and no mere announcers."""

MARKS = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
"""Invisible characters around names, and the signs of direction around phone numbers."""


def plain_speaker(name: str) -> str:
    """A name as it is compared: without case, marks, doubled blanks, and the ~ of strangers."""
    plain = MARKS.sub("", unicodedata.normalize("NFKC", name)).casefold()
    return " ".join(plain.split()).removeprefix("~").strip()


def wanted_names(me: Iterable[str]) -> list[tuple[str, tuple[str, ...]]]:
    """Each name that was given, and what it stands for: itself, or several with commas between."""
    return [
        (plain_speaker(given), tuple(filter(None, map(plain_speaker, given.split(",")))))
        for given in me
    ]


def names_of(speaker: Speaker) -> set[str]:
    """All names of a speaker as they are compared."""
    return {plain_speaker(name) for name in (speaker.name, *speaker.others)}


def assistants_of(chat: Chat, me: Sequence[str]) -> frozenset[str] | Refused:
    """The keys of the speakers who are the assistant; all others are the user.

    In order: who the app says is the machine, whom the user names, bots that answer people.

    Args:
        chat: With at least one message.
        me: Names, as `--me` gives them.
    """
    marked = {key for key, speaker in chat.speakers.items() if speaker.side == "assistant"}
    if marked or any(speaker.side for speaker in chat.speakers.values()):
        return frozenset(marked)
    wanted = {name for whole, parts in wanted_names(me) for name in (whole, *parts)}
    named = {key for key, speaker in chat.speakers.items() if names_of(speaker) & wanted}
    if named:
        return frozenset(named)
    said = chat.said
    bots = {key for key, speaker in chat.speakers.items() if speaker.is_bot}
    share = sum(said[key] for key in bots) / max(1, said.total())
    if bots and bots != chat.speakers.keys() and share >= LEAST_BOT_SHARE:
        return frozenset(bots)
    speakers = speakers_text(counted_names([chat]))
    if me:
        why = f"is a chat of {speakers}, and of nobody whom --me names"
    else:
        why = f"is a chat of {speakers}; say who of them is the assistant to be: --me NAME"
    return Refused(Rejection.unknown_speaker, why)


def counted_names(chats: Iterable[Chat]) -> Counter[str]:
    """How many messages each speaker wrote, by name."""
    names = Counter[str]()
    for chat in chats:
        for key, count in chat.said.items():
            names[chat.speakers[key].name] += count
    return names


def speakers_text(names: Counter[str]) -> str:
    """The speakers, who wrote most first: `Ada (7 messages), Ben (1 message) and 3 others`."""
    listed = [
        f"{name[:60]} ({count} message{'s' * (count != 1)})"
        for name, count in names.most_common(MOST_NAMES)
    ]
    others = len(names) - len(listed)
    if others:
        listed.append(f"{others} other{'s' * (others != 1)}")
    return " and ".join(filter(None, (", ".join(listed[:-1]), listed[-1])))
