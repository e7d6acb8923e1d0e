"""Turns that do not alternate."""

import polars as pl

from pipeline.stage import Stage
from schemas.reasons import Reason

ALTERNATING = r"^s{0,2}(?:ua(?:t+a)*)+u?$"
"""System first, then user and assistant in turn, with tool results between a call and the reply.
A chat that ends with the user is well formed: training stops after the last reply."""


class RoleOrder(Stage):
    """Drop records whose turns do not alternate between user and assistant."""

    def __call__(self, records: pl.DataFrame) -> pl.DataFrame:
        """Verdicts on `records`; the value is the number of turns."""
        wrong = ~pl.col("turns").str.contains(ALTERNATING)
        turns = pl.col("turns").str.len_chars()
        return self.drop(records.filter(wrong), Reason.role_order, turns)
