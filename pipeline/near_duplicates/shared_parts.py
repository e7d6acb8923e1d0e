"""Shared parts: lines and sentences that many questions have in common, wherever they stand.

Where nine tenths of a prompt are the manual of a tool, its vector describes the manual, and
different tasks after one manual are near each other: 16 of 48 near-duplicates that were read were
such tasks. Sentences of a form, in whatever order, do the same: 210 of 250 clinical notes fell
though each had other findings. So what many share is template, and what is left of a question
without its shared parts is compared by itself too.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

SHARED = 20
"""Different questions from which a common part is that of a template and no coincidence."""

MOST_PARTS = 64
"""Lines or sentences of a question that may be shared parts; the rest is left as it is."""

END = re.compile(r"[.!?:。！？：]\s+|[。！？：]|\s*\n\s*")
"""Where a line or a sentence ends."""

_NUMBER = re.compile(r"\d+")

_ENDS = " \n\r\t.!?:。！？："


@dataclass(frozen=True)
class SharedParts:
    """The parts that at least `SHARED` different questions of a set have in common.

    In lower case, with every number as 0.
    """

    parts: frozenset[str]

    def split(self, question: str) -> tuple[frozenset[str], str]:
        """The shared parts of a question, and what is left, in its order.

        A question of a single part has none. One of shared parts alone leaves nothing.
        """
        pieces = list(_pieces(question))
        if len(pieces) < 2:
            return frozenset(), question
        named = [(_name(piece), piece) for piece in pieces]
        shared = frozenset(name for name, _ in named if name in self.parts)
        if not shared:
            return shared, question
        return shared, "".join(piece for name, piece in named if name not in self.parts).strip()


def find_shared_parts(questions: Iterable[str]) -> SharedParts:
    """Find the shared parts of a set of questions; their order and copies do not matter."""
    counts = Counter[str]()
    for question in set(questions):
        pieces = list(_pieces(question))
        if len(pieces) > 1:
            counts.update({name for piece in pieces if (name := _name(piece))})
    return SharedParts(frozenset(name for name, count in counts.items() if count >= SHARED))


def _pieces(question: str) -> Iterator[str]:
    """The lines and sentences of a question; joined they are the question."""
    start = 0
    for count, match in enumerate(END.finditer(question), 1):
        if count >= MOST_PARTS:
            break
        if match.end() < len(question):
            yield question[start : match.end()]
            start = match.end()
    if start < len(question):
        yield question[start:]


def _name(piece: str) -> str:
    """What two spellings of one part have in common; numbers do not make another part."""
    return _NUMBER.sub("0", piece.strip(_ENDS).casefold())
