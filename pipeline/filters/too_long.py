"""Conversations that do not fit into the training length."""

import polars as pl
from pydantic import Field

from pipeline.features.tokens import SURELY_SHORT
from pipeline.filters.stage import FlagOrDrop, Stage
from schemas.reasons import Reason
from schemas.verdict import Action


class TooLong(Stage):
    """Flag records with more tokens than a training of this length can take.

    All turns count, by `[tokens] tokenizer`. The training measures again with the template and the
    tokenizer of its model, and leaves out what does not fit.
    """

    limit = "max_tokens"

    action: FlagOrDrop = Action.flag

    max_tokens: int = Field(default=1024, ge=SURELY_SHORT)
    """Most tokens of a conversation. Keep it at `[train] max_length`."""

    def __call__(self, records: pl.DataFrame) -> pl.DataFrame:
        """Verdicts on `records`; the value is the number of tokens of all turns."""
        tokens = pl.col("conversation_tokens")
        found = records.filter(tokens > self.max_tokens)
        return self.verdicts(found, self.action, Reason.too_long, tokens)
