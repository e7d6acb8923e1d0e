"""Files are whole or absent."""

import hashlib
import json
import os
from pathlib import Path
from typing import BinaryIO

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.files import (
    append_line,
    append_lines,
    sha256_file,
    whole_lines,
    write_atomically,
    write_json,
    write_parquet,
)


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


@pytest.fixture
def fsyncs(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Descriptors that were flushed to disk."""
    flushed: list[int] = []
    monkeypatch.setattr("os.fsync", flushed.append)
    return flushed


def test_many_lines_are_flushed_once_and_no_line_not_at_all(
    tmp_path: Path, fsyncs: list[int]
) -> None:
    path = tmp_path / "log.jsonl"
    append_lines(path, [])
    assert not path.exists()
    append_lines(path, [str(number) for number in range(100)])
    assert list(whole_lines(path)) == [str(number) for number in range(100)]
    assert len(fsyncs) == 1


@given(cut=st.integers(1, 30))
def test_of_an_append_torn_by_a_power_cut_the_whole_lines_stay(
    cut: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("log") / "log.jsonl"
    lines = ["ä", "second", "the third"]
    append_lines(path, lines)
    data = path.read_bytes()[:-cut]
    path.write_bytes(data)
    whole = lines[: data.count(b"\n")]
    assert list(whole_lines(path)) == whole
    append_lines(path, ["next", "last"])
    assert list(whole_lines(path)) == [*whole, "next", "last"]


def test_a_write_cut_short_is_continued(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = os.write
    monkeypatch.setattr("os.write", lambda descriptor, data: write(descriptor, data[:3]))
    append_lines(tmp_path / "log.jsonl", ["a long line", "another"])
    assert list(whole_lines(tmp_path / "log.jsonl")) == ["a long line", "another"]


def test_a_log_that_is_not_there_has_no_lines(tmp_path: Path) -> None:
    assert list(whole_lines(tmp_path / "log.jsonl")) == []


def test_the_hash_is_that_of_the_bytes(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abc")
    assert sha256_file(tmp_path / "a") == hashlib.sha256(b"abc").hexdigest()


def test_a_frame_comes_back_and_what_cannot_be_written_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, frame = tmp_path / "deep" / "a.parquet", pl.DataFrame({"id": ["a", "b"]})
    write_parquet(path, frame)

    def full(*_: object) -> None:
        raise pl.exceptions.ComputeError("File too large")

    monkeypatch.setattr(pl.DataFrame, "write_parquet", full)
    with pytest.raises(OSError, match="too large"):
        write_parquet(path, frame.head(1))
    assert pl.read_parquet(path).equals(frame)
    assert [file.name for file in path.parent.iterdir()] == ["a.parquet"]


def test_two_processes_that_write_the_same_file_have_a_draft_each(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, frame = tmp_path / "a.parquet", pl.DataFrame({"id": ["a"]})
    true = pl.DataFrame.write_parquet

    def while_another_writes(self: pl.DataFrame, file: BinaryIO) -> None:
        monkeypatch.undo()
        monkeypatch.setattr("os.getpid", lambda: 1)
        write_parquet(path, frame)
        assert len(list(tmp_path.iterdir())) == 2
        true(self, file)

    monkeypatch.setattr(pl.DataFrame, "write_parquet", while_another_writes)
    write_parquet(path, frame)
    assert pl.read_parquet(path).equals(frame)
    assert [file.name for file in tmp_path.iterdir()] == ["a.parquet"]
