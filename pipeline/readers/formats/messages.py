"""OpenAI's chat form: `{"messages": [{"role": …, "content": …}, …]}`, or the bare list."""

from typing import Any

from pipeline.readers.candidate import Candidate
from pipeline.readers.formats.other_columns import first_cell, labelled_candidate
from pipeline.readers.formats.transcript import without_arrows
from pipeline.readers.formats.turns import to_turns


def to_candidates(row: Any) -> list[Candidate] | None:
    """The conversation of a row, or None when it has none; tau-bench calls its messages `traj`."""
    if isinstance(row, dict):
        turns = to_turns(first_cell(row, ("messages", "traj")))
        return None if turns is None else [labelled_candidate(row, without_arrows(turns))]
    turns = to_turns(row) if isinstance(row, list) else None
    return None if turns is None else [Candidate(without_arrows(turns))]
