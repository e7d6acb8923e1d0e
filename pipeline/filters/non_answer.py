"""Replies that only say that there is no reply."""

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
"""`<nooutput>` in its spellings, which answers no question."""


class NonAnswer(Stage):
    """Drop records with a reply that is only `<nooutput>`, `N/A`, `none` or `null`.

    Passed over where "none" can be the right answer. A refusal is an answer, too.
    """

    measures = "number of replies that are no answer"

    action: FlagOrDrop = Action.drop

    def __call__(self, records: pl.DataFrame) -> pl.DataFrame:
        """Verdicts on `records`; each value is what this stage `measures`."""
        short = pl.col("replies").list.eval(pl.element().str.len_chars() <= 40).list.any()
        matching = measured(records, short, _count_non_answers)
        return self.verdicts(matching, self.action, Reason.non_answer, pl.col("measure"))


def _count_non_answers(question: str, replies: list[str]) -> int:
    non_answer = _NO_OUTPUT if _can_be_nothing().search(question) else _no_output_or_nothing()
    return sum(bool(non_answer.fullmatch(reply)) for reply in replies)


@cache
def _can_be_nothing() -> re.Pattern[str]:
    """Finds that "none" can be the right answer to a question."""
    return re.compile(rf"(?i)\?|{word_list('non_answer', 'can_be_nothing').whole}")


@cache
def _no_output_or_nothing() -> re.Pattern[str]:
    """Matches `<nooutput>`, and words for nothing such as `none`."""
    nothing = word_list("non_answer", "nothing").anywhere
    return re.compile(rf"{_NO_OUTPUT.pattern}|\W*(?:{nothing})\W*|[.\-–—_]+", re.IGNORECASE)
