"""ShareGPT: `{"conversations": [{"from": "human", "value": …}, {"from": "gpt", "value": …}]}`."""

from typing import Any

from pipeline.readers.candidate import Candidate
from pipeline.readers.formats.other_columns import first_cell, labelled_candidate
from pipeline.readers.formats.turns import to_turns


def to_candidates(row: Any) -> list[Candidate] | None:
    """The conversation of a row, or None when it is not ShareGPT; `role`, `content` will do too."""
    if not isinstance(row, dict):
        return None
    turns = to_turns(first_cell(row, ("conversations", "conversation")))
    return None if turns is None else [labelled_candidate(row, turns)]
