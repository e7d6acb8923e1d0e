"""ShareGPT: `{"conversations": [{"from": "human", "value": …}, {"from": "gpt", "value": …}]}`."""

from typing import Any

from pipeline.readers.candidate import Candidate
from pipeline.readers.formats.beside import first_cell, labelled
from pipeline.readers.formats.turns import turns


def read(row: Any) -> list[Candidate] | None:
    """The conversation of a row, or None when it is no ShareGPT; `role`, `content` serve too."""
    if not isinstance(row, dict):
        return None
    said = turns(first_cell(row, ("conversations", "conversation")))
    return None if said is None else [labelled(row, said)]
