"""ShareGPT: `{"conversations": [{"from": "human", "value": …}, {"from": "gpt", "value": …}]}`."""

from typing import Any

from pipeline.readers.candidate import Candidate, Refused
from pipeline.readers.formats.left_out import fields_left_out
from pipeline.readers.formats.other_columns import first_column, labelled_candidate
from pipeline.readers.formats.turns import to_turns


def to_candidates(row: Any) -> list[Candidate | Refused] | None:
    """The conversation of a row, or None when it is not ShareGPT; `role`, `content` will do too."""
    column = first_column(row, ("conversations", "conversation")) if isinstance(row, dict) else None
    turns = to_turns(row[column]) if column else None
    if column is None or turns is None:
        return None
    fields = fields_left_out(column, row[column])
    return [labelled_candidate(row, turns, used=(column,), fields=fields)]
