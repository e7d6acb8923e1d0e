"""Beginnings that many questions share: an instruction or a manual, after which the asking begins.

Of a prompt that is nine tenths manual the vector speaks of the manual, and different tasks of one
template are near each other: of 48 near-duplicates read, 16 were such. So what comes after a shared
beginning is compared by itself too.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

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
        shared = 0
        for end in _ends(question):
            if question[:end] not in self.beginnings:
                break
            shared = end
        return (question[:shared], question[shared:]) if shared < len(question) else ("", question)


def preambles(questions: Iterable[str]) -> Preambles:
    """Find the shared beginnings of a set of questions; their order and copies do not matter."""
    found = set[str]()
    open_ = [(question, _ends(question)) for question in set(questions)]
    for depth in range(DEPTH):
        open_ = [(question, ends) for question, ends in open_ if len(ends) > depth]
        counts = Counter(question[: ends[depth]] for question, ends in open_)
        found |= {beginning for beginning, count in counts.items() if count >= SHARED}
        open_ = [(q, ends) for q, ends in open_ if counts[q[: ends[depth]]] >= SHARED]
    return Preambles(frozenset(found))


def _ends(question: str) -> list[int]:
    return [match.end() for match in islice(END.finditer(question), DEPTH)]
