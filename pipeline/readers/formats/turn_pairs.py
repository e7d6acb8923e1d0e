"""Turn pairs: `{"conversation": [{"system": …, "input": …, "output": …}, …]}`."""

from typing import Any

from pipeline.readers.candidate import Candidate, LeftOut, Refused, Turn
from pipeline.readers.formats.left_out import is_empty
from pipeline.readers.formats.other_columns import first_column, labelled_candidate
from pipeline.readers.formats.turns import as_text, reply_turn

PAIR_FIELDS = frozenset(("system", "input", "output"))


def to_candidates(row: Any) -> list[Candidate | Refused] | None:
    """The conversation of a row, or None when it is not a list of pairs."""
    column = first_column(row, ("conversation", "conversations")) if isinstance(row, dict) else None
    pairs = row[column] if column else None
    if column is None or not isinstance(pairs, list) or not pairs:
        return None
    turns: list[Turn] = []
    for pair in pairs:
        if not isinstance(pair, dict) or not {"input", "output"} <= pair.keys():
            return None
        turns.append({"role": "user", "content": as_text(pair["input"])})
        turns.append(reply_turn(as_text(pair["output"])))
    system = row.get("system", pairs[0].get("system"))
    others = {name for pair in pairs for name in pair if not is_empty(pair[name])}
    fields = [LeftOut(f"{column}.{name}", True) for name in sorted(others - PAIR_FIELDS)]
    row = {**row, "system": system}
    return [labelled_candidate(row, turns, used=(column,), fields=tuple(fields))]
