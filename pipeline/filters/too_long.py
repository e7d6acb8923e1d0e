"""Conversations that are too long to train on."""

import polars as pl
from pydantic import Field

from pipeline.features.tokens import SURELY_SHORT
from pipeline.filters.stage import FlagOrDrop, Stage
from schemas.reasons import Reason
from schemas.verdict import Action


class TooLong(Stage):
    """Flag records with more than `max_tokens` tokens.

    All turns count, by `[tokens] tokenizer`. Training measures again with the tokenizer and the
    chat template of its own model, and leaves out what does not fit.
    """

    limit = "max_tokens"
    measures = "number of tokens of all turns"

    action: FlagOrDrop = Action.flag

    max_tokens: int = Field(default=1024, ge=SURELY_SHORT)
    """Most tokens in a conversation. Keep it equal to `[train] max_length`."""

    def __call__(self, records: pl.DataFrame) -> pl.DataFrame:
        """Verdicts on `records`; each value is what this stage `measures`."""
        tokens = pl.col("conversation_tokens")
        matching = records.filter(tokens > self.max_tokens)
        return self.verdicts(matching, self.action, Reason.too_long, tokens)
