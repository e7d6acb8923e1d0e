"""Which side writes, where no column tells: customers begin most of theirs."""

from collections import Counter
from collections.abc import Iterable

from pipeline.readers.helpdesk.message import Message, Side


def by_first_writer(threads: Iterable[list[Message]]) -> dict[str, Side]:
    """The side of each author, from conversations that are in order.

    Who writes in several conversations and begins fewer than half of them answers for the desk. Of
    the others, the first to write in a conversation is its customer, also where the desk greets.
    """
    writers = [list(dict.fromkeys(one.author for one in messages)) for messages in threads]
    written = Counter(author for authors in writers for author in authors)
    begun = Counter(authors[0] for authors in writers)
    desk = {author for author, count in written.items() if count > 1 and begun[author] * 2 < count}
    asked = Counter(next((a for a in authors if a not in desk), "") for authors in writers)
    return {
        author: "user" if author not in desk and asked[author] * 2 >= count else "assistant"
        for author, count in written.items()
    }
