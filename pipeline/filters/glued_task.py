"""Replies that go on into the next task."""

import re

import polars as pl

from pipeline.filters.screen import any_reply, measured, prose
from pipeline.filters.stage import FlagOrDrop, Stage
from pipeline.filters.word_lists import whole_words
from schemas.reasons import Reason
from schemas.verdict import Action

GLUED = (
    r"\n\s*(?:#{1,6} ?)?\d{1,3}\s?[.):]\s*(?:Instruction|Task)s?\s*:"
    r"|\n\s*#{1,6} ?(?:Instruction|Task|Question|Prompt)\s*\d*\s*:"
    r"|\n\s*(?:Instruction|Task|Question|Prompt)\s*\d*\s*:"
    r"|\n\s*#{2,}\s*$"
)
"""A heading of a list of tasks, after something else."""

PATTERN = re.compile(GLUED, re.IGNORECASE)


class GluedTask(Stage):
    """Flag records with a reply to which the next task is glued.

    `… in 1969.\\n\\n## 18. Instruction: Name three …` comes of generating tasks in lists.
    """

    action: FlagOrDrop = Action.flag

    def __call__(self, records: pl.DataFrame) -> pl.DataFrame:
        """Verdicts on `records`; the value is the number of tasks that begin in the replies."""
        found = measured(records, any_reply(f"(?i){GLUED}"), _glued)
        return self.verdicts(found, self.action, Reason.glued_task, pl.col("found"))


def _glued(question: str, replies: list[str]) -> int:
    if whole_words("glued_task", "asks_for_tasks").search(question):
        return 0
    return sum(len(PATTERN.findall(prose(reply))) for reply in replies)
