"""Replies that only give back what was said."""

import polars as pl

from pipeline.filters.stage import FlagOrDrop, Stage
from pipeline.filters.word_lists import word_list
from schemas.reasons import Reason
from schemas.verdict import Action


class Echo(Stage):
    """Flag records whose reply equals the question or the input that was given with it.

    Not where the task was to repeat or to correct something that may be right already.
    """

    limit = "min_characters"

    action: FlagOrDrop = Action.flag

    min_characters: int = 20
    """Shorter replies may well stand at the end of the question: a choice, a name, a number."""

    def __call__(self, records: pl.DataFrame) -> pl.DataFrame:
        """Verdicts on `records`; the value is the length of the reply in characters."""
        said, reply = pl.col("last_question"), pl.col("reply")
        length = reply.str.len_chars()
        same = (said == reply) | said.str.ends_with(pl.lit("\n") + reply)
        may_be_right = f"(?i){word_list('echo', 'may_be_right').whole}"
        asked = pl.col("last_question").str.contains(may_be_right)
        found = records.filter((length >= self.min_characters) & same & ~asked)
        return self.verdicts(found, self.action, Reason.echo, length)
