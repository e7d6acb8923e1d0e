"""What a format finds in a row: conversations that may become records, or why there is none."""

from typing import Any, NamedTuple

from schemas.reasons import Rejection


class Candidate(NamedTuple):
    """One conversation, in OpenAI's chat form and not validated yet, with the labels beside it."""

    turns: list[dict[str, Any]]
    tools: Any = None
    """Tool definitions as a list, or as the JSON text of one."""
    language: Any = None
    domain: Any = None
    rejected: str | None = None
    """The reply that a preference row turns down."""


class Refused(NamedTuple):
    """Why a row, or a part of it, cannot be a record: one sentence without the place."""

    reason: Rejection
    why: str
