"""Replies that stop in the middle."""

import re
from functools import cache

import polars as pl

from pipeline.filters.screen import measured
from pipeline.filters.stage import FlagOrDrop, Stage
from pipeline.filters.word_lists import word_list
from schemas.reasons import Reason
from schemas.verdict import Action

_MAYBE_CUT = r"[\p{L}\p{N},;:，、；\-–—(]$|\d[.)]$|```"
"""Ends in a letter, a digit or a sign that something must follow; or has a code fence."""

_BARE_LIST_NUMBER = re.compile(r"\n\s*\d{1,3}[.)]$")
"""The number of a list item with nothing behind it."""

_FULL_STOP = re.compile(r"[.!?:…。！？।”\"»)*]\s*$")

_PARAGRAPH = 60
"""Characters from which a line is a paragraph rather than a heading, a verse or a list item."""

_SENTENCE = 30
"""Characters from which a line is a sentence rather than a title."""

_LONG = 200
"""Characters from which a reply may have reached a generator's limit: there more signs count."""

_NOT_PROSE = re.compile(
    r"\s*(?:[-*•◦▪+–#|]|(?:\d{1,3}|[A-Za-z]|[ivx]+)[.):])\s|.*(?:[{};=<>]|#\w+$|https?://\S+$|@\w+$)"
)
"""A line that is a list item, code, or ends in a tag, an address or a name: it needs no stop."""

_NEEDS_NO_STOP = re.compile(r"[\u0e00-\u0eff\u1000-\u109f]$")
"""Thai, Lao and Burmese sentences end without a full stop."""


class CutOff(Stage):
    """Flag records whose last reply stops in the middle of a sentence, a list or a code block.

    A missing full stop alone proves nothing. Found are replies that end in "of the" or a comma,
    and those that end without a stop although every other paragraph has one.
    """

    limit = "min_characters"
    measures = "length of the last reply in characters"

    action: FlagOrDrop = Action.flag

    min_characters: int = 40
    """Shorter replies are not looked at. Of replies under 200 characters, since few generators
    have such a limit, only those that end in an article, a conjunction or a comma are found."""

    def __call__(self, records: pl.DataFrame) -> pl.DataFrame:
        """Verdicts on `records`; each value is what this stage `measures`."""
        reply = pl.col("reply")
        long = reply.str.len_chars() >= self.min_characters
        matching = measured(records, long & reply.str.contains(_MAYBE_CUT), _length_if_cut)
        return self.verdicts(matching, self.action, Reason.cut_off, pl.col("measure"))


def _length_if_cut(_question: str, replies: list[str]) -> int:
    return len(replies[-1]) if replies and is_cut(replies[-1]) else 0


def is_cut(reply: str) -> bool:
    """Whether a reply stops in the middle."""
    lines = reply.split("\n")
    last = lines[-1]
    if _BARE_LIST_NUMBER.search(reply):
        return True
    if _FULL_STOP.search(last) or last == "```":
        return False
    if reply.count("```") % 2:
        return True
    if _NEEDS_NO_STOP.search(last) or _NOT_PROSE.match(last):
        return False
    if len(last) >= _SENTENCE and _never_last().search(last):
        return True
    if len(reply) < _LONG:
        return False
    if len(last) >= _PARAGRAPH and _unfinished().search(last):
        return True
    return _only_the_last_lacks_a_stop(lines)


def _only_the_last_lacks_a_stop(lines: list[str]) -> bool:
    """Whether the last line is a paragraph behind two others or more, which all end in a stop."""
    paragraphs = [line for line in lines if len(line) >= _PARAGRAPH and not _NOT_PROSE.match(line)]
    if len(paragraphs) < 3 or paragraphs[-1] != lines[-1]:
        return False
    return all(_FULL_STOP.search(paragraph) for paragraph in paragraphs[:-1])


@cache
def _never_last() -> re.Pattern[str]:
    """Finds an article, a conjunction, or a comma of Chinese or Japanese at the end."""
    return re.compile(rf"(?i)(?:[，、]|{word_list('cut_off', 'never_last').whole})$")


@cache
def _unfinished() -> re.Pattern[str]:
    """Finds a sign or a word at the end with which hardly any text ends."""
    return re.compile(rf"(?i)(?:[,;(–—]|\w\s-|{word_list('cut_off', 'unfinished').whole})$")
