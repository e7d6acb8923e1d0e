"""A verdict: what one stage says of one record."""

from enum import StrEnum

from schemas.base import Model
from schemas.reasons import Reason


class Action(StrEnum):
    """What a verdict does."""

    drop = "drop"
    """The record is not trained on."""
    flag = "flag"
    """The record stays, and the finding is shown."""


class Verdict(Model):
    """One stage's finding about one record. A table of these is `curated/verdicts.parquet`."""

    id: str
    stage: str
    action: Action
    reason: Reason
    value: float | None = None
    """What was measured: tokens, a cosine, a share."""
    other_id: str | None = None
    """The record it duplicates, or that stands in its place."""
