"""Loops: a few words, or signs of Chinese or Japanese, that come again and again in a row."""

import re

import numpy as np

from pipeline.features.tokens import UNSPACED
from pipeline.filters.screen import prose

LONGEST_UNIT = 24
"""Words of the longest unit that is looked for; a longer one is a sentence, which `repetition`
finds anyway."""

SHORTEST_LOOP = 40
"""Characters of the shortest reply that is looked at."""

TIMES_IN_A_ROW = 4
"""How often a unit of several words must come in a row to be a loop: a chorus comes twice."""

FEWEST_WORDS_IN_LOOP = 12
"""Words of the shortest loop: "ha ha ha ha" and "no, no, no, no" are no accident."""

END_OF_WORDS, END_OF_SIGNS = 200, 100
"""Characters at the end of a text that are looked at: of scripts with spaces, and without."""

MOST_DIFFERENT_AT_THE_END = 0.5

MOST_CODE_SIGNS = 0.02
"""Share of signs of code from which repeating is no accident: patterns, tables in HTML."""

_CODE_SIGN = re.compile(r"[{}<>;=\\\[\]|]")

_WORD = re.compile(rf"[{UNSPACED}]|[^\W_{UNSPACED}]+")


def loop_share(text: str) -> float:
    """The share of a text's words that are in its longest loop: 0 to 1. Linear in its length."""
    if not _may_loop(text) or len(_CODE_SIGN.findall(text)) > MOST_CODE_SIGNS * len(text):
        return 0.0
    words = _WORD.findall(prose(text).lower())
    numbers = dict[str, int]()
    ids = np.array([numbers.setdefault(word, len(numbers)) for word in words])
    longest = 0
    for size in range(1, min(LONGEST_UNIT, len(words) // TIMES_IN_A_ROW) + 1):
        run, end = _longest_run(ids[size:] == ids[:-size])
        length = run + size
        looped = run >= (TIMES_IN_A_ROW - 1) * size and length >= FEWEST_WORDS_IN_LOOP
        if looped and any(word.isalpha() for word in words[end : end + size]):
            longest = max(longest, length)
    return longest / max(len(words), 1)


def _may_loop(text: str) -> bool:
    """A cheap look at the end, since a model that is stuck stays so: few words, or few signs."""
    words = text[-END_OF_WORDS:].split()
    if len(words) >= FEWEST_WORDS_IN_LOOP:
        return len(set(words)) <= MOST_DIFFERENT_AT_THE_END * len(words)
    signs = text[-END_OF_SIGNS:]
    return len(signs) >= FEWEST_WORDS_IN_LOOP and len(set(signs)) <= LONGEST_UNIT + 2


def _longest_run(same: np.ndarray) -> tuple[int, int]:
    """The length of the longest run of True, and the place behind it."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], same.view(np.int8), [0]))))
    if not len(edges):
        return 0, 0
    begins, ends = edges[::2], edges[1::2]
    longest = int(np.argmax(ends - begins))
    return int(ends[longest] - begins[longest]), int(ends[longest])
