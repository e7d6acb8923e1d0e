"""Questions about a picture, a link or a text that the record does not have."""

import re
from functools import cache

import polars as pl

from pipeline.filters.screen import measured
from pipeline.filters.stage import FlagOrDrop, Stage
from pipeline.filters.word_lists import whole_words, word_list
from schemas.reasons import Reason
from schemas.verdict import Action

_LINK = r"https?://|www\."

_MAY_CONTAIN_IT = re.compile(r"[\"“«„'‘:>|(]|\n")
"""A quotation mark, a colon or a second line: there the question may give what it is about."""

_MOST_CHARACTERS = 160
"""A longer question has room for the text that it is about."""


class MissingContext(Stage):
    """Flag records whose question is about a picture, a link or a text that is missing.

    A model that learns to answer such questions learns to make things up.
    """

    measures = "length of the question in characters"

    action: FlagOrDrop = Action.flag

    def __call__(self, records: pl.DataFrame) -> pl.DataFrame:
        """Verdicts on `records`; each value is what this stage `measures`."""
        is_single_turn = pl.col("turns").str.contains(r"^ua$")  # else another turn may have it
        has_media = pl.col("messages").str.contains(r'"type": ?"(?:image|input|file|audio|video)')
        asks = pl.col("question").str.contains(_maybe_missing())
        matching = measured(records, is_single_turn & asks & ~has_media, _length_if_missing)
        return self.verdicts(matching, self.action, Reason.missing_context, pl.col("measure"))


def _length_if_missing(question: str, _replies: list[str]) -> int:
    """The length of a question about something that is missing, else 0."""
    if whole_words("missing_context", "about_code").search(question):
        return 0
    words = re.sub(rf"(?:{_LINK})\S+", "", question)
    if len(words) > _MOST_CHARACTERS:
        return 0
    missing = _opens_link().search(question)
    if not missing and not _MAY_CONTAIN_IT.search(words.strip(" \n:.")):
        pictures, texts = (whole_words("missing_context", name) for name in ("pictures", "texts"))
        missing = pictures.search(question) or texts.search(question)
    return len(question) if missing else 0


def _maybe_missing() -> str:
    pictures = word_list("missing_context", "pictures").whole
    return f"(?i){pictures}|{word_list('missing_context', 'texts').whole}|{_LINK}"


@cache
def _opens_link() -> re.Pattern[str]:
    """Finds a question that asks to read what a link leads to, unless Markdown names the link."""
    reading = word_list("missing_context", "reading").whole
    return re.compile(rf"(?is)(?:{reading}).*(?<!\]\()(?:{_LINK})\S+")
