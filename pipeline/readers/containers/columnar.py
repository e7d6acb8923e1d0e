"""Parquet and Arrow (IPC file or stream), read a slice at a time by Polars.

Values become what JSON can hold: times become ISO text, NaN becomes null, and bytes become their
count.
"""

from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import polars as pl
from polars.datatypes import DataTypeClass

from pipeline.readers.containers.row import BadRow, Row
from schemas.errors import UserError, first_line

SLICE_ROWS = 5000
"""Rows that are Python objects at the same time."""

MAGIC_BYTES = {b"PAR1": "Parquet", b"ARROW1": "Arrow", b"\xff\xff\xff\xff": "Arrow stream"}
"""First bytes of a file; `datasets` saves its files as Arrow streams."""

JSON_TYPES = (pl.String, pl.Boolean, pl.Null, pl.Categorical, pl.Enum)


def kind_of(head: bytes) -> str | None:
    """The name of the columnar format that begins with `head`."""
    return next((name for magic, name in MAGIC_BYTES.items() if head.startswith(magic)), None)


def scan_rows(path: Path, kind: str) -> Iterator[Row | BadRow]:
    """The rows of a file, read a slice at a time; `line` is the number of the row.

    Raises:
        UserError: at once, when the file is damaged or not what its first bytes promise.
    """
    try:
        frame = _scan(path, kind)
        schema = frame.collect_schema()
        frame.head(1).collect()
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
        raise UserError(
            f"{path} cannot be read as {kind}: {first_line(error)}", "download it again"
        ) from None
    return _rows(frame, is_json=all(map(_is_json, schema.dtypes())))


def _scan(path: Path, kind: str) -> pl.LazyFrame:
    if kind == "Parquet":
        return pl.scan_parquet(path, glob=False)
    if kind == "Arrow":
        return pl.scan_ipc(path)
    return pl.read_ipc_stream(path).lazy()  # A stream has no index: it is read as a whole.


def _rows(frame: pl.LazyFrame, is_json: bool) -> Iterator[Row | BadRow]:
    start = 0
    while True:
        try:
            rows = frame.slice(start, SLICE_ROWS).collect().to_dicts()
        except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
            why = f"the file is damaged behind row {start}: {first_line(error)}"
            yield BadRow(start + 1, f"{why}; none of the rows behind it can be shown", "")
            return
        if not rows:
            return
        for number, row in enumerate(rows, start + 1):
            yield Row(number, row if is_json else _jsonable(row))
        start += SLICE_ROWS


def _is_json(dtype: pl.DataType | DataTypeClass) -> bool:
    """Whether every value of a type is JSON as it is; floats are not, as they may be NaN."""
    if isinstance(dtype, pl.List | pl.Array):
        return _is_json(dtype.inner)
    if isinstance(dtype, pl.Struct):
        return all(_is_json(field.dtype) for field in dtype.fields)
    return dtype.is_integer() or isinstance(dtype, JSON_TYPES)


def _jsonable(value: Any) -> Any:
    """A value in which everything that JSON cannot hold is replaced."""
    match value:
        case dict():
            return {key: _jsonable(inner) for key, inner in value.items()}
        case list():
            return [_jsonable(inner) for inner in value]
        case float():
            return value if value == value else None  # Only NaN differs from itself.
        case str() | int() | None:
            return value
        case datetime() | date() | time():
            return value.isoformat()
        case bytes():
            return f"{len(value)} bytes"
        case _:
            return str(value)
