"""OpenAI's chat form: `{"messages": [{"role": …, "content": …}, …]}`, or the bare list."""

from typing import Any

from pipeline.readers.candidate import Candidate
from pipeline.readers.formats.beside import first_cell, labelled
from pipeline.readers.formats.transcript import without_arrow
from pipeline.readers.formats.turns import Turn, turns


def read(row: Any) -> list[Candidate] | None:
    """The conversation of a row, or None when it has none. `traj` is tau-bench's word for it."""
    named = isinstance(row, dict)
    if not named and not isinstance(row, list):
        return None
    said = turns(first_cell(row, ("messages", "traj")) if named else row)
    if said is None:
        return None
    said = [_question(one) for one in said]
    return [labelled(row, said) if named else Candidate(said)]


def _question(one: Turn) -> Turn:
    """A user's turn without the ` ->` that a converted completion file leaves behind."""
    content = one["content"]
    if one["role"] != "user" or not isinstance(content, str):
        return one
    return one | {"content": without_arrow(content)}
