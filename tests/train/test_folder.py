"""A finished run, an unfinished one and none at all are told apart."""

from pathlib import Path

import pytest

from schemas.errors import UserError
from train.folder import RunFolder
from train.manifest import read_manifest


def test_no_run_and_an_unfinished_one_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="there is no run"):
        read_manifest(tmp_path / "0001")
    RunFolder(path=tmp_path / "0001").begin("identity", {}, {})
    with pytest.raises(UserError, match="not finished") as caught:
        read_manifest(tmp_path / "0001")
    assert "resumes" in caught.value.remedy
