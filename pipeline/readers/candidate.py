"""What readers make of rows: conversations that may become records, or why there is none."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from schemas.reasons import Rejection

Turn = dict[str, Any]
"""One turn in OpenAI's chat form, not validated yet: `role`, `content`, and perhaps `tool_calls`,
`name` or `tool_call_id`."""


class Candidate(NamedTuple):
    """One conversation that is not validated yet, with the labels that stand beside it."""

    turns: list[Turn]
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


class GroupedRows(NamedTuple):
    """Rows of one file that make a conversation together, or a tree of conversations."""

    line: int
    """The line of the row that comes first in the conversation."""
    candidates: Sequence[Candidate | Refused]
    """At least one."""
    value: Any
    """What the rejected file shows of these rows, as JSON, if a candidate cannot be a record."""
