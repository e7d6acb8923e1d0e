"""A verdict: what one stage (filter) says about one record."""

from enum import StrEnum

from schemas.base import Model
from schemas.reasons import Reason


class Action(StrEnum):
    """The effect of a verdict."""

    drop = "drop"
    """The record is not trained on."""
    flag = "flag"
    """The record is kept, and the verdict is shown."""


class Verdict(Model):
    """One stage's verdict on one record. All of them are in `curated/verdicts.parquet`."""

    id: str
    stage: str
    action: Action
    reason: Reason
    value: float | None = None
    """What was measured, such as a number of tokens or a cosine; see `Stage.measures`."""
    other_id: str | None = None
    """The record that this one repeats, or that is used in its place."""
