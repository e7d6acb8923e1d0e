"""Texts that are one text but for numbers, names and quotations get one key."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable

LINK = re.compile(r"https?://\S+|\S+@\S+")
QUOTED = re.compile(r"[\"“”„«»][^\"“”„«»\n]{1,120}[\"“”«»]|「[^」\n]{1,120}」")
"""A ticket's subject, as receipts repeat it."""

GREETING_LINE = re.compile(r"\A[^\n,!.?]{1,40}[,!]\s")
"""`Dear Anna,`: a short beginning that ends in a comma, in any language."""

PLAIN_WORD = re.compile(r"[^\W\d_]+")

SHORTEST = 6
"""Words of a text that may be near another one; shorter ones are compared as they are."""

MOST_OTHERS = 3
"""Words by which two near texts may differ: a name, a month, a product."""

NEAR = 0.7
"""Share of their words that two near texts have in common."""

EDGE = 4
"""Words at the beginning or the end that near texts share."""


def text_key(text: str, subject: str = "", name: str = "") -> str:
    """A text without what differs from ticket to ticket: numbers, links, quotations, names.

    Args:
        text: What the desk writes.
        subject: The subject of the ticket, which the text may repeat.
        name: The name of the customer.
    """
    text = text.strip()
    if len(subject) > SHORTEST:
        text = text.replace(subject, " ")
    text = QUOTED.sub(" ", LINK.sub(" ", text)) if not text.isalpha() else text
    words = PLAIN_WORD.findall(GREETING_LINE.sub("", text, count=1).casefold())
    names = set(PLAIN_WORD.findall(name.casefold()))
    return " ".join(word for word in words if word not in names)


def near_keys(keys: Iterable[str]) -> dict[str, str]:
    """For each key that is near a more frequent one, that one.

    Near texts begin or end alike, and differ by few words: a name in their midst, for example.
    """
    count = Counter(keys)
    first_with: dict[tuple[str, ...], list[str]] = defaultdict(list)
    same: dict[str, str] = {}
    for key in sorted(count, key=lambda key: (-count[key], key)):
        words = key.split()
        if len(words) < SHORTEST:
            continue
        edges = [("first", *words[:EDGE]), ("last", *words[-EDGE:])]
        others = (other for edge in edges for other in first_with[edge][:EDGE])
        near = next((other for other in others if _is_near(words, other.split())), None)
        if near:
            same[key] = near
            continue
        for edge in edges:
            first_with[edge].append(key)
    return same


def _is_near(words: list[str], other: list[str]) -> bool:
    """Whether two texts have all but a few words in common."""
    common = (Counter(words) & Counter(other)).total()
    longest = max(len(words), len(other))
    return longest - common <= MOST_OTHERS and common >= NEAR * longest
