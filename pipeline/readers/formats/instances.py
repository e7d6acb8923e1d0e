"""Self-Instruct: `{"instruction": …, "instances": [{"input": …, "output": …}, …]}`."""

from typing import Any

from pipeline.readers.candidate import Candidate, Refused
from pipeline.readers.formats import alpaca
from schemas.reasons import Rejection


def read(row: Any) -> list[Candidate | Refused] | None:
    """A conversation for each instance of a row, or None when it has none."""
    if not isinstance(row, dict) or "instruction" not in row:
        return None
    instances = row.get("instances")
    if not isinstance(instances, list) or not all(isinstance(one, dict) for one in instances):
        return None
    if not instances:
        return [Refused(Rejection.no_assistant_turn, "has an instruction with no instance")]
    beside = {key: value for key, value in row.items() if key not in ("input", "output")}
    return [found for one in instances for found in alpaca.read(beside | one) or [_odd(one)]]


def _odd(instance: dict[str, Any]) -> Refused:
    keys = ", ".join(map(str, instance))[:80]
    return Refused(Rejection.unreadable, f"has an instance of {keys or 'nothing'}, without output")
