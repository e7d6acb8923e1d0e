"""A checkpoint is complete, or it is deleted and the one before it is used."""

import json
import shutil
import zipfile
from pathlib import Path

import pytest
from safetensors.numpy import save_file

from train.checkpoints import STATE_FILES, is_complete_checkpoint, last_checkpoint


def checkpoint(checkpoints: Path, step: int) -> Path:
    import numpy as np

    folder = checkpoints / f"checkpoint-{step}"
    folder.mkdir(parents=True)
    save_file({"lora": np.ones((4, 4))}, folder / "adapter_model.safetensors")
    for name in STATE_FILES:
        with zipfile.ZipFile(folder / name, "w") as archive:
            archive.writestr("data", b"x" * 100)
    (folder / "trainer_state.json").write_text(json.dumps({"global_step": step}))
    return folder


def test_the_newest_complete_checkpoint_is_the_one_with_the_highest_number(tmp_path: Path) -> None:
    assert last_checkpoint(tmp_path) is None
    for step in (2, 10, 8):
        checkpoint(tmp_path, step)
    assert last_checkpoint(tmp_path) == tmp_path / "checkpoint-10"


@pytest.mark.parametrize(
    "damaged", ["trainer_state.json", "adapter_model.safetensors", *STATE_FILES]
)
@pytest.mark.parametrize("how", ["missing", "cut", "empty"])
def test_an_incomplete_checkpoint_is_deleted_and_the_one_before_it_is_used(
    tmp_path: Path, damaged: str, how: str
) -> None:
    complete = checkpoint(tmp_path, 2)
    incomplete = checkpoint(tmp_path, 4)
    file = incomplete / damaged
    data = file.read_bytes()
    if how == "missing":
        file.unlink()
    else:
        file.write_bytes(data[:-10] if how == "cut" else b"")
    assert is_complete_checkpoint(complete)
    assert last_checkpoint(tmp_path) == complete
    assert not incomplete.exists()


def test_a_checkpoint_copied_under_another_number_is_not_used(tmp_path: Path) -> None:
    shutil.copytree(checkpoint(tmp_path, 2), tmp_path / "checkpoint-6")
    assert last_checkpoint(tmp_path) == tmp_path / "checkpoint-2"
