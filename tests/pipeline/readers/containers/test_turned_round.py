"""Rows that stand by column or by id come back as rows; one row that looks like it stays one."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.readers import Row
from pipeline.readers.containers.python_literal import python_value
from pipeline.readers.containers.turned_round import rows_of

TEXTS = st.text(max_size=8)
ROWS = st.lists(st.fixed_dictionaries({"question": TEXTS, "answer": TEXTS}), min_size=2, max_size=5)


@given(ROWS, st.sampled_from(["columns", "lists", "split", "ids"]))
def test_a_table_turned_round_comes_back(rows, table: list[dict[str, str]], shape: str) -> None:
    names = ["question", "answer"]
    turned: Any = {
        "columns": {n: {str(i): row[n] for i, row in enumerate(table)} for n in names},
        "lists": {n: [row[n] for row in table] for n in names},
        "split": {
            "columns": names,
            "index": list(range(len(table))),
            "data": [[row[n] for n in names] for row in table],
        },
        "ids": {f"a{i}": row for i, row in enumerate(table)},
    }[shape]
    read = rows(json.dumps(turned, ensure_ascii=shape == "lists"))
    assert all(isinstance(row, Row) for row in read)
    assert [{n: row.value[n] for n in names} for row in read] == table


@pytest.mark.parametrize(
    "row",
    [
        {"question": "Hi?", "answer": "Yes."},
        {"prompt": {"role": "user", "content": "a"}, "completion": {"role": "x", "content": "b"}},
        {"request": {"id": 1, "model": "m"}, "response": {"id": 2, "choices": []}},
        {"messages": [{"role": "user", "content": "a"}], "tools": []},
        {"patterns": ["Hi"], "responses": ["Hey"]},
        {"a": {"x": 1}, "b": {"x": 2}},
        {"intents": [], "name": "x"},
        {"internal": [["a", "b"], ["c", "d"]], "visible": [["a", "b"], ["c", "d"]]},
    ],
    ids=str,
)
def test_one_row_stays_one_row(row: Any) -> None:
    assert rows_of(row) is None


LITERALS = [
    ("[{'role': 'user', 'content': \"Don't\"}]", [{"role": "user", "content": "Don't"}]),
    ("[{'a': None}\n {'a': True}]", [{"a": None}, {"a": True}]),
    ("array([{'a': 1}, {'a': 2}], dtype=object)", [{"a": 1}, {"a": 2}]),
    ("[1, 2", None),
    ("__import__('os').getcwd()", None),
    ("[x for x in y]", None),
    ("'text'", None),
    ("[" * 50_000, None),
]


@pytest.mark.parametrize(("text", "value"), LITERALS, ids=lambda value: str(value)[:30])
def test_a_python_literal_is_read_and_nothing_is_run(text: str, value: Any) -> None:
    assert python_value(text) == value
