"""Turns that do not alternate between user and assistant."""

import polars as pl

from pipeline.filters.stage import Stage
from schemas.reasons import Reason

_ALTERNATING = r"^s{0,2}(?:ua(?:t+a)*)+(?:u|t+)?$"
"""System messages first, then user and assistant in turn, with tool results behind a tool call. A
letter a turn (`features.texts`). A chat may end with the user or a tool, since training stops after
the last reply or call: 51 of 200 dialogues of an airline desk end with the result of "transfer to a
human"."""


class RoleOrder(Stage):
    """Drop records whose turns do not alternate between user and assistant."""

    measures = "number of turns"

    def __call__(self, records: pl.DataFrame) -> pl.DataFrame:
        """Verdicts on `records`; each value is what this stage `measures`."""
        wrong = ~pl.col("turns").str.contains(_ALTERNATING)
        turns = pl.col("turns").str.len_chars()
        return self.drop(records.filter(wrong), Reason.role_order, turns)
