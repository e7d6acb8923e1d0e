"""A decision: what a person said of a record in review."""

from datetime import datetime
from enum import StrEnum

from schemas.base import Model


class Choice(StrEnum):
    """What a reviewer may say. The order is the order of weight when several disagree."""

    reject = "reject"
    fix = "fix"
    keep = "keep"


class Decision(Model):
    """One reviewer's word on one record; the latest of each reviewer counts."""

    record_id: str
    reviewer: str
    choice: Choice
    child_id: str | None = None
    """For a fix: the record that holds the better reply."""
    wrong: tuple[str, ...] = ()
    """What was wrong, in the form's words."""
    note: str = ""
    at: datetime
    """When the reviewer submitted it (UTC)."""
