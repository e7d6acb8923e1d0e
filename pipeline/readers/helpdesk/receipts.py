"""Automatic receipts, greetings and absence notes, known from the export as a whole.

What a machine sends is the same text in many conversations, numbers aside, whatever was asked. An
answer to a common question is the same text as well, but the questions before it have words in
common that the others have not, and nobody at the desk writes again beside it. So a text is
automatic if it stands in several conversations, after questions of every kind, and mostly beside
another message of the desk with no word of the customer between them.
"""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from pipeline.readers.helpdesk.message import TicketMessage, TicketSide

FEWEST_THREADS = 4
"""Conversations in which a text stands before it may be called automatic."""

BESIDE = 0.5
"""Share of them in which it stands beside another message of the desk."""

TOPICAL_SHARE = 0.3
"""Share of the questions before a text in which a word stands that says what they are about."""

TOPICAL_LIFT = 1.6
"""How many times more frequent such a word is before the text than before all texts."""

LONGEST = 1500
"""Characters; a longer first reply is an answer."""

BOT_NAME = re.compile(
    r"(?<![^\W_])(?:chat|auto)?bot(?![^\W_])|automat|auto-?(?:respon|repl)|no-?_?reply|do-?not-?reply"
    r"|mailer-daemon|postmaster|(?<![^\W_])(?:system|notifications?|workflow|trigger)(?![^\W_])",
    re.IGNORECASE,
)
"""Names and addresses of senders that are programs."""

LINK = re.compile(r"https?://\S+|\S+@\S+")
GREETING_LINE = re.compile(r"\A[^\n,!.?]{1,40}[,!]\s")
"""`Dear Anna,`: a short beginning that ends in a comma, in any language."""

PLAIN_WORD = re.compile(r"[^\W\d_]+")

Thread = Sequence[TicketMessage]


class Receipts:
    """The automatic messages of one export."""

    def __init__(self, threads: Sequence[Thread], sides: dict[str, TicketSide]) -> None:
        """Find the texts and the senders that are automatic.

        Args:
            threads: The messages of each conversation in order.
            sides: The side of each author, for messages where no column tells.
        """
        keys = [_desk_keys(thread, sides) for thread in threads]
        count = Counter(key for thread in keys for key in {key for key in thread if key})
        common = {key for key, times in count.items() if times >= FEWEST_THREADS}
        questions = [_question_words(thread, sides) for thread in threads] if common else []
        anything = common - _topical(common, keys, questions) if common else common
        beside = Counter[str]()
        for thread in keys if anything else ():
            beside.update(_automatic_in(thread, anything))
        self._texts = {key for key, times in beside.items() if times >= BESIDE * count[key]}
        desk = [
            message
            for thread in threads
            for message in thread
            if (message.side or sides.get(message.author)) == "assistant"
        ]
        bots = {message.author for message in desk if is_bot(message)}
        people = {message.author for message in desk} - bots
        self._bots = bots if people else set[str]()

    def has(self, message: TicketMessage) -> bool:
        """Whether a message of the desk was sent by a machine."""
        if message.author in self._bots and is_bot(message):
            return True
        return len(message.text) <= LONGEST and text_key(message) in self._texts


def _desk_keys(thread: Thread, sides: dict[str, TicketSide]) -> list[str]:
    """The masked texts of a conversation in order; "" for a message of the customer."""
    return [
        text_key(message) if (message.side or sides.get(message.author)) == "assistant" else ""
        for message in thread
    ]


def _automatic_in(keys: list[str], anything: set[str]) -> set[str]:
    """The texts of one conversation that seem to be a receipt or a closing note there.

    Args:
        keys: What `_desk_keys` gives.
        anything: The common texts that follow questions of every kind.
    """
    automatic = set[str]()
    has_asked = False
    for key, following in pairwise([*keys, ""]):
        if key and following and key != following:
            if key in anything and has_asked:
                automatic.add(key)
            elif following in anything and key not in anything:
                automatic.add(following)
        has_asked = has_asked or not key
    return automatic


def _question_words(thread: Thread, sides: dict[str, TicketSide]) -> set[str]:
    """The words of the customer's first message."""
    for message in thread:
        if (message.side or sides.get(message.author)) == "user":
            return set(PLAIN_WORD.findall(message.text[:LONGEST].casefold()))
    return set()


def _topical(common: set[str], keys: list[list[str]], questions: list[set[str]]) -> set[str]:
    """The common texts whose questions have a word that is much rarer before other texts."""
    everywhere = Counter(word for words in questions for word in words)
    before: dict[str, Counter[str]] = {key: Counter() for key in common}
    threads = Counter[str]()
    for thread, words in zip(keys, questions, strict=True):
        for key in common.intersection(thread):
            threads[key] += 1
            before[key].update(words)
    return {
        key
        for key, words in before.items()
        if any(
            times >= TOPICAL_SHARE * threads[key]
            and times * len(keys) >= TOPICAL_LIFT * threads[key] * everywhere[word]
            for word, times in words.items()
        )
    }


def is_bot(message: TicketMessage) -> bool:
    """Whether the name or address of a sender is that of a program."""
    return any(BOT_NAME.search(name) for name in (message.author, message.name) if name)


def text_key(message: TicketMessage) -> str:
    """The text of a message without what differs from ticket to ticket: numbers, links, names."""
    text = GREETING_LINE.sub("", LINK.sub(" ", message.text.strip()), count=1)
    return " ".join(PLAIN_WORD.findall(text.casefold()))
