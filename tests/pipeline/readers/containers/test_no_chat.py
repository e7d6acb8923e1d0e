"""What holds no rows is refused in one sentence that says what it is."""

from collections.abc import Callable

import pytest

from pipeline.readers import BadRow, Row
from schemas.errors import UserError

Rows = Callable[[str | bytes], list[Row | BadRow]]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty"),
        (b" \n\t\n", "is empty"),
        (b"\xef\xbb\xbf\n", "is empty"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n", "Git LFS"),
        (b" [\n] \n", "its list is empty"),
        (b"PAR1\x00\x00\x00", "cannot be read as Parquet"),
        (b"ARROW1\0\0rest", "cannot be read as Arrow"),
        (b"\xff\xff\xff\xff\x10\0\0\0", "cannot be read as Arrow stream"),
        (b"\0\1\2\3", "binary file of an unknown kind"),
        (b"SQLite format 3\0\x10", "an SQLite database"),
        (b"%PDF-1.7\n", "a PDF document"),
        (b"PK\x03\x04\x14\0\x06\0\x08[Content_Types].xml", "an office document"),
        (b"PK\x03\x04\x14\0\0\0\0archive/data.pkl", "a zip archive"),
        (b"\x89PNG\r\n\x1a\n", "an image"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "an image"),
        (b"\x80\x04\x95\x0c\0\0\0\0\0\0\0}\x94.", "a Python pickle, which is never loaded"),
        (b"\n<!DOCTYPE html>\n<html>", "an HTML page"),
        (b'<?xml version="1.0"?><a/>', "XML"),
        (b"-- MySQL dump 10.13\n/*!40101 SET NAMES utf8 */;\nDROP TABLE IF EXISTS `a`;\n"
         b"CREATE TABLE `a` (\n", "an SQL dump"),
        (b"PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\nINSERT INTO a VALUES(1);", "an SQL dump"),
        (b'{"train": [["hi there", "greet"], ["bye", "leave"], ["ok?", "ask"], ["x", "y"]]}',
         "lists of .text, label. pairs"),
        (b"\x1f\x8bnot gzip at all", "cannot be read"),
        (b"Once upon a time\nthere was a file", "neither JSON Lines, JSON nor CSV"),
        (b"question,answer\n", "a header and no rows"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_says_why_and_how_to_mend_it(
    rows: Rows, content: bytes, sentence: str
) -> None:
    with pytest.raises(UserError, match=sentence) as caught:
        rows(content)
    assert caught.value.remedy


@pytest.mark.parametrize(
    "content",
    [
        '{"history": [["hello there", "Hi. How are you?"], ["fine", "Good to hear."]], "q": "x"}',
        "create table,answer\nhow?,so",
        "-- a note,answer\na,b",
        "PKs and FKs,answer\nwhat?,keys",
        "ORC,answer\na,b",
    ],
)
def test_what_only_looks_like_it_is_read(rows: Rows, content: str) -> None:
    assert len(rows(content)) == 1
