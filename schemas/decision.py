"""A decision: what a person decided about a record in review."""

from datetime import datetime
from enum import StrEnum

from schemas.base import Model


class Choice(StrEnum):
    """What a reviewer may choose. When several disagree, the first in this order counts."""

    reject = "reject"
    fix = "fix"
    keep = "keep"


class Decision(Model):
    """One reviewer's decision on one record. The latest of each reviewer counts."""

    record_id: str
    reviewer: str
    choice: Choice
    child_id: str | None = None
    """For a fix: the record with the better reply."""
    wrong: tuple[str, ...] = ()
    """What was wrong, as the words that the form stores, such as `incorrect`."""
    note: str = ""
    at: datetime
    """When the reviewer submitted it (UTC)."""
