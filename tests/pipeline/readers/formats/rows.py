"""The rows that the tests of formats begin with, and what is read of a row."""

from typing import Any

from pipeline.readers import Refused, to_records
from schemas.record import Record

USER = {"role": "user", "content": "Hi?"}
REPLY = {"role": "assistant", "content": "Yes."}


def to_record(row: Any, source: str) -> Record | Refused:
    [read] = to_records(row, source)
    return read


def record(row: Any) -> Record:
    read = to_record(row, "f:1")
    assert isinstance(read, Record), read
    return read


def turns(row: Any) -> list[tuple[str, str]]:
    return [(message.role, message.text) for message in record(row).messages]
