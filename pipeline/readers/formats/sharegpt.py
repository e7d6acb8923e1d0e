"""ShareGPT: `{"conversations": [{"from": "human", "value": …}, {"from": "gpt", "value": …}]}`."""

from typing import Any

from pipeline.readers.candidate import Candidate
from pipeline.readers.formats.roles import labelled, role


def read(row: Any) -> list[Candidate] | None:
    """The conversation of a row, or None when it is no ShareGPT."""
    if not isinstance(row, dict):
        return None
    turns = row.get("conversations", row.get("conversation"))
    if not isinstance(turns, list) or not all(isinstance(turn, dict) for turn in turns):
        return None
    if not all({"from", "value"} <= turn.keys() for turn in turns):
        return None
    read_turns = [{"role": role(turn["from"]), "content": turn["value"]} for turn in turns]
    return [labelled(row, read_turns)]
