"""Messages of OpenAI, Anthropic, Gemini, Bedrock, LangChain: `{"messages": […]}`, or the list."""

from typing import Any

from pipeline.readers.candidate import Candidate, Refused
from pipeline.readers.formats.left_out import fields_left_out
from pipeline.readers.formats.other_columns import first_column, labelled_candidate
from pipeline.readers.formats.question_answer import side_columns
from pipeline.readers.formats.transcript import without_arrows
from pipeline.readers.formats.turns import to_turns

HISTORY_COLUMN = "history"
"""How Gemini's chat is dumped: the whole conversation, where nothing else is asked or answered."""

MESSAGE_COLUMNS = ("messages", "contents", "chat_messages", "traj")
"""Gemini calls them `contents`, Claude's export `chat_messages`, tau-bench `traj`."""


def to_candidates(row: Any) -> list[Candidate | Refused] | None:
    """The conversation of a row, or None when it has none."""
    if isinstance(row, list):
        row = {"messages": row}
    column = first_column(row, MESSAGE_COLUMNS) if isinstance(row, dict) else None
    if column is None and isinstance(row, dict) and _is_whole_chat(row):
        column = HISTORY_COLUMN
    turns = to_turns(row[column]) if column else None
    if column is None or turns is None:
        return None
    fields = fields_left_out(column, row[column])
    return [labelled_candidate(row, without_arrows(turns), used=(column,), fields=fields)]


def _is_whole_chat(row: dict[str, Any]) -> bool:
    """Whether a row's history is all that was said, in Gemini's parts."""
    history = row.get(HISTORY_COLUMN)
    if not isinstance(history, list) or not history:
        return False
    has_parts = all(isinstance(item, dict) and "parts" in item for item in history)
    return has_parts and not any(side_columns(tuple(row)))
