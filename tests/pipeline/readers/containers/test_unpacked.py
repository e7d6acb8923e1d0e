"""Packed and recoded files give the same rows as plain ones; what breaks off is named."""

import bz2
import gzip
import json
import lzma
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.readers import BadRow, Row, open_rows
from schemas.errors import UserError

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

Rows = Callable[[str | bytes], list[Row | BadRow]]

PACK: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "Zstandard": zstd.compress,
    "bzip2": bz2.compress,
    "xz": lzma.compress,
}

CODINGS = ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]

LINES = "".join(f'{{"question": "What is {n}?", "answer": "{n} – ✓"}}\n' for n in range(5000))


@pytest.mark.parametrize("how", PACK)
@given(
    content=st.lists(st.dictionaries(st.text(), st.text() | st.integers(0, 9)), min_size=1).map(
        lambda values: "\n".join(map(json.dumps, values)).encode()
    )
)
def test_a_packed_file_gives_the_rows_of_the_plain_one(
    rows: Rows, how: str, content: bytes
) -> None:
    assert rows(PACK[how](content)) == rows(content)


@pytest.mark.parametrize("how", PACK)
def test_a_packed_file_says_what_it_is(tmp_path: Path, how: str) -> None:
    file = tmp_path / "file"
    file.write_bytes(PACK[how](b"question,answer\na,b\n"))
    assert open_rows(file).name == f"CSV, {how}"


@pytest.mark.parametrize("how", PACK)
def test_two_packed_files_one_after_the_other_are_one(rows: Rows, how: str) -> None:
    both = PACK[how](b'{"a": 1}\n') + PACK[how](b'{"b": 2}\n')
    assert rows(both) == [Row(1, {"a": 1}), Row(2, {"b": 2})]


@pytest.mark.parametrize("how", ["gzip", "Zstandard"])
def test_a_packed_file_that_breaks_off_is_read_as_far_as_it_goes(rows: Rows, how: str) -> None:
    packed = PACK[how](LINES.encode())
    *good, bad = rows(packed[: len(packed) * 3 // 4])
    assert good == rows(LINES)[: len(good)]
    assert good
    assert isinstance(bad, BadRow)
    assert "breaks off" in bad.why


@pytest.mark.parametrize("coding", CODINGS)
def test_text_in_another_unicode_coding_is_decoded(rows: Rows, coding: str) -> None:
    assert rows(LINES.encode(coding)) == rows(LINES)
    assert rows("question,answer\r\nä,✓\r\n".encode(coding)) == [
        Row(2, {"question": "ä", "answer": "✓"})
    ]


def test_a_packed_file_in_another_coding_is_both_undone(rows: Rows) -> None:
    assert rows(gzip.compress(LINES.encode("utf-16"))) == rows(LINES)


def test_a_file_that_cannot_be_opened_is_the_users_mistake(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot be read: Is a directory"):
        open_rows(tmp_path)


def test_packed_parquet_is_refused_with_what_to_do(rows: Rows) -> None:
    with pytest.raises(UserError, match="Parquet packed with gzip") as caught:
        rows(gzip.compress(b"PAR1" + bytes(20)))
    assert caught.value.remedy == "unpack it first"
