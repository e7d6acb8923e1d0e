"""JSON in which the rows of a table do not stand one after the other: by column, or by id.

As `DataFrame.to_json` writes it by default (`{"question": {"0": …, "1": …}, …}`), with
`orient="split"` or as lists, and as databases do (`{"a1": {row}, "a2": {row}}`).
"""

from typing import Any

from pipeline.readers.containers.wrapping import is_message

FEWEST_IDS = 3
"""Objects under keys without a digit that are taken for rows."""

PAYLOAD_KEYS = frozenset(
    ("request", "response", "input", "output", "inputs", "outputs", "prompt", "completion",
     "chosen", "rejected", "messages", "chat", "mapping", "metadata", "body", "error")
)  # fmt: skip
"""Keys whose objects are parts of one row."""


def rows_of(value: Any) -> list[dict[str, Any]] | None:
    """The rows of an object that holds them by column or by id; None for any other."""
    if not isinstance(value, dict) or len(value) < 2:
        return None
    split = _split(value)
    if split is not None:
        return split
    cells = list(value.values())
    if all(isinstance(cell, dict) and cell for cell in cells):
        return _by_column(value) or _by_id(value)
    if all(isinstance(cell, list) for cell in cells):
        return _lists(value)
    return None


def _split(value: dict[str, Any]) -> list[dict[str, Any]] | None:
    """`{"columns": […], "index": […], "data": [[…], …]}` as rows."""
    columns, data = value.get("columns"), value.get("data")
    if not isinstance(columns, list) or not isinstance(data, list) or not data:
        return None
    if not all(isinstance(row, list) and len(row) == len(columns) for row in data):
        return None
    return [dict(zip(map(str, columns), row, strict=True)) for row in data]


def _by_column(value: dict[str, dict[str, Any]]) -> list[dict[str, Any]] | None:
    """Columns whose cells have the same numbers for keys."""
    first, *others = value.values()
    numbers = list(first)
    if not all(isinstance(key, str) and key.isdecimal() for key in numbers):
        return None
    if any(column.keys() != first.keys() for column in others):
        return None
    return [{name: column[number] for name, column in value.items()} for number in numbers]


def _by_id(value: dict[str, dict[str, Any]]) -> list[dict[str, Any]] | None:
    """Rows under their ids: objects that have fields in common; the key is their `id`."""
    rows = list(value.values())
    shared = set(rows[0]).intersection(*rows[1:])
    if not shared or any(map(is_message, rows)) or not PAYLOAD_KEYS.isdisjoint(value):
        return None
    has_digits = all(any(sign.isdigit() for sign in key) for key in value)
    if not has_digits and len(rows) < FEWEST_IDS:
        return None
    return [row if "id" in row else {"id": key, **row} for key, row in value.items()]


def _lists(value: dict[str, list[Any]]) -> list[dict[str, Any]] | None:
    """Columns that are lists of the same length, of texts, numbers, or lists of messages."""
    lengths = {len(column) for column in value.values()}
    if len(lengths) != 1 or lengths <= {0, 1}:
        return None
    if not all(_is_cell(cell) for column in value.values() for cell in column):
        return None
    columns = zip(*value.values(), strict=True)
    return [dict(zip(value, cells, strict=True)) for cells in columns]


def _is_cell(cell: Any) -> bool:
    """Whether a value is a cell of a table: a text, a number, or the messages of a conversation."""
    if isinstance(cell, list):
        return bool(cell) and is_message(cell[0])
    return not isinstance(cell, dict)
