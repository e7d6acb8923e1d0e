"""The same reply to many questions."""

import polars as pl
from pydantic import Field

from pipeline.filters.preference import by_preference
from pipeline.filters.stage import FlagOrDrop, Stage
from schemas.reasons import Reason
from schemas.verdict import Action


class TemplateReply(Stage):
    """Flag records whose reply is given to several different questions, or thin them out.

    Near-duplicates are found by their questions, so only this stage finds repeated replies.
    """

    scope = "key"
    limit = "min_questions"
    measures = "number of different questions with the same reply"

    action: FlagOrDrop = Action.flag

    min_characters: int = 40
    """Replies up to this length are labels and courtesies, which may repeat."""

    min_questions: int = 3
    """Different questions with the same reply from which it is a template."""

    keep: int = Field(default=3, ge=0)
    """With `action = "drop"`: how many records with the reply stay, the best first; 0 for none."""

    def key(self) -> pl.Expr:
        """The reply, whatever its case and white space."""
        return pl.col("reply").str.to_lowercase().str.replace_all(r"\s+", " ")

    def __call__(self, records: pl.DataFrame) -> pl.DataFrame:
        """Verdicts on `records`; each value is what this stage `measures`."""
        long = records.filter(pl.col("reply").str.len_chars() > self.min_characters)
        counted = long.with_columns(questions=pl.col("question").n_unique().over(self.key()))
        matching = by_preference(counted.filter(pl.col("questions") >= self.min_questions))
        place = pl.int_range(pl.len()).over(self.key())
        stays = (place < self.keep) | pl.lit(self.action == Action.flag)
        matching = matching.with_columns(stays=stays)
        questions = pl.col("questions")
        return pl.concat(
            [
                self.drop(matching.filter(~pl.col("stays")), Reason.template_reply, questions),
                self.flag(matching.filter("stays"), Reason.template_reply, questions),
            ]
        )
