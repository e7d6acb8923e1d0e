"""Automatic receipts, greetings and closing notes, known from the export as a whole.

What a machine sends is the same text in many conversations, numbers and names aside. An answer to
a common question is the same text as well. They are told apart by what stands around them: the
questions before an answer have words in common that the others have not; a receipt comes at once,
and before any answer; a closing note comes late, and behind any. Customers answer neither.
"""

import re
from collections import Counter
from collections.abc import Sequence
from statistics import median

from pipeline.readers.helpdesk.alike import near_keys, text_key
from pipeline.readers.helpdesk.message import TicketMessage
from pipeline.readers.helpdesk.places import AT_ONCE, Place, places_of
from pipeline.readers.helpdesk.topics import LONGEST, Sides, Thread, question_words, topical_texts

MACHINE = "\0"
"""The key of whatever a sender that is a program writes."""

FEWEST_THREADS = 4
"""Conversations in which a text stands before it may be called automatic."""

ENOUGH_PLACES = 8
"""Places of a text before its neighbours alone, without times, may tell that it is automatic."""

MOSTLY = 0.5
ALMOST_ALWAYS = 0.8

ANSWERED = 0.3
"""Share of its places in which a customer may write right after a receipt or a closing note."""

REPLIED = 0.15
"""Share of its places in which a customer writes right after an answer, at the least."""

LATER = 4
"""How many times longer people take than machines, or closing notes than people."""

BOT_NAME = re.compile(
    r"(?<![^\W_])(?:chat|auto)?bot(?![^\W_])|automat|auto-?(?:respon|repl)|no-?_?reply|do-?not-?reply"
    r"|mailer-daemon|postmaster|(?<![^\W_])(?:system|notifications?|workflow|trigger)(?![^\W_])",
    re.IGNORECASE,
)
"""Names and addresses of senders that are programs."""


class Receipts:
    """The automatic messages of one export."""

    def __init__(self, threads: Sequence[Thread], sides: Sides) -> None:
        """Find the texts and the senders that are automatic.

        Args:
            threads: The messages of each conversation in order, their times in seconds.
            sides: The side of each author, for messages where no column tells.
        """
        said = [
            message
            for thread in threads
            for message in thread
            if (message.side or sides.get(message.author)) == "assistant"
        ]
        people = {message.author for message in said if not is_bot(message)}
        self._has_people = bool(people)
        self._keys = _keys_of(threads, sides)
        self._texts = set[str]()
        self._authors = set[str]()
        if not said:
            return
        seconds = [[message.time for message in thread] for thread in threads]
        if len(people) > 1:
            writers = [
                [message.author if id(message) in self._keys else "" for message in thread]
                for thread in threads
            ]
            self._authors = _at_once_beside_others(places_of(writers, seconds))
        machines = {id(message) for message in said if self._is_machine(message)}
        self._keys |= dict.fromkeys(machines, MACHINE)
        common = _common(self._keys, threads) - {MACHINE}
        talks = [[self._keys.get(id(message), "") for message in thread] for thread in threads]
        topical = topical_texts(
            common, talks, [question_words(thread, sides) for thread in threads]
        )
        self._texts = _automatic(common - topical, topical, talks, seconds)

    def has(self, message: TicketMessage) -> bool:
        """Whether a message of the desk was sent by a machine."""
        key = self._keys.get(id(message))
        return key == MACHINE or (len(message.text) <= LONGEST and key in self._texts)

    def _is_machine(self, message: TicketMessage) -> bool:
        return message.author in self._authors or (self._has_people and is_bot(message))


def _keys_of(threads: Sequence[Thread], sides: Sides) -> dict[int, str]:
    """The key of each message of the desk, by its `id`; near texts have one key."""
    keys: dict[int, str] = {}
    for thread in threads:
        customer = next((m.name for m in thread if (m.side or sides.get(m.author)) == "user"), "")
        for message in thread:
            if (message.side or sides.get(message.author)) == "assistant":
                text = message.text[:LONGEST]
                # Never "", which stands for a message of the customer.
                keys[id(message)] = text_key(text, message.subject, customer) or " "
    same = near_keys(keys.values())
    return {place: same.get(key, key) for place, key in keys.items()}


def _common(keys: dict[int, str], threads: Sequence[Thread]) -> set[str]:
    """The keys that stand in several conversations."""
    count = Counter(
        key for thread in threads for key in {keys.get(id(message)) for message in thread} if key
    )
    return {key for key, times in count.items() if times >= FEWEST_THREADS and key.strip()}


def _automatic(
    anything: set[str],
    topical: set[str],
    talks: Sequence[Sequence[str]],
    seconds: Sequence[Sequence[float | None]],
) -> set[str]:
    """The texts that a machine sends.

    Args:
        anything: The common texts that follow questions of every kind.
        topical: The common texts that follow questions about one thing.
        talks: The keys of each conversation in order; "" for a message of the customer.
        seconds: When they were written.
    """
    if not anything:
        return set()
    automatic = {MACHINE}
    for is_automatic in (_is_at_once, _is_late):  # What comes at once makes answers seem late.
        places = places_of(talks, seconds, without=automatic)
        usual = _usual_delay(places, anything)
        automatic |= {key for key in anything - automatic if is_automatic(places[key], usual)}
    places = places_of(talks, seconds, without=automatic)
    unsure = {
        key
        for key in anything - automatic
        if len(places[key]) >= ENOUGH_PLACES and not _seems_answer(key, places)
    }
    while unsure:
        beside = {key: _others_beside(key, places, unsure) for key in unsure}
        best = max(beside, key=lambda key: (beside[key], key), default="")
        if not best or not beside[best]:
            break
        automatic.add(best)
        unsure.remove(best)
        places = places_of(talks, seconds, without=automatic)
    if len(topical) > 1:
        automatic |= {key for key in anything - automatic if _is_to_anything(places[key])}
    return automatic


def _usual_delay(places: dict[str, list[Place]], anything: set[str]) -> float:
    """Seconds after which the desk mostly answers where it does not say what it says to all."""
    own = [p.delay for key, found in places.items() if key not in anything for p in found]
    every = [p.delay for found in places.values() for p in found]
    delays = [delay for delay in own if delay is not None]
    return median(delays or [delay for delay in every if delay is not None] or [0.0])


def _share(found: list[Place], count: int) -> float:
    return count / len(found)


def _is_at_once(found: list[Place], usual: float) -> bool:
    """Whether a text comes first, within moments, where the desk else takes its time."""
    delays = [place.delay for place in found if place.delay is not None]
    quick = sum(delay <= AT_ONCE for delay in delays)
    return (
        bool(delays)
        and quick >= ALMOST_ALWAYS * len(found)
        and max(median(delays), 1.0) * LATER <= usual
        and _share(found, sum(place.is_first for place in found)) >= ALMOST_ALWAYS
        and _share(found, sum(place.is_answered for place in found)) <= ANSWERED
    )


def _is_late(found: list[Place], usual: float) -> bool:
    """Whether a text ends conversations, long after another message of the desk."""
    delays = [place.delay for place in found if place.delay is not None]
    return (
        bool(delays)
        and median(delays) >= LATER * max(usual, AT_ONCE)
        and _share(found, sum(place.is_behind_late for place in found)) >= MOSTLY
        and _share(found, sum(bool(place.before) for place in found)) >= ALMOST_ALWAYS
        and _share(found, sum(place.is_last for place in found)) >= ALMOST_ALWAYS
    )


def _seems_answer(key: str, places: dict[str, list[Place]]) -> bool:
    """Whether a text stands between others of the desk, or customers write after it."""
    found = places[key]
    ahead = sum(bool(place.after) for place in found)
    behind = sum(bool(place.before) for place in found)
    answered = sum(place.is_answered for place in found)
    return min(ahead, behind) >= ANSWERED * len(found) or answered >= REPLIED * len(found)


def _others_beside(key: str, places: dict[str, list[Place]], unsure: set[str]) -> int:
    """How many different texts of the desk stand beside a text; 0 if it is no machine's.

    Args:
        key: The text.
        places: Where it and the others stand.
        unsure: The texts that may be automatic. Where all those beside this one are of them, it
            counts how often either stands alone; and a receipt is more common than a closing note.
    """
    found = places.get(key, [])
    after = [place.after for place in found if place.after]
    before = [place.before for place in found if place.before]
    if max(len(after), len(before), 1) < MOSTLY * len(found):
        return 0
    is_early = len(after) >= len(before)
    others = set(after if is_early else before)
    if others - unsure:
        return len(others)
    alone, other_alone = _alone(key, places), max(_alone(other, places) for other in others)
    if is_early:
        return len(others) if alone <= max(other_alone, ANSWERED) else 0
    return len(others) if alone < other_alone and other_alone > ANSWERED else 0


def _alone(key: str, places: dict[str, list[Place]]) -> float:
    return _share(places[key], sum(place.is_alone for place in places[key]))


def _is_to_anything(found: list[Place]) -> bool:
    """Whether a text is the first that customers get, whatever they ask, before others at times."""
    return (
        len(found) >= FEWEST_THREADS * 2
        and any(place.after for place in found)
        and _share(found, sum(place.is_first for place in found)) >= ALMOST_ALWAYS
        and _share(found, sum(place.is_answered for place in found)) <= ANSWERED
    )


def _at_once_beside_others(places: dict[str, list[Place]]) -> set[str]:
    """The authors who only ever write first, at once, and before another author of the desk."""
    return {
        author
        for author, found in places.items()
        if len(found) >= FEWEST_THREADS
        and all(place.is_first and place.after for place in found)
        and all(place.delay is not None and place.delay <= AT_ONCE for place in found)
        and _is_at_once(found, _usual_delay(places, {author}))
    }


def is_bot(message: TicketMessage) -> bool:
    """Whether the name or address of a sender is that of a program."""
    return any(BOT_NAME.search(name) for name in (message.author, message.name) if name)
