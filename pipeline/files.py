"""Files that are complete or absent: atomic writes, appends that survive a kill, hashes."""

import hashlib
import io
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO

import polars as pl

Location = str | os.PathLike[str]
"""Where a file or folder is, as people give it."""

HASH_BYTES = 32


def write_atomically(path: Path, data: bytes) -> None:
    """Write beside `path`, flush to disk, then rename: no reader ever sees half a file."""
    with _drafted(path) as file:
        file.write(data)


def write_parquet(path: Path, frame: pl.DataFrame) -> None:
    """Write a frame as Parquet, atomically.

    Raises:
        OSError: the disk is full, or the folder cannot be written.
    """
    try:
        with _drafted(path) as file:
            frame.write_parquet(file)
    except pl.exceptions.ComputeError as error:  # how Polars says that the disk is full
        raise OSError(str(error)) from None


def write_cached(path: Path, frame: pl.DataFrame) -> None:
    """Write a frame for `read_cached`: the hash of a Parquet file, then the file.

    A full disk is no error here: the next run only takes longer.
    """
    data = io.BytesIO()
    frame.write_parquet(data)
    with suppress(OSError):
        write_atomically(path, hashlib.sha256(data.getbuffer()).digest() + data.getvalue())


def read_cached(path: Path) -> pl.DataFrame | None:
    """Read what `write_cached` wrote; None if the file is missing or damaged.

    Parquet has no checksum of its own: a damaged page could be read as other numbers.
    """
    try:
        data = path.read_bytes()
    except OSError:
        return None
    digest, body = data[:HASH_BYTES], memoryview(data)[HASH_BYTES:]
    if hashlib.sha256(body).digest() == digest:
        return pl.read_parquet(io.BytesIO(body))
    with suppress(OSError):
        path.unlink()
    return None


def write_json(path: Path, value: Any) -> None:
    """Write a JSON value atomically, indented for people."""
    text = json.dumps(value, ensure_ascii=False, indent=2, default=str)
    write_atomically(path, text.encode("utf-8", "backslashreplace") + b"\n")


def append_line(path: Path, line: str) -> None:
    """Append one line and flush it to disk, as `append_lines` does."""
    append_lines(path, [line])


def append_lines(path: Path, lines: Iterable[str]) -> None:
    """Append lines (without their newlines) by one write, and flush them to disk once.

    A kill cannot split the write, but a power cut or a full disk can. Then the first lines are
    there; `whole_lines` leaves out the incomplete one, and the next append cuts it off.

    Raises:
        OSError: the disk is full, or the file cannot be written.
    """
    data = b"".join(line.encode("utf-8", "backslashreplace") + b"\n" for line in lines)
    if not data:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        _mend_tail(path, descriptor)
        while data:  # a write to a full disk is short, and the next one raises
            data = data[os.write(descriptor, data) :]
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def whole_lines(path: Path) -> Iterator[str]:
    """Yield the lines that end in a newline; an incomplete last one is left out."""
    if not path.exists():
        return
    for line in path.read_bytes().split(b"\n")[:-1]:
        if line.strip():
            yield line.decode("utf-8")


def sha256_file(path: Path) -> str:
    """SHA-256 (hex) of a file's bytes, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def _drafted(path: Path) -> Iterator[BinaryIO]:
    """A file that becomes `path` when it is complete; its name holds the id of the process."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.draft")
    try:
        with draft.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _mend_tail(path: Path, descriptor: int) -> None:
    """Cut off an incomplete last line, so that the next line does not run into it."""
    size = os.fstat(descriptor).st_size
    if not size:
        return
    with path.open("rb") as file:
        file.seek(size - 1)
        if file.read(1) == b"\n":
            return
        file.seek(0)
        os.truncate(path, file.read().rfind(b"\n") + 1)
