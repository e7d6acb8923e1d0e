"""`runs/<name>/`: what each run leaves there, and which folder a run belongs to."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from pipeline.files import write_json
from schemas.base import Model
from schemas.errors import UserError


class RunFolder(Model):
    """Where the files of one run are."""

    path: Path

    @property
    def name(self) -> str:
        """The run's name."""
        return self.path.name

    @property
    def config(self) -> Path:
        """The identity and the configuration of the run; written first."""
        return self.path / "config.json"

    @property
    def splits(self) -> Path:
        """The ids of the records that were trained on, held out and dropped."""
        return self.path / "splits.json"

    @property
    def metrics(self) -> Path:
        """One line per optimiser step."""
        return self.path / "metrics.jsonl"

    @property
    def checkpoints(self) -> Path:
        """What an interrupted run resumes from. Deleted when the run is finished."""
        return self.path / "checkpoints"

    @property
    def adapter(self) -> Path:
        """The trained adapter, with its tokenizer and model card."""
        return self.path / "adapter"

    @property
    def manifest(self) -> Path:
        """Written last: if it exists, the run is finished."""
        return self.path / "manifest.json"

    @property
    def identity(self) -> str | None:
        """The identity of the run in this folder; None if there is none yet."""
        if not self.config.is_file():
            return None
        config: dict[str, Any] = json.loads(self.config.read_text(encoding="utf-8"))
        return str(config["identity"])

    def begin(self, identity: str, config: dict[str, Any], splits: dict[str, Any]) -> None:
        """Record what the run will do. Repeating it for the same run changes nothing."""
        write_json(self.splits, splits)
        write_json(self.config, {"identity": identity, **config})

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Keep other processes out of this run. If this process is killed, the lock is released.

        Raises:
            UserError: another process is training this run.
        """
        self.path.mkdir(parents=True, exist_ok=True)
        try:
            with FileLock(self.path / ".lock", blocking=False):
                yield
        except Timeout:
            raise UserError(
                f"another process is training {self.path}",
                "wait for it, or stop it: the run then resumes from its last checkpoint",
            ) from None


def choose_run_folder(runs_dir: Path, name: str | None, identity: str) -> RunFolder:
    """The folder for a run: the one that it was begun in, or a new one, which is not made yet.

    Args:
        runs_dir: The workspace's `runs/`.
        name: Name of the run. Without one, a run that was begun keeps its folder, and a new run
            gets the next number.
        identity: Which run it is: see `TrainingSpec.identity`.

    Raises:
        UserError: `name` cannot be a name, or it is the name of another run.
    """
    if name is None:
        same_run = [folder for folder in run_folders(runs_dir) if folder.identity == identity]
        return same_run[-1] if same_run else RunFolder(path=runs_dir / _next_number(runs_dir))
    if not name or name != Path(name).name or name.startswith("."):
        raise UserError(f"{name!r} cannot be the name of a run", "use letters, digits and -")
    folder = RunFolder(path=runs_dir / name)
    if folder.identity not in (None, identity):
        raise UserError(
            f"{folder.path} holds another run: its records, base model or settings differ",
            "choose another --name, or leave --name out to use the next number",
        )
    return folder


def run_folders(runs_dir: Path) -> list[RunFolder]:
    """Every run that was begun, finished or not, sorted by name."""
    return [RunFolder(path=config.parent) for config in sorted(runs_dir.glob("*/config.json"))]


def _next_number(runs_dir: Path) -> str:
    taken = [int(folder.name) for folder in runs_dir.glob("*") if folder.name.isdigit()]
    return f"{max(taken, default=0) + 1:04d}"
