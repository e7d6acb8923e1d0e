"""Replies that only give back what was said."""

import polars as pl

from pipeline.filters.stage import FlagOrDrop, Stage
from schemas.reasons import Reason
from schemas.verdict import Action

RIGHT = (
    r"(?i)\b(?:repeat|echo|copy|spell\w*|grammar\w*|correct\w*|proofread|punctuat\w*|errors?"
    r"|mistakes?|edit|fix|check|say after|sort|order|arrange|rank|identify|select|choose|pick"
    r"|list|find"
    r"|extract|which|what|quote|convert|format|organi[sz]e|reorder|wiederhole|korrigiere|repite"
    r"|corrige|répète|corriger"
    r"|ripeti|correggi|herhaal|verbeter)\b|重复|改正|纠正|修改|繰り返|校正"
)
"""The text may be right as it is, or was to be given back."""


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
        asked = pl.col("last_question").str.contains(RIGHT)
        found = records.filter((length >= self.min_characters) & same & ~asked)
        return self.verdicts(found, self.action, Reason.echo, length)
