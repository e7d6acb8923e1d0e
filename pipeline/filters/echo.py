"""Replies that only repeat the question."""

import polars as pl

from pipeline.filters.stage import FlagOrDrop, Stage
from pipeline.filters.word_lists import word_list
from schemas.reasons import Reason
from schemas.verdict import Action


class Echo(Stage):
    """Flag records whose reply equals the question, or the input that was given with it.

    Passed over where the task was to repeat the text, or to correct what may be right already.
    """

    limit = "min_characters"
    measures = "length of the reply in characters"

    action: FlagOrDrop = Action.flag

    min_characters: int = 20
    """Shorter replies may rightly end the question: a choice, a name, a number."""

    def __call__(self, records: pl.DataFrame) -> pl.DataFrame:
        """Verdicts on `records`; each value is what this stage `measures`."""
        question, reply = pl.col("last_question"), pl.col("reply")
        length = reply.str.len_chars()
        same = (question == reply) | question.str.ends_with(pl.lit("\n") + reply)
        may_be_right = question.str.contains(f"(?i){word_list('echo', 'may_be_right').whole}")
        echoes = records.filter((length >= self.min_characters) & same & ~may_be_right)
        return self.verdicts(echoes, self.action, Reason.echo, length)
