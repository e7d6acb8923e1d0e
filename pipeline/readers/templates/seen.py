"""Labels that are seen in texts by their form alone, whoever they may name."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from pipeline.readers.formats.role_labels import (
    MARK_END,
    TIME_BEFORE,
    TIME_BEHIND,
    role_of_label,
)

SCANNED = 4000
"""Characters of a text in which labels are looked for."""
NAME = r"[^\W\d_](?:[\w'’.-]|[ ](?=\w)){0,29}?"
LINE_START = re.compile(
    rf"^[ \t]*(?:(?:<\|?|\[|【)(?P<bracket>{NAME})(?:\|?>|\]|】)"
    rf"|(?:\#{{1,6}}[ \t]*(?:\*\*)?|\*\*|__)(?P<mark>{NAME}){MARK_END}[ \t]*(?:[:：]|(?=\r?$))"
    rf"|{TIME_BEFORE}(?P<line>{NAME})(?:{TIME_BEHIND}[ \t]*[:：]|>(?=[ \t])))",
    re.M,
)
"""A label by its form alone at the beginning of a line."""
DECORATED = re.compile(
    rf"(?:<\|?|\[|【)(?P<bracket>{NAME})(?:\|?>|\]|】)"
    rf"|(?:\#\#\#? ?|\*\*)(?P<mark>{NAME})(?:\*\*)?[ \t]*[:：]"
)
"""One with something around it inside of a line."""
LAST = re.compile(
    r"(?:^|[\s.!?。？！…)\"'」”>#*\[<|【])(?P<last>[^\W\d_][\w'’-]*(?:[ ][\w'’-]+){0,3})"
    r"(?:\*\*|__|\|?>|\]|】)?[ \t]*[:：]?(?:\*\*)?\Z"
)
"""A label that a text ends with."""
LAST_HEADING = re.compile(rf"(?:\A|\n)[ \t]*(?:\#{{1,6}}[ \t]*|\*\*)(?P<last>{NAME})(?:\*\*)?\Z")
LAST_SIGNS = (":", "：", ">", "]", "】", "**")


class SeenLabels(NamedTuple):
    """Labels in the texts of one column by their form alone, with the rows that have them."""

    texts: Sequence[str]
    first: Counter[str]
    """At the beginning of a text."""
    lines: Counter[str]
    """At the beginning of a line."""
    last: Counter[str]
    """At the end of a text."""


def see_labels(texts: Sequence[str]) -> SeenLabels:
    """What stands in these texts where labels stand."""
    first, lines, last = Counter[str](), Counter[str](), Counter[str]()
    for text in texts:
        stripped = text.strip()
        labels = [label_of(match) for match in LINE_START.finditer(stripped[:SCANNED])]
        starts = LINE_START.match(stripped)
        if starts:
            first[label_of(starts)] += 1
        labels += [label_of(match) for match in DECORATED.finditer(stripped[:SCANNED])]
        lines.update(set(labels))
        last.update({label.lower() for label in last_labels(stripped)})
    return SeenLabels(texts, first, lines, last)


def label_of(match: re.Match[str]) -> str:
    """The label of one that was found, lower case."""
    return " ".join(match[str(match.lastgroup)].lower().split())


def last_labels(text: str) -> list[str]:
    """The label that a text ends with, or the two that it may be, the likelier first.

    Inside of a line `the door AI Assistant:` does not show where the label begins: as many words as
    name a side, else one.
    """
    tail = text[-80:]
    if heading := LAST_HEADING.search(tail):
        return [heading["last"]]
    if not text.endswith(LAST_SIGNS):
        return []
    match = LAST.search(tail)
    if match is None:
        return []
    words = match["last"].split(" ")
    forms = [" ".join(words[start:]) for start in range(len(words))]
    known = [form for form in forms if role_of_label(form)][:1]
    if tail[match.start("last") - 1 : match.start("last")] in " \t":
        return known or forms[-1:]
    return list(dict.fromkeys((forms[0], *known)))
