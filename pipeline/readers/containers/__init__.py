"""The container of a file, found by its content and never by its name, gives rows.

Of 61 public fine-tuning files many `.json` are JSON Lines and some `.jsonl` are one array.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO

from pipeline.readers.containers import columnar, json_documents, json_lines, table
from pipeline.readers.containers.json_layout import layout_of
from pipeline.readers.containers.no_chat import not_rows, refuse
from pipeline.readers.containers.row import Bad, Row
from pipeline.readers.containers.unpacked import BROKEN, beginning, unpacked
from schemas.errors import UserError

__all__ = ["Bad", "Container", "Row", "open_rows", "read_rows"]


@dataclass(frozen=True)
class Container:
    """What a file turned out to be, and its rows in order."""

    name: str
    """For people: `JSON Lines`, `CSV, gzip`, `Parquet`."""
    rows: Iterator[Row | Bad]


def read_rows(path: Path) -> Iterator[Row | Bad]:
    """The rows of a file, good and bad, in order; see `open_rows`."""
    return open_rows(path).rows


def open_rows(path: Path) -> Container:
    """Find out what a file is; its rows are read while they are asked for.

    Raises:
        UserError: at once, when the file holds no rows at all: empty, binary, a pointer.
    """
    with unpacked(path) as (stream, how):
        head, whole = beginning(stream)
    refuse(path, head)
    if kind := columnar.kind_of(head):
        if how:
            raise UserError(f"{path} is {kind} packed with {how}", "unpack it first")
        return Container(kind, columnar.read(path, kind))
    name, read = _text_reader(path, head, whole)
    return Container(", ".join(filter(None, (name, how))), _rows(path, read))


Reader = Callable[[BinaryIO], Iterator[Row | Bad]]


def _text_reader(path: Path, head: bytes, whole: bool) -> tuple[str, Reader]:
    layout = layout_of(head, whole)
    if layout:
        return layout, json_lines.read if layout == "JSON Lines" else json_documents.read
    delimiter = None if b"\0" in head else table.delimiter_of(head.decode("utf-8", "replace"))
    if delimiter is None:
        raise not_rows(path, head)
    if whole and b"\n" not in head.strip():
        raise UserError(f"{path} is a header and no rows", "name a file with chats")
    return table.DELIMITERS[delimiter], partial(table.read, delimiter=delimiter)


def _rows(path: Path, read: Reader) -> Iterator[Row | Bad]:
    line = 0
    with unpacked(path) as (stream, _):
        try:
            for row in read(stream):
                line = row.line
                yield row
        except BROKEN as error:
            yield Bad(
                line + 1, f"the file is damaged or breaks off behind line {line}: {error}", ""
            )
