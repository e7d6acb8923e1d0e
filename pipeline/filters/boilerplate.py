"""Replies in which a model says, unasked, that it is a model."""

import re
from functools import cache

import polars as pl

from pipeline.filters.screen import measured
from pipeline.filters.stage import FlagOrDrop, Stage
from pipeline.filters.word_lists import whole_words, word_list
from schemas.reasons import Reason
from schemas.verdict import Action


class Boilerplate(Stage):
    """Flag records in which the model says, unasked, that it is one.

    "As an AI language model, I do not have opinions …" is passed over where the question is about
    such models, or where the reply declines something harmful.
    """

    measures = "number of phrases in which the model speaks of itself"

    action: FlagOrDrop = Action.flag

    def __call__(self, records: pl.DataFrame) -> pl.DataFrame:
        """Verdicts on `records`; each value is what this stage `measures`."""
        pieces = list(word_list("boilerplate", "screen").words)  # 20 times faster than the phrases
        has_piece = pl.element().str.contains_any(pieces, ascii_case_insensitive=True)
        suspicious = pl.col("replies").list.eval(has_piece).list.any()
        matching = measured(records, suspicious, _count_phrases)
        return self.verdicts(matching, self.action, Reason.boilerplate, pl.col("measure"))


def _count_phrases(question: str, replies: list[str]) -> int:
    if _about_models().search(question):
        return 0
    phrases, harm = whole_words("boilerplate", "phrases"), whole_words("boilerplate", "harm")
    return sum(len(phrases.findall(reply)) for reply in replies if not harm.search(reply))


@cache
def _about_models() -> re.Pattern[str]:
    """Finds that a question is about the model itself, or about such models."""
    whole = word_list("boilerplate", "about_models").whole
    return re.compile(f"(?i){whole}|{word_list('boilerplate', 'about_you').anywhere}")
