"""Replies that stop in the middle."""

import re
from functools import cache

import polars as pl

from pipeline.filters.screen import measured
from pipeline.filters.stage import FlagOrDrop, Stage
from pipeline.filters.word_lists import word_list
from schemas.reasons import Reason
from schemas.verdict import Action

SCREEN = r"[\p{L}\p{N},;:\-–—(]$|\d[.)]$|```"
"""Ends in a letter, a digit or a sign after which more must come; or has a code fence."""

EMPTY_ITEM = re.compile(r"\n\s*\d{1,3}[.)]$")
"""A number of a list, and nothing behind it."""

STOPPED = re.compile(r"[.!?:…。！？।”\"»)*]\s*$")
PROSE_LINE = 60
"""Characters from which a line is a paragraph rather than a heading, a verse or an item."""

NO_PROSE = re.compile(
    r"\s*(?:[-*•◦▪+–#|]|(?:\d{1,3}|[A-Za-z]|[ivx]+)[.):])\s|.*(?:[{};=<>]|#\w+$|https?://\S+$|@\w+$)"
)
"""Items of lists, code, posts that end in tags, and addresses."""

UNSTOPPED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f]$")
"""Thai, Lao and Burmese end without a full stop."""


class CutOff(Stage):
    """Flag records whose last reply stops in the middle of a sentence, a list or a code block.

    A sentence without a full stop is no proof: found is what ends in "of the" or a comma, and what
    ends without a stop where every other paragraph has one.
    """

    limit = "min_characters"

    action: FlagOrDrop = Action.flag

    min_characters: int = 200
    """Shorter replies are not looked at: no limit cuts so early."""

    def __call__(self, records: pl.DataFrame) -> pl.DataFrame:
        """Verdicts on `records`; the value is the length of the last reply in characters."""
        reply = pl.col("reply")
        long = reply.str.len_chars() >= self.min_characters
        found = measured(records, long & reply.str.contains(SCREEN), _cut)
        return self.verdicts(found, self.action, Reason.cut_off, pl.col("found"))


def _cut(_question: str, replies: list[str]) -> int:
    return len(replies[-1]) if replies and is_cut(replies[-1]) else 0


def is_cut(reply: str) -> bool:
    """Whether a reply stops in the middle."""
    lines = reply.split("\n")
    last = lines[-1]
    if EMPTY_ITEM.search(reply):
        return True
    if STOPPED.search(last) or last == "```":
        return False
    if reply.count("```") % 2:
        return True
    if UNSTOPPED.search(last) or NO_PROSE.match(last):
        return False
    if len(last) >= PROSE_LINE and _hangs().search(last):
        return True
    paragraphs = [line for line in lines if len(line) >= PROSE_LINE and not NO_PROSE.match(line)]
    stops = all(STOPPED.search(line) for line in paragraphs[:-1])
    return len(paragraphs) > 2 and stops and paragraphs[-1] == last


@cache
def _hangs() -> re.Pattern[str]:
    """Finds a sign or a word at the end after which hardly any text ends."""
    return re.compile(rf"(?i)(?:[,;(–—]|\w\s-|{word_list('cut_off', 'unfinished').whole})$")
