"""Replies that stand for the lack of one."""

import re
from functools import cache

import polars as pl

from pipeline.filters.screen import measured
from pipeline.filters.stage import FlagOrDrop, Stage
from pipeline.filters.word_lists import word_list
from schemas.reasons import Reason
from schemas.verdict import Action

_NO_OUTPUT = re.compile(
    r"(?i)[\W_]*(?:no|not?)[\s_-]*(?:output|input|response|answer|reply|result)"
    r"(?: (?:needed|required|provided|given|available|generated|found))?[\W_]*"
)
"""`<nooutput>` in its spellings: no question has it for an answer."""


class NonAnswer(Stage):
    """Drop records with a reply that is `<nooutput>`, `N/A`, `none`, `null` and nothing else.

    `None` is an answer where the question can be answered so. A refusal is an answer.
    """

    action: FlagOrDrop = Action.drop

    def __call__(self, records: pl.DataFrame) -> pl.DataFrame:
        """Verdicts on `records`; the value is the number of such replies."""
        short = pl.col("replies").list.eval(pl.element().str.len_chars() <= 40).list.any()
        found = measured(records, short, _non_answers)
        return self.verdicts(found, self.action, Reason.non_answer, pl.col("found"))


def _non_answers(question: str, replies: list[str]) -> int:
    nothing = _NO_OUTPUT if _can_be_nothing().search(question) else _no_output_or_nothing()
    return sum(bool(nothing.fullmatch(reply)) for reply in replies)


@cache
def _can_be_nothing() -> re.Pattern[str]:
    """Finds that a question can be answered by "none"."""
    return re.compile(rf"(?i)\?|{word_list('non_answer', 'can_be_nothing').whole}")


@cache
def _no_output_or_nothing() -> re.Pattern[str]:
    """Matches a reply that no task has for an answer, though some questions may."""
    nothing = word_list("non_answer", "nothing").anywhere
    return re.compile(rf"{_NO_OUTPUT.pattern}|\W*(?:{nothing})\W*|[.\-–—_]+", re.IGNORECASE)
