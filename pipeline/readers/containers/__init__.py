"""Containers: a file's bytes become rows, whatever its name says.

A container is how a file holds its rows: JSON Lines, JSON, a table, Parquet or Arrow. It is found
by looking at the content, never at the extension: of 61 public fine-tuning files, many `.json` are
JSON Lines and some `.jsonl` are one array.

**Interface.** `json_lines`, `json_documents` and `table` each have a function

    iter_rows(stream: BinaryIO) -> Iterator[Row | BadRow]

that takes a stream of UTF-8 without a byte order mark and yields the rows in the order of the file,
each with the line on which it begins. It never raises for what a row holds: a row that cannot be
read is a `BadRow`, and the rows behind it are read. `columnar.scan_rows` takes a path instead,
because Polars opens Parquet and Arrow files itself.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from pipeline.readers.chats import whatsapp_lines
from pipeline.readers.containers import columnar, json_documents, json_lines, mbox, table
from pipeline.readers.containers.json_layout import layout_of
from pipeline.readers.containers.no_chat import refuse_file, unknown_file
from pipeline.readers.containers.row import BadRow, Row
from pipeline.readers.containers.unpacked import UNPACK_ERRORS, open_unpacked, read_head
from schemas.errors import UserError

__all__ = ["BadRow", "Container", "IterRows", "Row", "open_rows", "read_rows"]

IterRows = Callable[[BinaryIO], Iterator[Row | BadRow]]
"""The interface of a container: see above."""


@dataclass(frozen=True)
class Container:
    """What a file turned out to be, and its rows in order."""

    name: str
    """For people: `JSON Lines`, `CSV, gzip`, `Parquet`."""
    rows: Iterator[Row | BadRow]


def read_rows(path: Path) -> Iterator[Row | BadRow]:
    """The rows of a file, good and bad, in order; see `open_rows`."""
    return open_rows(path).rows


def open_rows(path: Path) -> Container:
    """Find out what a file is; its rows are read when they are asked for.

    Raises:
        UserError: at once, when the file cannot hold rows: it is empty, binary, or a Git LFS
            pointer.
    """
    with open_unpacked(path) as (stream, packing):
        head, whole = read_head(stream)
    refuse_file(path, head)
    if kind := columnar.kind_of(head):
        if packing:
            raise UserError(f"{path} is {kind} packed with {packing}", "unpack it first")
        return Container(kind, columnar.scan_rows(path, kind))
    name, iter_rows = _text_container(path, head, whole)
    return Container(", ".join(filter(None, (name, packing))), _rows(path, iter_rows))


def _text_container(path: Path, head: bytes, whole: bool) -> tuple[str, IterRows]:
    """The name of a container of text and its `iter_rows`; `whole`: `head` is the whole file."""
    if mbox.is_mbox(head):
        return "mbox", mbox.iter_rows
    if whatsapp_lines.is_chat_text(head):
        return whatsapp_lines.NAME, whatsapp_lines.chat_rows
    layout = layout_of(head, whole)
    if layout:
        return layout, (json_lines if layout == "JSON Lines" else json_documents).iter_rows
    delimiter = None if b"\0" in head else table.delimiter_of(head.decode("utf-8", "replace"))
    if delimiter is None:
        raise unknown_file(path, head)
    if whole and b"\n" not in head.strip():
        raise UserError(f"{path} has a header and no rows", "name a file with conversations")
    return table.container_of(delimiter)


def _rows(path: Path, iter_rows: IterRows) -> Iterator[Row | BadRow]:
    line = 0
    with open_unpacked(path) as (stream, _):
        try:
            for row in iter_rows(stream):
                line = row.line
                yield row
        except UNPACK_ERRORS as error:
            why = f"the file is damaged or breaks off behind line {line}: {error}"
            yield BadRow(line + 1, why, "")
