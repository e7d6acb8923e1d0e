"""What a user names becomes files, each once, in order of name."""

from pathlib import Path

import pytest

from pipeline.readers import find_files
from schemas.errors import UserError


def test_a_folder_gives_its_files_by_name_to_its_end_without_hidden_ones(tmp_path: Path) -> None:
    for name in ("b.csv", "a.jsonl", ".hidden"):
        (tmp_path / name).touch()
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "c.csv").touch()
    assert find_files([tmp_path]) == [
        tmp_path / "a.jsonl",
        tmp_path / "b.csv",
        tmp_path / "inner" / "c.csv",
    ]


def test_a_file_that_is_named_twice_is_read_once(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.touch()
    assert find_files([file, tmp_path, file]) == [file]


def test_a_path_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"gone\.jsonl does not exist"):
        find_files([tmp_path / "gone.jsonl"])


def test_a_folder_without_data_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="folder without data"):
        find_files([tmp_path])
