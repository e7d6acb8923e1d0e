"""Files are whole or absent."""

import hashlib
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.files import append_line, sha256_file, whole_lines, write_atomically, write_json


def test_a_write_that_fails_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.json"
    write_atomically(path, b"old")

    def full(descriptor: int) -> None:
        raise OSError("no space left")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="no space"):
        write_atomically(path, b"new")
    assert path.read_bytes() == b"old"


def test_a_json_file_holds_any_text(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "a.json"
    write_json(path, {"text": "é\ud800", "path": Path("x")})
    assert json.loads(path.read_text("utf-8")) == {"text": "é\ud800", "path": "x"}


@given(
    lines=st.lists(st.text().filter(lambda line: line.strip() and "\n" not in line), max_size=4),
    tail=st.binary(max_size=5).filter(lambda tail: b"\n" not in tail),
)
def test_a_torn_last_line_is_neither_read_nor_run_into(
    lines: list[str], tail: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("log") / "log.jsonl"
    for line in lines:
        append_line(path, line)
    with path.open("ab") as file:
        file.write(tail)
    assert list(whole_lines(path)) == lines
    append_line(path, "next")
    assert list(whole_lines(path)) == [*lines, "next"]


def test_a_log_that_is_not_there_has_no_lines(tmp_path: Path) -> None:
    assert list(whole_lines(tmp_path / "log.jsonl")) == []


def test_the_hash_is_that_of_the_bytes(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abc")
    assert sha256_file(tmp_path / "a") == hashlib.sha256(b"abc").hexdigest()
