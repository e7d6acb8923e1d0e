"""`runs/<name>/`: which run a folder holds, whether it is finished, where it can go on from."""

import json
import shutil
import struct
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from pipeline.files import write_json
from schemas.base import Model
from schemas.errors import UserError

STATE_FILES = ("optimizer.pt", "scheduler.pt", "rng_state.pth")
"""What a checkpoint needs besides its adapter and `trainer_state.json`. Zip archives, all three."""


class RunFolder(Model):
    """The places of one run."""

    path: Path

    @property
    def name(self) -> str:
        """The run's name."""
        return self.path.name

    @property
    def config(self) -> Path:
        """What the run was asked to do; written first."""
        return self.path / "config.json"

    @property
    def splits(self) -> Path:
        """Ids that were trained on, held out and dropped."""
        return self.path / "splits.json"

    @property
    def metrics(self) -> Path:
        """One line a step."""
        return self.path / "metrics.jsonl"

    @property
    def checkpoints(self) -> Path:
        """Where an interrupted run goes on from. Removed when the run is finished."""
        return self.path / "checkpoints"

    @property
    def adapter(self) -> Path:
        """The result."""
        return self.path / "adapter"

    @property
    def manifest(self) -> Path:
        """Written last: its existence means that the run is finished."""
        return self.path / "manifest.json"

    @property
    def identity(self) -> str | None:
        """The identity of the run that the folder holds; None where there is none yet."""
        if not self.config.is_file():
            return None
        config: dict[str, Any] = json.loads(self.config.read_text(encoding="utf-8"))
        return str(config["identity"])

    def begin(self, identity: str, config: dict[str, Any], splits: dict[str, Any]) -> None:
        """Write what the run is to do. Doing so again for the same run changes nothing."""
        write_json(self.splits, splits)
        write_json(self.config, {"identity": identity, **config})

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Keep a second process out; a kill releases it.

        Raises:
            UserError: another process is at work on this run.
        """
        self.path.mkdir(parents=True, exist_ok=True)
        try:
            with FileLock(self.path / ".lock", blocking=False):
                yield
        except Timeout:
            raise UserError(
                f"another process is training {self.path}",
                "wait for it, or end it: the run then goes on from its last checkpoint",
            ) from None

    def last_checkpoint(self) -> Path | None:
        """The newest complete checkpoint. Those that a kill left half-written are removed."""
        complete = None
        for folder in sorted(self.checkpoints.glob("checkpoint-*"), key=_step):
            if is_complete(folder):
                complete = folder
            else:
                shutil.rmtree(folder)
        return complete


def claim(runs: Path, name: str | None, identity: str) -> RunFolder:
    """The folder of this run: the one that was begun for it, or a new one, not yet made.

    Raises:
        UserError: `name` is the name of another run, or no name.
    """
    if name is None:
        same = [folder for folder in run_folders(runs) if folder.identity == identity]
        folder = same[-1] if same else RunFolder(path=runs / _next_number(runs))
    else:
        if not name or name != Path(name).name or name.startswith("."):
            raise UserError(f"{name!r} cannot be the name of a run", "use letters, digits and -")
        folder = RunFolder(path=runs / name)
    if folder.identity not in (None, identity):
        raise UserError(
            f"{folder.path} holds another run: its rows, base model or settings differ",
            "choose another --name, or none to take the next number",
        )
    return folder


def run_folders(runs: Path) -> list[RunFolder]:
    """Every run that was begun, by name."""
    return [RunFolder(path=config.parent) for config in sorted(runs.glob("*/config.json"))]


def is_complete(checkpoint: Path) -> bool:
    """Whether everything that a resume reads is there and whole; nothing is unpickled to see."""
    try:
        state = json.loads((checkpoint / "trainer_state.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return (
        state.get("global_step") == _step(checkpoint)
        and all(zipfile.is_zipfile(checkpoint / name) for name in STATE_FILES)
        and _is_whole_safetensors(checkpoint / "adapter_model.safetensors")
    )


def _is_whole_safetensors(file: Path) -> bool:
    """8 bytes give the header's length; the header gives where the last tensor ends."""
    try:
        with file.open("rb") as stream:
            (length,) = struct.unpack("<Q", stream.read(8))
            header = json.loads(stream.read(length))
    except (OSError, ValueError, struct.error):
        return False
    ends = [entry["data_offsets"][1] for name, entry in header.items() if name != "__metadata__"]
    return bool(file.stat().st_size == 8 + length + max(ends, default=0))


def _step(checkpoint: Path) -> int:
    number = checkpoint.name.removeprefix("checkpoint-")
    return int(number) if number.isdigit() else -1


def _next_number(runs: Path) -> str:
    taken = [int(folder.name) for folder in runs.glob("*") if folder.name.isdigit()]
    return f"{max(taken, default=0) + 1:04d}"
