"""The columns of every frame that passes from one room to another.

The one file of `schemas` that needs Polars, so that the others stay cheap to import.
"""

import polars as pl

RECORD_SCHEMA: dict[str, pl.DataType] = {
    "id": pl.String(),
    "messages": pl.String(),
    "tools": pl.String(),
    "parents": pl.List(pl.String()),
    "meta": pl.String(),
}
"""Columns of a shard. `messages`, `tools` and `meta` are JSON text: a nested column costs twice the
time to write, and the filters read text anyway."""

SIGHTING_SCHEMA: dict[str, pl.DataType] = {
    "id": pl.String(),
    "source": pl.String(),
    "origin": pl.String(),
    "language": pl.String(),
    "domain": pl.String(),
    "rejected": pl.String(),
}
"""Every place in which a conversation was seen, with the labels given there; `rejected` is the
reply that a preference row turns down."""

TEXT_SCHEMA: dict[str, pl.DataType] = {
    "system": pl.String(),
    "question": pl.String(),
    "last_question": pl.String(),
    "reply": pl.String(),
    "replies": pl.List(pl.String()),
    "turns": pl.String(),
}
"""What is written in a record, in the pieces that stages look at; see `features.texts.texts`."""

MEASURED_SCHEMA: dict[str, pl.DataType] = {
    "id": pl.String(),
    **TEXT_SCHEMA,
    "reply_language": pl.String(),
    "question_language": pl.String(),
    "reply_tokens": pl.Int64(),
    "conversation_tokens": pl.Int64(),
    "tool_set": pl.String(),
    "system_key": pl.String(),
    "repeat_key": pl.String(),
}
"""What is measured of a record's content; `reply_tokens` are those of the longest reply;
`conversation_tokens` those of all turns, null where these are surely few; `system_key` is the
folded system text without its dates; `repeat_key` is equal for records with the same folded
question, replies, system text and tools."""

VERDICT_SCHEMA: dict[str, pl.DataType] = {
    "id": pl.String(),
    "stage": pl.String(),
    "action": pl.String(),
    "reason": pl.String(),
    "value": pl.Float64(),
    "other_id": pl.String(),
}
"""What stages find, a row a finding: see `schemas.verdict.Verdict`."""

KEPT_COLUMNS = (
    "id", "messages", "tools", "tool_set", "language", "question_language", "domain", "origin",
    "source", "question", "reply", "reply_tokens", "parents", "reviewed",
)  # fmt: skip
"""What is shown of a kept record, in this order; `messages` is JSON text in memory."""
