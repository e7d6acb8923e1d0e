"""OpenAI's chat form: `{"messages": [{"role": …, "content": …}, …]}`, or the bare list."""

from typing import Any

from pipeline.readers.candidate import Candidate
from pipeline.readers.formats.beside import first_cell, labelled
from pipeline.readers.formats.transcript import without_arrow
from pipeline.readers.formats.turns import turns


def read(row: Any) -> list[Candidate] | None:
    """The conversation of a row, or None when it has none. `traj` is tau-bench's word for it."""
    named = isinstance(row, dict)
    if not named and not isinstance(row, list):
        return None
    said = turns(first_cell(row, ("messages", "traj")) if named else row)
    if said is None:
        return None
    for one in said:
        content = one["content"]
        if one["role"] == "user" and isinstance(content, str) and "->" in content:
            one["content"] = without_arrow(content)  # Left by a converted completion file.
    return [labelled(row, said) if named else Candidate(said)]
