"""Which side writes, where no column tells: customers begin most of their conversations."""

from collections import Counter
from collections.abc import Iterable

from pipeline.readers.helpdesk.message import TicketMessage, TicketSide


def sides_by_first_writer(threads: Iterable[list[TicketMessage]]) -> dict[str, TicketSide]:
    """The side of each author, from conversations that are in order.

    Who writes in several conversations and begins fewer than half of them answers for the desk. Of
    the others, the first to write in a conversation is its customer, also where the desk greets.
    """
    writers = [list(dict.fromkeys(message.author for message in thread)) for thread in threads]
    taken_part = Counter(author for authors in writers for author in authors)
    begun = Counter(authors[0] for authors in writers)
    desk = {
        author for author, count in taken_part.items() if count > 1 and begun[author] * 2 < count
    }
    first_outside_desk = (
        next((author for author in authors if author not in desk), "") for authors in writers
    )
    customer_of = Counter(first_outside_desk)
    return {
        author: "user" if author not in desk and customer_of[author] * 2 >= count else "assistant"
        for author, count in taken_part.items()
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
