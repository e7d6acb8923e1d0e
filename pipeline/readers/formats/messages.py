"""OpenAI's chat form: `{"messages": [{"role": …, "content": …}, …]}`, or the bare list."""

from typing import Any

from pipeline.readers.candidate import Candidate
from pipeline.readers.formats.roles import labelled, role

FIELDS = ("role", "content", "name", "tool_calls", "tool_call_id")


def read(row: Any) -> list[Candidate] | None:
    """The conversation of a row, or None when it has none."""
    turns = row.get("messages") if isinstance(row, dict) else row
    if not isinstance(turns, list) or not all(isinstance(turn, dict) for turn in turns):
        return None
    if not all("role" in turn for turn in turns):
        return None
    read_turns = [_turn(turn) for turn in turns]
    return [labelled(row, read_turns) if isinstance(row, dict) else Candidate(read_turns)]


def _turn(turn: dict[str, Any]) -> dict[str, Any]:
    """Only the fields that are the conversation; null ones as if absent, but for content."""
    kept = {key: turn[key] for key in FIELDS if turn.get(key) is not None}
    return kept | {"role": role(turn["role"]), "content": turn.get("content")}
