"""`metrics.jsonl`: one line per optimiser step, correct after a resume too."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from schemas.base import Model

_LOGGED_KEYS = ("step", "loss", "learning_rate", "grad_norm")
"""What we keep of the trainer's log. No times, so that equal runs write equal files."""


class MetricsLog(Model):
    """The losses of a run, step by step."""

    path: Path

    def restart(self, logs: Sequence[dict[str, Any]]) -> None:
        """Overwrite the file with the steps up to a checkpoint; later ones will be taken again."""
        self.path.write_text("".join(_line(log) for log in logs), encoding="utf-8")

    def add(self, log: dict[str, Any]) -> None:
        """Append one step."""
        with self.path.open("a", encoding="utf-8") as file:
            file.write(_line(log))


def _line(log: dict[str, Any]) -> str:
    return json.dumps({key: log[key] for key in _LOGGED_KEYS if key in log}) + "\n"
