"""Shared prefixes: a beginning that many questions have in common, such as an instruction.

Where nine tenths of a prompt are the manual of a tool, its vector describes the manual, and
different tasks after one manual are near each other: 16 of 48 near-duplicates that were read were
such tasks. So what comes after a shared prefix is compared by itself too.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

SHARED = 20
"""Different questions from which a common prefix is that of a template and no coincidence."""

DEPTH = 16
"""Lines or sentences of a question that may be part of a shared prefix."""

END = re.compile(r"[.!?:。！？：]\s+|[。！？：]|\s*\n\s*")
"""Where a line or a sentence ends."""


@dataclass(frozen=True)
class SharedPrefixes:
    """The prefixes that at least `SHARED` different questions of a set have in common."""

    prefixes: frozenset[str]

    def split(self, question: str) -> tuple[str, str]:
        """The longest shared prefix of a question ("" if it has none), and what comes after."""
        shared, end = 0, _part_end(question, 0)
        while end and question[:end] in self.prefixes:
            shared, end = end, _part_end(question, end)
        return (question[:shared], question[shared:]) if shared < len(question) else ("", question)


def first_part(prefix: str) -> str:
    """The first line or sentence of a prefix; templates within one template have the same."""
    return prefix[: _part_end(prefix, 0)]


def find_shared_prefixes(questions: Iterable[str]) -> SharedPrefixes:
    """Find the shared prefixes of a set of questions; their order and copies do not matter."""
    prefixes = set[str]()
    ends = dict.fromkeys(questions, 0)
    for _ in range(DEPTH):
        ends = {question: _part_end(question, end) for question, end in ends.items()}
        counts = Counter(question[:end] for question, end in ends.items() if end)
        shared = {prefix for prefix, count in counts.items() if count >= SHARED}
        ends = {question: end for question, end in ends.items() if question[:end] in shared}
        prefixes |= shared
    return SharedPrefixes(frozenset(prefixes))


def _part_end(question: str, start: int) -> int:
    """Where the next line or sentence of a question ends, or 0 if it is the last."""
    match = END.search(question, start)
    return match.end() if match else 0
