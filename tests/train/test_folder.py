"""A checkpoint is complete, or it is removed and the one before it counts."""

import json
import shutil
import zipfile
from pathlib import Path

import pytest
from safetensors.numpy import save_file

from schemas.errors import UserError
from train.folder import STATE_FILES, RunFolder, is_complete
from train.manifest import read_manifest


def checkpoint(run: RunFolder, step: int) -> Path:
    import numpy as np

    folder = run.checkpoints / f"checkpoint-{step}"
    folder.mkdir(parents=True)
    save_file({"lora": np.ones((4, 4))}, folder / "adapter_model.safetensors")
    for name in STATE_FILES:
        with zipfile.ZipFile(folder / name, "w") as archive:
            archive.writestr("data", b"x" * 100)
    (folder / "trainer_state.json").write_text(json.dumps({"global_step": step}))
    return folder


def test_the_newest_complete_one_counts_by_its_number(tmp_path: Path) -> None:
    run = RunFolder(path=tmp_path)
    assert run.last_checkpoint() is None
    for step in (2, 10, 8):
        checkpoint(run, step)
    assert run.last_checkpoint() == run.checkpoints / "checkpoint-10"


@pytest.mark.parametrize("torn", ["trainer_state.json", "adapter_model.safetensors", *STATE_FILES])
@pytest.mark.parametrize("how", ["missing", "cut", "empty"])
def test_a_torn_one_is_removed_and_the_one_before_it_counts(
    tmp_path: Path, torn: str, how: str
) -> None:
    run = RunFolder(path=tmp_path)
    whole = checkpoint(run, 2)
    half = checkpoint(run, 4)
    file = half / torn
    data = file.read_bytes()
    if how == "missing":
        file.unlink()
    else:
        file.write_bytes(data[:-10] if how == "cut" else b"")
    assert is_complete(whole)
    assert run.last_checkpoint() == whole
    assert not half.exists()


def test_a_copied_checkpoint_under_another_number_is_not_taken(tmp_path: Path) -> None:
    run = RunFolder(path=tmp_path)
    shutil.copytree(checkpoint(run, 2), run.checkpoints / "checkpoint-6")
    assert run.last_checkpoint() == run.checkpoints / "checkpoint-2"


def test_no_run_and_an_unfinished_one_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="there is no run"):
        read_manifest(tmp_path / "0001")
    RunFolder(path=tmp_path / "0001").begin("identity", {}, {})
    with pytest.raises(UserError, match="not finished") as caught:
        read_manifest(tmp_path / "0001")
    assert "goes on" in caught.value.remedy
