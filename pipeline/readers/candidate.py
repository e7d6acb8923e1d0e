"""What readers make of rows: conversations that may become records, or why there is none."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from schemas.manifest import LeftOutColumn
from schemas.reasons import Rejection

Turn = dict[str, Any]
"""One turn in OpenAI's chat form, not validated yet: `role`, `content`, and perhaps `tool_calls`,
`name`, `tool_call_id`, `reasoning` or `learn`."""


class LeftOut(NamedTuple):
    """A column of a row, or a field of its messages, of which nothing is in the candidate."""

    column: str
    """Its name as the file writes it; `messages.mood` for a field of messages."""
    is_text: bool
    """Whether the cell holds sentences, so that leaving it out may lose what a reply is about."""


class LeftOutCounts:
    """Counts of what is left out of the rows of one file, by column."""

    def __init__(self, cuts: Counter[str] | None = None) -> None:
        self.cuts = Counter[str]() if cuts is None else cuts
        """Counts of what is cut from messages, by kind."""
        self.rows = Counter[str]()
        """Rows with something in the column."""
        self.texts = Counter[str]()
        """Those of them in which it holds sentences."""

    def count(self, left_out: Iterable[LeftOut]) -> None:
        """Count the columns that were left out of one row."""
        for column, is_text in left_out:
            self.rows[column] += 1
            self.texts[column] += is_text

    @property
    def columns(self) -> dict[str, LeftOutColumn]:
        """The counts by column, the columns with most texts first."""
        names = sorted(self.rows, key=lambda name: (-self.texts[name], -self.rows[name], name))
        return {name: LeftOutColumn(rows=self.rows[name], texts=self.texts[name]) for name in names}


class Candidate(NamedTuple):
    """One conversation that is not validated yet, with the labels that stand beside it."""

    turns: list[Turn]
    tools: Any = None
    """Tool definitions as a list, or as the JSON text of one."""
    language: Any = None
    domain: Any = None
    rejected: str | None = None
    """The reply that a preference row turns down."""
    meta: Mapping[str, Any] | None = None
    """Ids, dates, numbers and labels that stand beside the conversation, by column."""
    left_out: Sequence[LeftOut] = ()
    """What else the row holds: every cell is used, in `meta`, or named here."""
    cuts: Sequence[str] = ()
    """What was cut from its turns, by kind, such as a stop word behind each reply."""


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
