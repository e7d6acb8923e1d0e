"""Self-Instruct: `{"instruction": …, "instances": [{"input": …, "output": …}, …]}`."""

from typing import Any

from pipeline.readers.candidate import Candidate, Refused
from pipeline.readers.formats import alpaca
from schemas.reasons import Rejection

OWN_COLUMNS = frozenset(("input", "output", "instances"))
"""Columns that are each instance's own."""


def to_candidates(row: Any) -> list[Candidate | Refused] | None:
    """A conversation for each instance of a row, or None when it has no list of instances."""
    if not isinstance(row, dict) or "instruction" not in row:
        return None
    instances = row.get("instances")
    if not isinstance(instances, list) or not all(isinstance(item, dict) for item in instances):
        return None
    if not instances:
        return [Refused(Rejection.no_assistant_turn, "has an instruction with no instance")]
    shared = {name: cell for name, cell in row.items() if name not in OWN_COLUMNS}
    candidates: list[Candidate | Refused] = []
    for instance in instances:
        candidates += alpaca.to_candidates({**shared, **instance}) or [_without_output(instance)]
    return candidates


def _without_output(instance: dict[str, Any]) -> Refused:
    keys = ", ".join(map(str, instance))[:80]
    return Refused(Rejection.unreadable, f"has an instance of {keys or 'nothing'}, without output")
