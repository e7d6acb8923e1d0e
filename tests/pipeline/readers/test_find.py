"""What a user names becomes files, each once, in order of name."""

import io
import json
import os
import threading
from pathlib import Path

import polars as pl
import pytest

from pipeline.readers import Row, find_files, read_rows
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
    with pytest.raises(UserError, match="holds no data files"):
        find_files([tmp_path])


def test_what_only_describes_data_is_left_out_of_a_folder(tmp_path: Path) -> None:
    for name in ("README.md", "LICENSE", "dataset_info.json", "load.py", ".git", "chats.json"):
        (tmp_path / name).touch()
    (tmp_path / ".cache").mkdir()
    (tmp_path / ".cache" / "old.json").touch()
    assert find_files([tmp_path]) == [tmp_path / "chats.json"]


def test_a_pattern_gives_what_fits_it_in_order(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    files = [tmp_path / "a" / "b" / "2.jsonl", tmp_path / "a" / "1.jsonl"]
    for file in (*files, tmp_path / "a" / "3.csv"):
        file.touch()
    assert find_files([tmp_path / "**" / "*.jsonl"]) == sorted(files)
    with pytest.raises(UserError, match="no file matches the pattern"):
        find_files([tmp_path / "*.parquet"])


def test_a_file_whose_name_looks_like_a_pattern_is_that_file(tmp_path: Path) -> None:
    (tmp_path / "chat[1].json").touch()
    assert find_files([tmp_path / "chat[1].json"]) == [tmp_path / "chat[1].json"]


def test_standard_input_is_read_once_into_a_file_of_that_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b'{"a": 1}\n')))
    [file] = find_files([Path("-")])
    assert file.name == "stdin"
    assert list(read_rows(file)) == [Row(1, {"a": 1})]


def test_a_terminal_is_no_input(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = io.TextIOWrapper(io.BytesIO())
    monkeypatch.setattr(terminal, "isatty", lambda: True, raising=False)
    monkeypatch.setattr("sys.stdin", terminal)
    with pytest.raises(UserError, match="nothing comes in at standard input"):
        find_files([Path("-")])


def test_a_pipe_is_read_once_into_a_file(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(b'{"a": 1}\n',))
    writer.start()
    [file] = find_files([pipe])
    writer.join()
    assert list(read_rows(file)) == [Row(1, {"a": 1})]


def test_a_data_set_that_was_saved_gives_the_files_of_its_state_and_no_cache(
    tmp_path: Path,
) -> None:
    for split in ("train", "test"):
        folder = tmp_path / "saved" / split
        folder.mkdir(parents=True)
        pl.DataFrame({"text": [split]}).write_ipc_stream(folder / "data-00000-of-00001.arrow")
        (folder / "cache-1.arrow").touch()
        (folder / "dataset_info.json").write_text("{}")
        state = {"_data_files": [{"filename": "data-00000-of-00001.arrow"}]}
        (folder / "state.json").write_text(json.dumps(state))
    (tmp_path / "saved" / "dataset_dict.json").write_text('{"splits": ["train", "test"]}')
    files = find_files([tmp_path / "saved"])
    assert [row.value for file in files for row in read_rows(file)] == [
        {"text": "test"},
        {"text": "train"},
    ]
