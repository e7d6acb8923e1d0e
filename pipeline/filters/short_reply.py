"""Replies too short to teach a model how to answer."""

import polars as pl
from pydantic import Field

from pipeline.stage import Stage
from schemas.reasons import Reason

ASKS_FOR_LITTLE = (
    r"(?i)\b(?:yes or no|true or false|in one word|one[- ]word|(?:reply|answer|respond) (?:only )?"
    r"with (?:the|a|an|only|just|yes)"
    r"|(?:only|just) the (?:number|name|code|word|answer|label|letter)"
    r"|ja oder nein|in einem wort|nur (?:mit|die|den|das)\b|s[ií] o no|en una palabra"
    r"|solo (?:el|la|con)|oui ou non)\b|是或否|是还是不是|只回答|一个词"
)
"""The question says that a word is enough, in English, German, Spanish, French or Chinese."""

CLOSED = (
    r"(?i)(?:^|[.!?\n]\s*)(?:is|are|was|were|do|does|did|can|could|may|will|would|should|has|have)"
    r"\b[^.!\n]*\?\s*$"
)
YES_NO = r"(?i)^\W*(?:yes|no|yep|nope|true|false|correct)\b"
"""A yes or no to a question that can be answered so."""


class ShortReply(Stage):
    """Drop records whose every reply is shorter than `min_tokens`.

    A short answer to a closed question is a good one: in Alpaca a judge kept short replies more
    often than long ones (15.7 to 9.1 %); in open chat people rated them half as good. So where the
    question asks for little the record stays, with a flag.
    """

    min_tokens: int = Field(default=10, ge=0)
    """Fewest tokens, by `[tokens] tokenizer`, that teach a model to answer. A house rule."""

    exempt: bool = True
    """Flag instead of drop where the question asks for a short answer; false drops all."""

    exempt_domains: tuple[str, ...] = ("classification", "extraction")
    """Domains in which a short answer is the right one."""

    def __call__(self, records: pl.DataFrame) -> pl.DataFrame:
        """Verdicts on `records`; the value is the number of tokens of the longest reply."""
        tokens = pl.col("reply_tokens")
        speaks = pl.col("replies").list.len() > 0  # a reply that only calls a tool is no short one
        short = records.filter((tokens < self.min_tokens) & speaks)
        may = self._asked_for() if self.exempt else pl.lit(value=False)
        return pl.concat(
            [
                self.drop(short.filter(~may), Reason.short_reply, tokens),
                self.flag(short.filter(may), Reason.short_reply, tokens),
            ]
        )

    def _asked_for(self) -> pl.Expr:
        question, reply = pl.col("last_question"), pl.col("reply")
        closed = question.str.contains(CLOSED) & reply.str.contains(YES_NO)
        little = question.str.contains(ASKS_FOR_LITTLE)
        return little | closed | pl.col("domain").is_in(list(self.exempt_domains))
