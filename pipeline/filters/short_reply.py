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
    often than long ones (15.7 % against 9.1 %), while in open chat people rated them half as good.
    So where the task asks for a short answer the record stays, with a flag.
    """

    limit = "min_tokens"
    measures = "number of tokens of the longest reply"

    min_tokens: int = Field(default=10, ge=0)
    """Fewest tokens, by `[tokens] tokenizer`, that teach a model how to answer. Our own choice."""

    exempt: Literal["asked_for", "none"] = "asked_for"
    """Which short replies are flagged instead of dropped. `asked_for`: those to a task that asks
    for a short answer (a closed question, a fact, label, number, name, title, translation,
    rewriting, extraction, a line of code); `none`: all are dropped."""

    exempt_domains: tuple[str, ...] = ("classification", "extraction")
    """Domains in which a short answer is right."""

    def __call__(self, records: pl.DataFrame) -> pl.DataFrame:
        """Verdicts on `records`; each value is what this stage `measures`."""
        tokens = pl.col("reply_tokens")
        has_text = pl.col("replies").list.len() > 0  # a tool call alone is not a short reply
        short = records.filter((tokens < self.min_tokens) & has_text)
        is_exempt = asks_for_short_answer() | pl.col("domain").is_in(list(self.exempt_domains))
        if self.exempt == "none":
            is_exempt = pl.lit(value=False)
        return pl.concat(
            [
                self.drop(short.filter(~is_exempt), Reason.short_reply, tokens),
                self.flag(short.filter(is_exempt), Reason.short_reply, tokens),
            ]
        )
