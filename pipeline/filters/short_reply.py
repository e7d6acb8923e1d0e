"""Replies too short to teach a model how to answer."""

from typing import Literal

import polars as pl
from pydantic import Field

from pipeline.filters.short_answers import asks_for_short_answer
from pipeline.filters.stage import Stage
from schemas.reasons import Reason


class ShortReply(Stage):
    """Drop records whose every reply is shorter than `min_tokens`.

    A short answer to a closed question is a good one: in Alpaca a judge kept short replies more
    often than long ones (15.7 to 9.1 %); in open chat people rated them half as good. So where the
    task asks for little the record stays, with a flag.
    """

    limit = "min_tokens"

    min_tokens: int = Field(default=10, ge=0)
    """Fewest tokens, by `[tokens] tokenizer`, that teach a model to answer. A house rule."""

    exempt: Literal["asked_for", "none"] = "asked_for"
    """`asked_for`: flag instead of drop where the task asks for a short answer (a closed question,
    a fact, label, number, name, title, translation, rewriting, extraction, a line of code);
    `none`: drop them all."""

    exempt_domains: tuple[str, ...] = ("classification", "extraction")
    """Domains in which a short answer is the right one."""

    def __call__(self, records: pl.DataFrame) -> pl.DataFrame:
        """Verdicts on `records`; the value is the number of tokens of the longest reply."""
        tokens = pl.col("reply_tokens")
        speaks = pl.col("replies").list.len() > 0  # a reply that only calls a tool is no short one
        short = records.filter((tokens < self.min_tokens) & speaks)
        of_short_answers = pl.col("domain").is_in(list(self.exempt_domains))
        may = asks_for_short_answer() | of_short_answers
        if self.exempt == "none":
            may = pl.lit(value=False)
        return pl.concat(
            [
                self.drop(short.filter(~may), Reason.short_reply, tokens),
                self.flag(short.filter(may), Reason.short_reply, tokens),
            ]
        )
