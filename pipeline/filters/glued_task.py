"""Replies that run on into the next task."""

import re

import polars as pl

from pipeline.filters.screen import any_reply, measured, prose
from pipeline.filters.stage import FlagOrDrop, Stage
from pipeline.filters.word_lists import whole_words
from schemas.reasons import Reason
from schemas.verdict import Action

_NEXT_TASK = (
    r"\n\s*(?:#{1,6} ?)?\d{1,3}\s?[.):]\s*(?:Instruction|Task)s?\s*:"
    r"|\n\s*#{1,6} ?(?:Instruction|Task|Question|Prompt)\s*\d*\s*:"
    r"|\n\s*(?:Instruction|Task|Question|Prompt)\s*\d*\s*:"
    r"|\n\s*#{2,}\s*$"
)
"""The heading of a task in a list of tasks, on a line of its own."""

_NEXT_TASK_REGEX = re.compile(_NEXT_TASK, re.IGNORECASE)


class GluedTask(Stage):
    """Flag records in which the next task is glued to the end of a reply.

    `… in 1969.\\n\\n## 18. Instruction: Name three …` happens when a model writes lists of tasks.
    """

    measures = "number of tasks that begin in the replies"

    action: FlagOrDrop = Action.flag

    def __call__(self, records: pl.DataFrame) -> pl.DataFrame:
        """Verdicts on `records`; each value is what this stage `measures`."""
        matching = measured(records, any_reply(f"(?i){_NEXT_TASK}"), _count_tasks)
        return self.verdicts(matching, self.action, Reason.glued_task, pl.col("measure"))


def _count_tasks(question: str, replies: list[str]) -> int:
    if whole_words("glued_task", "asks_for_tasks").search(question):
        return 0
    return sum(len(_NEXT_TASK_REGEX.findall(prose(reply))) for reply in replies)
