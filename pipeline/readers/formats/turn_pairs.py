"""Turn pairs: `{"conversation": [{"system": …, "input": …, "output": …}, …]}`."""

from typing import Any

from pipeline.readers.candidate import Candidate, Turn
from pipeline.readers.formats.other_columns import first_cell, labelled_candidate
from pipeline.readers.formats.turns import as_text


def to_candidates(row: Any) -> list[Candidate] | None:
    """The conversation of a row, or None when it is not a list of pairs."""
    if not isinstance(row, dict):
        return None
    pairs = first_cell(row, ("conversation", "conversations"))
    if not isinstance(pairs, list) or not pairs:
        return None
    turns: list[Turn] = []
    for pair in pairs:
        if not isinstance(pair, dict) or not {"input", "output"} <= pair.keys():
            return None
        turns.append({"role": "user", "content": as_text(pair["input"])})
        turns.append({"role": "assistant", "content": as_text(pair["output"])})
    system = row.get("system", pairs[0].get("system"))
    return [labelled_candidate({**row, "system": system}, turns)]
