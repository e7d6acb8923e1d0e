"""Checkpoints as transformers' Trainer writes them: which one can an interrupted run resume from?

Other libraries that build on that Trainer write the same files.
"""

import json
import shutil
import struct
import zipfile
from pathlib import Path

STATE_FILES = ("optimizer.pt", "scheduler.pt", "rng_state.pth")
"""What a checkpoint needs besides its adapter and `trainer_state.json`. All are Zip archives."""


def last_checkpoint(checkpoints: Path) -> Path | None:
    """The newest complete checkpoint in a folder; None if there is none.

    Incomplete ones, which a kill leaves behind, are deleted.
    """
    newest = None
    for folder in sorted(checkpoints.glob("checkpoint-*"), key=_step):
        if is_complete_checkpoint(folder):
            newest = folder
        else:
            shutil.rmtree(folder)
    return newest


def is_complete_checkpoint(checkpoint: Path) -> bool:
    """Whether every file that resuming reads is there and whole. Nothing is unpickled."""
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
    """Whether the file is as long as its header says.

    The first 8 bytes give the length of the header, and the header gives where each tensor ends.
    """
    try:
        with file.open("rb") as stream:
            (header_length,) = struct.unpack("<Q", stream.read(8))
            header = json.loads(stream.read(header_length))
    except (OSError, ValueError, struct.error):
        return False
    ends = [entry["data_offsets"][1] for name, entry in header.items() if name != "__metadata__"]
    return bool(file.stat().st_size == 8 + header_length + max(ends, default=0))


def _step(checkpoint: Path) -> int:
    number = checkpoint.name.removeprefix("checkpoint-")
    return int(number) if number.isdigit() else -1
