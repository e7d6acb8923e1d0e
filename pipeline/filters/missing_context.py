"""Questions about something that is not there."""

import re
from functools import cache

import polars as pl

from pipeline.filters.screen import measured
from pipeline.filters.stage import FlagOrDrop, Stage
from pipeline.filters.word_lists import whole_words, word_list
from schemas.reasons import Reason
from schemas.verdict import Action

_LINK = r"https?://|www\."

_NAMED_IN_WORDS = re.compile(r"[\"“«„'‘:>|(]|\n")
"""A quotation, a colon, a second line: what the question speaks of may stand there."""

_ROOM = 160
"""A question with more characters than this holds a text of its own."""


class MissingContext(Stage):
    """Flag records whose question is about a picture, a link or a text that is not there.

    A model that learns to answer them learns to make things up.
    """

    action: FlagOrDrop = Action.flag

    def __call__(self, records: pl.DataFrame) -> pl.DataFrame:
        """Verdicts on `records`; the value is the question's length in characters."""
        alone = pl.col("turns").str.contains(r"^ua$")  # a tool or a system text may hold it
        parts = pl.col("messages").str.contains(r'"type": ?"(?:image|input|file|audio|video)')
        asks = pl.col("question").str.contains(_screen())
        found = measured(records, alone & asks & ~parts, _missing)
        return self.verdicts(found, self.action, Reason.missing_context, pl.col("found"))


def _missing(question: str, _replies: list[str]) -> int:
    """The length of a question about something that is not there, else 0."""
    if whole_words("missing_context", "about_code").search(question):
        return 0
    words = re.sub(rf"(?:{_LINK})\S+", "", question)
    if len(words) > _ROOM:
        return 0
    missing = _opens_link().search(question)
    if not missing and not _NAMED_IN_WORDS.search(words.strip(" \n:.")):
        missing = _picture().search(question) or _text().search(question)
    return len(question) if missing else 0


def _screen() -> str:
    pictures = word_list("missing_context", "pictures").whole
    return f"(?i){pictures}|{word_list('missing_context', 'texts').whole}|{_LINK}"


def _picture() -> re.Pattern[str]:
    return whole_words("missing_context", "pictures")


def _text() -> re.Pattern[str]:
    return whole_words("missing_context", "texts")


@cache
def _opens_link() -> re.Pattern[str]:
    """Finds a question that asks to read what a link leads to; a link in Markdown is quoted."""
    reading = word_list("missing_context", "reading").whole
    return re.compile(rf"(?is)(?:{reading}).*(?<!\]\()(?:{_LINK})\S+")
