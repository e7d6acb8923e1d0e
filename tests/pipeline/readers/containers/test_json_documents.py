"""Arrays, values one after the other and objects around rows, whatever their layout."""

import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.readers import BadRow, Row

Rows = Callable[[str | bytes], list[Row | BadRow]]

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


def test_a_line_break_inside_a_string_of_an_array_counts_as_none(rows: Rows) -> None:
    assert rows('[{"a": "x\\ny"},\n{"b": 2}]') == [Row(1, {"a": "x\ny"}), Row(2, {"b": 2})]


def test_bare_lists_are_rows_in_lines_and_in_an_array(rows: Rows) -> None:
    assert rows("[1]\n[2]") == [Row(1, [1]), Row(2, [2])]
    assert rows("[[1],\n[2]]") == [Row(1, [1]), Row(2, [2])]


def test_a_list_that_holds_no_rows_is_one_row_itself(rows: Rows) -> None:
    assert rows('["a", 1]') == [Row(1, ["a", 1])]


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


TALK = [{"from": "human", "value": "a"}, {"from": "gpt", "value": "b"}]


@pytest.mark.parametrize(
    ("content", "lines"),
    [
        ('{\n  "a": 1\n}\n{\n  "b": "x"\n}\n', [1, 4]),
        ('{\n  "a": 1\n},\n{\n  "b": "x"\n},\n', [1, 4]),
        ('[\n  {"a": 1}\n]\n{\n  "b": "x"\n}\n', [2, 4]),
        ('[\n  {"a": 1}\n]\n[\n  {"b": "x"}\n]\n', [2, 5]),
        ('[\n  {"a": 1}\n],\n{"b": "x"}\n]\n', [2, 4]),
        ('{"data": [\n{"a": 1},\n{"b": "x"}\n]}', [2, 3]),
        ('{"version": [1], "rows": [{"a": 1},\n{"b": "x"}], "n": 2}', [1, 2]),
        ('{"train": [{"a": 1}],\n"test": [{"b": "x"}]}', [1, 2]),
        ('[\n  {"a": 1}\n  {"b": "x"}\n]', [2, 3]),
    ],
    ids=["one after the other", "commas between", "an object behind its ]", "two arrays",
         "pasted behind", "data", "rows", "splits", "a comma is missing"],
)  # fmt: skip
def test_values_one_after_the_other_and_in_wrappers_are_rows(
    rows: Rows, content: str, lines: list[int]
) -> None:
    assert rows(content) == [Row(lines[0], A), Row(lines[1], B)]


@pytest.mark.parametrize("indent", [None, 1])
def test_conversations_in_a_wrapper_are_rows_and_their_messages_are_not(
    rows: Rows, indent: int | None
) -> None:
    row = {"conversations": TALK}
    many = json.dumps({"conversations": [row, row]}, indent=indent)
    assert [item.value for item in rows(many)] == [row, row]
    assert [item.value for item in rows(json.dumps(row, indent=indent))] == [row]
    assert [item.value for item in rows(json.dumps(TALK, indent=indent))] == [TALK]
    assert [item.value for item in rows(json.dumps([TALK, TALK], indent=indent))] == [
        TALK,
        TALK,
    ]


def test_a_key_inside_a_string_opens_no_wrapper(rows: Rows) -> None:
    value = {"note": '"data": [', "deep": {"data": [{"c": 1}]}, "data": [A, B]}
    assert [row.value for row in rows(json.dumps(value))] == [A, B]


@pytest.mark.parametrize(
    "broken", ['{"c": nonsense}', '{"c": 1,, "d": [2}]', '{\n    "c": {"d": 1\n  }'],
    ids=["a word", "brackets that cross", "a bracket that is never closed"],
)  # fmt: skip
def test_a_broken_item_of_an_array_is_bad_and_the_others_are_read(rows: Rows, broken: str) -> None:
    first, bad, *rest = rows(f'[\n  {{"a": 1}},\n  {broken},\n  {{"b": "x"}}\n]')
    assert first == Row(2, A)
    assert isinstance(bad, BadRow)
    assert bad.line == 3
    assert bad.text.startswith(broken)
    assert [row.value for row in rest] == [B]


def test_an_array_that_was_cut_off_is_read_as_far_as_it_goes(rows: Rows) -> None:
    *good, torn, end = rows('[\n  {"a": 1},\n  {"b": "x"},\n  {"a": "and th')
    assert good == [Row(2, A), Row(3, B)]
    assert isinstance(torn, BadRow)
    assert (torn.line, torn.text) == (4, '{"a": "and th')
    assert isinstance(end, BadRow)
    assert "closing ] is missing" in end.why


def test_rubbish_between_values_is_bad_line_by_line(rows: Rows) -> None:
    first, bad, last = rows('{\n"a": 1\n}\n--- and more ---\n{\n"b": "x"\n}')
    assert (first, last) == (Row(1, A), Row(5, B))
    assert isinstance(bad, BadRow)
    assert (bad.line, bad.text) == (4, "--- and more ---")


def test_rows_longer_than_what_is_read_at_once_are_whole(rows: Rows) -> None:
    long = [{"a": 'x"\\' * 700_000}, {"b": ["{[" * 300_000]}, {"c": 1}]
    assert [row.value for row in rows(json.dumps(long, indent=1))] == long


@given(values=OBJECTS, indents=st.lists(st.none() | st.integers(0, 2), min_size=5, max_size=5))
def test_objects_one_after_the_other_in_any_layout_are_read_as_they_were_written(
    rows: Rows, values: list[dict], indents: list[int | None]
) -> None:
    keyed = [{"k": value} for value in values]
    texts = [json.dumps(value, indent=i) for value, i in zip(keyed, indents, strict=False)]
    assert [row.value for row in rows("\n".join(texts))] == keyed
