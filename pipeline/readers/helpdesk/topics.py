"""Common texts that answer questions about one thing, by the words of these questions."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from math import sqrt

from pipeline.readers.helpdesk.alike import PLAIN_WORD
from pipeline.readers.helpdesk.message import TicketMessage, TicketSide

TOPICAL_SHARE = 0.3
"""Share of the questions before a text in which a word stands that says what they are about."""

TOPICAL_LIFT = 1.6
"""How many times more frequent such a word is before the text than before all texts."""

TOPICAL_LEAST = 3
"""Questions in which it stands at least."""

CHANCE = 3.0
"""Standard deviations above what is expected by chance."""

LONGEST = 1500
"""Characters; a longer message is an answer."""

Thread = Sequence[TicketMessage]
Sides = dict[str, TicketSide]


def question_words(thread: Thread, sides: Sides) -> set[str]:
    """The words of the customer's first message."""
    for message in thread:
        if (message.side or sides.get(message.author)) == "user":
            return set(PLAIN_WORD.findall(message.text[:LONGEST].casefold()))
    return set()


def topical_texts(
    common: set[str], talks: Sequence[Sequence[str]], questions: Sequence[set[str]]
) -> set[str]:
    """The common texts whose questions have a word that is much rarer before other texts."""
    everywhere = Counter(word for words in questions for word in words)
    before: dict[str, Counter[str]] = defaultdict(Counter)
    threads = Counter[str]()
    for talk, words in zip(talks, questions, strict=True):
        for key in common.intersection(talk):
            threads[key] += 1
            before[key].update(words)
    return {
        key
        for key, words in before.items()
        if any(
            _tells_topic(times, threads[key], everywhere[word] / len(talks))
            for word, times in words.items()
        )
    }


def _tells_topic(times: int, threads: int, share: float) -> bool:
    """Whether a word stands before a text more often than it does by chance.

    Args:
        times: Questions before the text that have the word.
        threads: Questions before the text.
        share: Share of all questions that have the word.
    """
    if times < max(TOPICAL_LEAST, TOPICAL_SHARE * threads):
        return False
    expected = share * threads
    return times >= TOPICAL_LIFT * expected and times - expected >= CHANCE * sqrt(expected)
