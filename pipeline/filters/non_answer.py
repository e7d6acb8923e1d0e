"""Replies that stand for the lack of one."""

import re

import polars as pl

from pipeline.filters.screen import measured
from pipeline.filters.stage import FlagOrDrop, Stage
from schemas.reasons import Reason
from schemas.verdict import Action

NO_OUTPUT = re.compile(
    r"(?i)[\W_]*(?:no|not?)[\s_-]*(?:output|input|response|answer|reply|result)"
    r"(?: (?:needed|required|provided|given|available|generated|found))?[\W_]*"
)
"""`<nooutput>` in its spellings: no question has it for an answer."""

NOTHING = re.compile(r"(?i)\W*(?:n/?a|none|null|nil|nan|undefined|not applicable)\W*|[.\-–—_]+")
"""Words that may answer a question, but not a task."""

MAY_BE_NONE = re.compile(
    r"(?i)\?|\b(?:none|null|nil|nan|n/a|any|if|which|how many|what|who|list|find|identify|classify"
    r"|choose|select|code|program|function|sql|python|javascript|evaluate|compute|calculate)\b"
)


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
    may_be_none = MAY_BE_NONE.search(question)
    return sum(
        bool(NO_OUTPUT.fullmatch(reply) or (NOTHING.fullmatch(reply) and not may_be_none))
        for reply in replies
    )
