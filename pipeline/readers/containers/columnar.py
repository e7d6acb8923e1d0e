"""Parquet and Arrow (IPC file or stream), read a slice at a time by Polars.

Values become what JSON can hold: times as ISO text, numbers that are none as null, bytes as their
count.
"""

from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import polars as pl
from polars.datatypes import DataTypeClass

from pipeline.readers.containers.row import Row
from schemas.errors import UserError, first_line

SLICE = 5000
"""Rows that are Python objects at once."""

MAGIC = {b"PAR1": "Parquet", b"ARROW1": "Arrow", b"\xff\xff\xff\xff": "Arrow stream"}
"""First bytes; those of a stream are how `datasets` saves."""

JSON_TYPES = (pl.String, pl.Boolean, pl.Null, pl.Categorical, pl.Enum)


def kind_of(head: bytes) -> str | None:
    """The name of the columnar format that begins with `head`."""
    return next((name for magic, name in MAGIC.items() if head.startswith(magic)), None)


def read(path: Path, kind: str) -> Iterator[Row]:
    """The rows of a file; `line` is the number of the row.

    Raises:
        UserError: at once, when the file is damaged or not what its first bytes promise.
    """
    try:
        frame = _scan(path, kind)
        schema = frame.collect_schema()
        frame.head(1).collect()
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
        raise UserError(
            f"{path} is no {kind} file that can be read: {first_line(error)}", "get it anew"
        ) from None
    return _rows(frame, plain=all(map(_is_json, schema.dtypes())))


def _scan(path: Path, kind: str) -> pl.LazyFrame:
    if kind == "Parquet":
        return pl.scan_parquet(path, glob=False)
    if kind == "Arrow":
        return pl.scan_ipc(path)
    return pl.read_ipc_stream(path).lazy()  # A stream has no index: it is read as a whole.


def _rows(frame: pl.LazyFrame, plain: bool) -> Iterator[Row]:
    start = 0
    while rows := frame.slice(start, SLICE).collect().to_dicts():
        for number, row in enumerate(rows, start + 1):
            yield Row(number, row if plain else _jsonable(row))
        start += SLICE


def _is_json(dtype: pl.DataType | DataTypeClass) -> bool:
    """Whether values of a type are JSON as they are; floats may be NaN."""
    if isinstance(dtype, pl.List | pl.Array):
        return _is_json(dtype.inner)
    if isinstance(dtype, pl.Struct):
        return all(_is_json(field.dtype) for field in dtype.fields)
    return dtype.is_integer() or isinstance(dtype, JSON_TYPES)


def _jsonable(value: Any) -> Any:
    """A value with everything in it that JSON cannot hold replaced."""
    match value:
        case dict():
            return {key: _jsonable(inner) for key, inner in value.items()}
        case list():
            return [_jsonable(inner) for inner in value]
        case float():
            return value if value == value else None  # NaN alone differs from itself
        case str() | int() | None:
            return value
        case datetime() | date() | time():
            return value.isoformat()
        case bytes():
            return f"{len(value)} bytes"
        case _:
            return str(value)
