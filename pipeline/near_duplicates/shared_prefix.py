"""Beginnings that many questions share: an instruction or a manual, after which the asking begins.

Of a prompt that is nine tenths manual the vector speaks of the manual, and different tasks of one
template are near each other: of 48 near-duplicates read, 16 were such. So what comes after a shared
beginning is compared by itself too.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

SHARED = 20
"""Different questions from which a common beginning is one of a template and no coincidence."""

DEPTH = 16
"""Lines or sentences of a question that may be a shared beginning."""

END = re.compile(r"[.!?:。！？：]\s+|[。！？：]|\s*\n\s*")
"""Where a line or a sentence ends."""


@dataclass(frozen=True)
class Preambles:
    """The beginnings that `SHARED` different questions of a set have in common."""

    beginnings: frozenset[str]

    def split(self, question: str) -> tuple[str, str]:
        """The longest shared beginning of a question ("" if it has none), and what comes after."""
        shared, end = 0, _end(question, 0)
        while end and question[:end] in self.beginnings:
            shared, end = end, _end(question, end)
        return (question[:shared], question[shared:]) if shared < len(question) else ("", question)


def opening(beginning: str) -> str:
    """The first line or sentence of a beginning, by which templates within one are known."""
    return beginning[: _end(beginning, 0)]


def preambles(questions: Iterable[str]) -> Preambles:
    """Find the shared beginnings of a set of questions; their order and copies do not matter."""
    found = set[str]()
    begun = {question: 0 for question in questions}
    for _ in range(DEPTH):
        begun = {question: _end(question, start) for question, start in begun.items()}
        counts = Counter(question[:end] for question, end in begun.items() if end)
        shared = {beginning for beginning, count in counts.items() if count >= SHARED}
        begun = {question: end for question, end in begun.items() if question[:end] in shared}
        found |= shared
    return Preambles(frozenset(found))


def _end(question: str, start: int) -> int:
    """Where the next line or sentence of a question ends, or 0 if it is the last."""
    match = END.search(question, start)
    return match.end() if match else 0
