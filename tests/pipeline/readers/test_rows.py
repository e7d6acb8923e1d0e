"""The container is found by looking at it, and every row keeps its line."""

import contextlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.readers import Bad, Row, read_rows
from schemas.errors import UserError

Rows = Callable[[str | bytes], list[Row | Bad]]


@pytest.fixture(scope="session")
def rows(tmp_path_factory: pytest.TempPathFactory) -> Rows:
    """Writes a file and reads it, under a name that says nothing."""
    path = tmp_path_factory.mktemp("rows") / "file"

    def read(content: str | bytes) -> list[Row | Bad]:
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return list(read_rows(path))

    return read


A, B = {"a": 1}, {"b": "x"}


@pytest.mark.parametrize(
    ("content", "lines"),
    [
        ('{"a": 1}\n{"b": "x"}\n', [1, 2]),
        ('{"a": 1}\r\n\r\n{"b": "x"}', [1, 3]),
        ('\n\n  {"a": 1}\n\n{"b": "x"}\n\n', [3, 5]),
        ('[{"a": 1}, {"b": "x"}]', [1, 1]),
        ('[\n  {\n    "a": 1\n  },\n  {\n    "b": "x"\n  }\n]\n', [2, 5]),
        ('\n[\r\n{"a": 1}\r\n,\r\n{"b": "x"}]', [3, 5]),
        ('\ufeff{"a": 1}\n{"b": "x"}', [1, 2]),
        ('\ufeff[{"a": 1},\n{"b": "x"}]', [1, 2]),
    ],
)
def test_json_lines_and_json_arrays_keep_the_line_on_which_a_row_begins(
    rows: Rows, content: str, lines: list[int]
) -> None:
    assert rows(content) == [Row(lines[0], A), Row(lines[1], B)]


@pytest.mark.parametrize("separator", ["\u2028", "\u2029", "\u0085", "\x0c", "\x1c"])
def test_only_newlines_part_lines(rows: Rows, separator: str) -> None:
    value = {"text": f"one{separator}two"}
    line = json.dumps(value, ensure_ascii=False)
    assert rows(f"{line}\n{line}") == [Row(1, value), Row(2, value)]


def test_a_line_break_inside_a_string_of_an_array_counts_as_none(rows: Rows) -> None:
    assert rows('[{"a": "x\\ny"},\n{"b": 2}]') == [Row(1, {"a": "x\ny"}), Row(2, {"b": 2})]


def test_bare_lists_are_rows_in_lines_and_in_an_array(rows: Rows) -> None:
    assert rows("[1]\n[2]") == [Row(1, [1]), Row(2, [2])]
    assert rows("[[1],\n[2]]") == [Row(1, [1]), Row(2, [2])]


def test_a_list_that_holds_no_rows_is_one_row_itself(rows: Rows) -> None:
    assert rows('["a", 1]') == [Row(1, ["a", 1])]


def test_a_broken_line_is_bad_and_the_others_are_read(rows: Rows) -> None:
    good, bad, last = rows('{"a": 1}\n{"b": \n{"b": "x"}\n')
    assert (good, last) == (Row(1, A), Row(3, B))
    assert isinstance(bad, Bad)
    assert (bad.line, bad.text) == (2, '{"b": ')
    assert bad.why.startswith("not JSON")


def test_bytes_that_are_no_text_are_bad_and_shown_escaped(rows: Rows) -> None:
    bad, good = rows(b'{"a": "\xff"}\n{"a": 1}')
    assert good == Row(2, A)
    assert isinstance(bad, Bad)
    assert bad.text == '{"a": "\\xff"}'


@pytest.mark.parametrize("row", ['{"a": ' * 100_000, "[" * 100_000], ids=["objects", "lists"])
def test_a_row_nested_beyond_all_reason_is_bad_and_the_others_are_read(
    rows: Rows, row: str
) -> None:
    bad, good = rows(f'{row}\n{{"a": 1}}')
    assert good == Row(2, A)
    assert isinstance(bad, Bad)


TABLE = [Row(2, {"question": "Hi?", "answer": "Yes"}), Row(3, {"question": "Ho?", "answer": "No"})]


@pytest.mark.parametrize(
    "content",
    [
        "question,answer\nHi?,Yes\nHo?,No\n",
        "question;answer\nHi?;Yes\nHo?;No",
        "question\tanswer\nHi?\tYes\nHo?\tNo",
        "question,answer\r\nHi?,Yes\r\nHo?,No\r\n",
        "\ufeffquestion,answer\nHi?,Yes\nHo?,No",
        ' question , answer \n"Hi?","Yes"\n"Ho?",No',
    ],
    ids=["commas", "semicolons", "tabs", "CRLF", "BOM", "quotes"],
)
def test_a_table_is_read_whatever_program_saved_it(rows: Rows, content: str) -> None:
    assert rows(content) == TABLE


def test_quotes_hold_separators_line_breaks_and_quotes(rows: Rows) -> None:
    found = rows('q,a\n"one,\r\ntwo","say ""hi"""\n\nthree,"four\n"\nfive,six')
    assert found == [
        Row(2, {"q": "one,\r\ntwo", "a": 'say "hi"'}),
        Row(5, {"q": "three", "a": "four\n"}),
        Row(7, {"q": "five", "a": "six"}),
    ]


def test_a_table_row_of_another_width_is_bad_with_its_cells(rows: Rows) -> None:
    assert rows("q,a\nx,y,z\nu,v") == [
        Bad(2, "3 cells where the header has 2", '["x", "y", "z"]'),
        Row(3, {"q": "u", "a": "v"}),
    ]


def test_a_cell_of_any_length_is_read_and_so_are_the_rows_behind_it(rows: Rows) -> None:
    long = "word " * 40_000
    assert rows(f"q,a\nx,{long}\nu,v") == [
        Row(2, {"q": "x", "a": long}),
        Row(3, {"q": "u", "a": "v"}),
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b" \n\t\n", "is empty"),
        (b"\xef\xbb\xbf\n", "is empty"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n", "Git LFS"),
        (b" [\n] \n", "its list is empty"),
        (b"PAR1\x00\x00\x00", "no Parquet file that can be read"),
        (b"ARROW1\0\0rest", "no Arrow file that can be read"),
        (b"\xff\xff\xff\xff\x10\0\0\0", "no Arrow stream file that can be read"),
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
    rows: Rows, content: bytes, said: str
) -> None:
    with pytest.raises(UserError, match=said) as caught:
        rows(content)
    assert caught.value.remedy


def test_a_file_that_cannot_be_opened_is_the_users_mistake(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot be read"):
        read_rows(tmp_path)


BITS = st.sampled_from(
    [b"{", b"}", b"[", b"]", b'"', b",", b";", b"\t", b"\n", b"\r", b" ", b"\0", b"\xff", b"\\u",
     b'{"a": 1}', b"q,a\n", b"null", "é\u2028".encode(), b"\xef\xbb\xbf", b"1e999", b"NaN"]
)  # fmt: skip


@given(st.binary(max_size=40) | st.text().map(str.encode) | st.lists(BITS).map(b"".join))
def test_any_bytes_are_rows_in_order_of_their_lines_or_the_users_mistake(
    rows: Rows, content: bytes
) -> None:
    with contextlib.suppress(UserError):
        lines = [row.line for row in rows(content)]
        assert lines == sorted(lines)
        assert all(1 <= line <= len(content.splitlines()) + 1 for line in lines)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
OBJECTS = st.lists(st.dictionaries(st.text(), JSON, max_size=3), min_size=1, max_size=5)


@given(values=OBJECTS, ascii=st.booleans(), indent=st.none() | st.integers(0, 2))
def test_every_json_object_is_read_as_it_was_written(
    rows: Rows, values: list[dict], ascii: bool, indent: int | None
) -> None:
    lines = "\n".join(json.dumps(value, ensure_ascii=ascii) for value in values)
    array = json.dumps(values, ensure_ascii=ascii, indent=indent)
    assert [row.value for row in rows(lines)] == values
    assert [row.value for row in rows(array)] == values


CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)
LINES = st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=5)


@given(table=LINES, delimiter=st.sampled_from(",;\t"), end=st.sampled_from(["\n", "\r\n"]))
def test_every_quoted_table_is_read_as_it_was_written(
    rows: Rows, table: list[tuple[str, str]], delimiter: str, end: str
) -> None:
    quoted = [delimiter.join('"' + cell.replace('"', '""') + '"' for cell in row) for row in table]
    found = rows(end.join([f"q{delimiter}a", *quoted]))
    assert [(row.value["q"], row.value["a"]) for row in found] == table
