"""`metrics.jsonl`: one line a step, true also after a resume."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from schemas.base import Model

KEPT = ("step", "loss", "learning_rate", "grad_norm")
"""What is kept of the trainer's log. Nothing with a clock in it: equal runs, equal files."""


class Journal(Model):
    """The losses of a run, step by step."""

    path: Path

    def restart(self, logs: Sequence[dict[str, Any]]) -> None:
        """Begin with what a checkpoint remembers; steps after it will be taken again."""
        self.path.write_text("".join(_line(log) for log in logs), encoding="utf-8")

    def add(self, log: dict[str, Any]) -> None:
        """Append one step."""
        with self.path.open("a", encoding="utf-8") as file:
            file.write(_line(log))


def _line(log: dict[str, Any]) -> str:
    return json.dumps({key: log[key] for key in KEPT if key in log}) + "\n"
