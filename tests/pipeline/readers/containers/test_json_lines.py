"""One row a line, each with its line, whatever is wrong with the others."""

import json
from collections.abc import Callable

import pytest

from pipeline.readers import BadRow, Row

Rows = Callable[[str | bytes], list[Row | BadRow]]

A, B = {"a": 1}, {"b": "x"}


@pytest.mark.parametrize("separator", ["\u2028", "\u2029", "\u0085", "\x0c", "\x1c"])
def test_only_newlines_part_lines(rows: Rows, separator: str) -> None:
    value = {"text": f"one{separator}two"}
    line = json.dumps(value, ensure_ascii=False)
    assert rows(f"{line}\n{line}") == [Row(1, value), Row(2, value)]


def test_a_broken_line_is_bad_and_the_others_are_read(rows: Rows) -> None:
    good, bad, last = rows('{"a": 1}\n{"b": \n{"b": "x"}\n')
    assert (good, last) == (Row(1, A), Row(3, B))
    assert isinstance(bad, BadRow)
    assert (bad.line, bad.text) == (2, '{"b": ')
    assert bad.why.startswith("not JSON")


def test_bytes_that_are_no_text_are_bad_and_shown_escaped(rows: Rows) -> None:
    bad, good = rows(b'{"a": "\xff"}\n{"a": 1}')
    assert good == Row(2, A)
    assert isinstance(bad, BadRow)
    assert bad.text == '{"a": "\\xff"}'


@pytest.mark.parametrize("row", ['{"a": ' * 100_000, "[" * 100_000], ids=["objects", "lists"])
def test_a_row_nested_beyond_all_reason_is_bad_and_the_others_are_read(
    rows: Rows, row: str
) -> None:
    bad, good = rows(f'{row}\n{{"a": 1}}')
    assert good == Row(2, A)
    assert isinstance(bad, BadRow)


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ('{"a": NaN}', {"a": None}),
        ('{"a": "one\ttab"}', {"a": "one\ttab"}),
        ('{"a": "half \\ud83d"}', {"a": "half \ud83d"}),
        ('\ufeff{"a": 2}', {"a": 2}),
        ('{"a": 2},', {"a": 2}),
    ],
    ids=["NaN", "a raw tab", "half a character", "a BOM inside", "a comma behind"],
)
def test_what_has_one_certain_reading_is_repaired(rows: Rows, line: str, value: object) -> None:
    assert rows(f'{{"a": 1}}\n{line}\n{{"b": "x"}}\n') == [Row(1, A), Row(2, value), Row(3, B)]


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (b'{"a": Infinity}', "Infinity is no JSON number"),
        (b'{"a": "x\0y"}', "NUL"),
        (b'{"a": "\xe4"}', "byte 8 is not UTF-8"),
        (b'{"a": "\xed\xa0\x80"}', "not UTF-8"),
        (b'{"a": 1,, "b": 2}', "character 9"),
        (b"'@ | Set-Content dataset.jsonl", "not JSON"),
    ],
    ids=["infinity", "NUL", "Latin-1", "half a character as bytes", "two commas", "shell text"],
)
def test_what_has_none_is_named_with_its_line(rows: Rows, line: bytes, sentence: str) -> None:
    first, bad, last = rows(b'{"a": 1}\n' + line + b'\n{"b": "x"}\n')
    assert (first, last) == (Row(1, A), Row(3, B))
    assert isinstance(bad, BadRow)
    assert bad.line == 2
    assert sentence in bad.why


def test_a_last_line_that_was_cut_off_is_named_so(rows: Rows) -> None:
    *_, bad = rows('{"a": 1}\n{"b": "x"}\n{"a": "and th')
    assert isinstance(bad, BadRow)
    assert (bad.line, bad.text) == (3, '{"a": "and th')
    assert bad.why.endswith("the file ends inside this row")


def test_shell_text_around_the_rows_is_bad_and_the_rows_are_read(rows: Rows) -> None:
    first, *good, last = rows('@\'\n{"a": 1}\n{"b": "x"}\n\'@ | Set-Content data.jsonl\n')
    assert good == [Row(2, A), Row(3, B)]
    assert [type(first), type(last)] == [BadRow, BadRow]
    assert [first.line, last.line] == [1, 4]


def test_a_first_line_that_is_broken_leaves_the_others_lines(rows: Rows) -> None:
    bad, *good = rows('{"a": \n{"a": 1}\n{"b": "x"}\n')
    assert isinstance(bad, BadRow)
    assert good == [Row(2, A), Row(3, B)]


def test_a_line_that_is_a_list_of_rows_gives_each(rows: Rows) -> None:
    assert rows('[{"a": 1}, {"b": "x"}]\n{"a": 1}\n') == [Row(1, A), Row(1, B), Row(2, A)]


def test_a_line_that_is_a_list_of_messages_is_one_row(rows: Rows) -> None:
    talk = [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]
    assert rows(f"{json.dumps(talk)}\n{json.dumps(talk)}") == [Row(1, talk), Row(2, talk)]
