"""Which side writes, where no column tells: customers begin most of their conversations."""

from collections import Counter, defaultdict
from collections.abc import Iterable

from pipeline.readers.helpdesk.message import TicketMessage, TicketSide

MANY = 4
"""People whom somebody at a desk meets, at the least."""

RARELY = 2
"""Conversations of a customer, at the most, by whom a desk is known."""

NEARLY_ALL = 0.8


def sides_by_first_writer(threads: Iterable[list[TicketMessage]]) -> dict[str, TicketSide]:
    """The side of each author, from conversations that are in order.

    Who writes in several conversations and begins fewer than half of them answers for the desk. Of
    the others, the first to write in a conversation is its customer, also where the desk greets.
    Who writes with many people, each of whom comes once or twice, answers for the desk as well:
    in chats that the desk begins.
    """
    writers = [list(dict.fromkeys(message.author for message in thread)) for thread in threads]
    taken_part = Counter(author for authors in writers for author in authors)
    begun = Counter(authors[0] for authors in writers)
    desk = {
        author for author, count in taken_part.items() if count > 1 and begun[author] * 2 < count
    }
    desk |= _who_meet_many(writers, taken_part)
    first_outside_desk = (
        next((author for author in authors if author not in desk), "") for authors in writers
    )
    customer_of = Counter(first_outside_desk)
    return {
        author: "user" if author not in desk and customer_of[author] * 2 >= count else "assistant"
        for author, count in taken_part.items()
    }


def _who_meet_many(writers: list[list[str]], taken_part: Counter[str]) -> set[str]:
    """The authors who write with many others of whom nearly all come once or twice."""
    met = defaultdict[str, set[str]](set)
    for authors in writers:
        for author in authors:
            met[author].update(authors)
    return {
        author
        for author, others in met.items()
        if len(others) > MANY
        and taken_part[author] > MANY
        and sum(taken_part[other] <= RARELY for other in others) >= NEARLY_ALL * (len(others) - 1)
    }


def sides_by_word(messages: Iterable[TicketMessage]) -> dict[str, TicketSide] | None:
    """The side of each author where the column of sides has one word that is not known.

    The other side has a word that is: beside `Customer` an `Underwriter` is the desk. None where no
    word or several are unknown, or where the known words are of both sides.
    """
    unknown, known, authors = set[str](), set[TicketSide](), set[str]()
    for message in messages:
        if message.side is not None:
            known.add(message.side)
        elif message.word:
            unknown.add(message.word)
            authors.add(message.author)
        else:
            return None
    if len(unknown) != 1 or len(known) != 1:
        return None
    other: TicketSide = "assistant" if known == {"user"} else "user"
    return dict.fromkeys(authors, other)
