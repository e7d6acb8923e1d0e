"""Turn pairs: `{"conversation": [{"system": …, "input": …, "output": …}, …]}`."""

from typing import Any

from pipeline.readers.candidate import Candidate
from pipeline.readers.formats.beside import first_cell, labelled
from pipeline.readers.formats.turns import Turn, as_text


def read(row: Any) -> list[Candidate] | None:
    """The conversation of a row, or None when it is no list of pairs."""
    if not isinstance(row, dict):
        return None
    pairs = first_cell(row, ("conversation", "conversations"))
    if not isinstance(pairs, list) or not pairs:
        return None
    said: list[Turn] = []
    for pair in pairs:
        if not isinstance(pair, dict) or not {"input", "output"} <= pair.keys():
            return None
        texts = {"user": as_text(pair["input"]), "assistant": as_text(pair["output"])}
        said += [{"role": who, "content": text} for who, text in texts.items()]
    return [labelled({**row, "system": row.get("system", pairs[0].get("system"))}, said)]
