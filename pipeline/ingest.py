"""Files become one batch of records, with every row that cannot be one in the rejected file."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from pydantic import Field

from pipeline.files import sha256_file
from pipeline.readers import Bad, Refused, Row, find_files, read_rows, to_records
from pipeline.readers.group_rows import across_rows
from pipeline.readers.reading import FOUND, Reading, ReadSettings
from pipeline.store.batch import BatchWriter
from pipeline.store.store import Store
from schemas.base import Model
from schemas.errors import UserError
from schemas.manifest import BatchManifest
from schemas.progress import Progress, quiet
from schemas.reasons import Rejection
from schemas.record import Record

READ_DEFAULTS = ReadSettings()

EVERY = 1000
"""Rows between two reports of progress."""


class Ingested(Model):
    """What one ingest did."""

    batch: BatchManifest | None = None
    """The batch that was written; None when every file had been read before."""
    known: tuple[str, ...] = ()
    """Files whose very bytes stand in an earlier batch, and were skipped."""
    unreadable: dict[str, str] = Field(default_factory=dict)
    """Files among good ones that could not be read, and why."""


class Unread(NamedTuple):
    """A row, or a part of one, that cannot be a record."""

    source: str
    reason: Rejection
    why: str
    text: str


def ingest(
    store: Store,
    paths: list[Path],
    settings: ReadSettings = READ_DEFAULTS,
    reading: Reading = FOUND,
    progress: Progress = quiet,
) -> Ingested:
    """Read files and folders into one batch.

    Args:
        store: The workspace.
        paths: Files, folders, patterns; see `readers.find_files`.
        settings: The `[ingest]` table.
        reading: What the user says of these files.
        progress: Told of files and rows.

    Raises:
        UserError: a path is missing, or the only file that was named cannot be read.
    """
    files = find_files(paths)
    known, unreadable = list[str](), dict[str, str]()
    with store.open_batch("ingest") as writer:
        # Asked under the lock, so that of two that read the same file at once one skips it.
        seen = {digest for batch in store.live_batches() for digest in batch.files.values()}
        for place, file in enumerate(files):
            progress(place, len(files), file.name)
            try:
                digest = sha256_file(file)
                if digest in seen:
                    known.append(shown(file))
                    continue
                rows = read_file(file, settings, reading, writer.cuts)
            except (OSError, UserError) as error:
                if len(files) == 1 and isinstance(error, UserError):
                    raise
                unreadable[shown(file)] = _sentence(file, error)
                continue
            _write(writer, rows, file.name, progress)
            seen.add(digest)
            writer.files[shown(file)] = digest
    batches = {batch.batch: batch for batch in store.batches()}
    return Ingested(batch=batches.get(writer.batch), known=tuple(known), unreadable=unreadable)


def read_file(
    file: Path,
    settings: ReadSettings = READ_DEFAULTS,
    reading: Reading = FOUND,
    cuts: Counter[str] | None = None,
) -> Iterator[Record | Unread]:
    """Every record of a file, and every row that cannot be one.

    Args:
        file: What to read.
        settings: The `[ingest]` table.
        reading: What the user says of it.
        cuts: Counts of what is cut from messages, which grow while rows are read.

    Raises:
        UserError: the file cannot be read at all; at once, before the first row.
    """
    labels = {"trees": settings.trees, "domain": settings.domain_of(file)}
    reading = reading.model_copy(update=labels)
    rows = across_rows(read_rows(file), reading, Counter() if cuts is None else cuts)
    return _records(rows, shown(Path(file.name)), reading)


def shown(path: Path) -> str:
    """A path as text; bytes of its name that are no UTF-8 are escaped."""
    return str(path).encode("utf-8", "backslashreplace").decode()


def _records(rows: Iterator[Row | Bad], name: str, reading: Reading) -> Iterator[Record | Unread]:
    for row in rows:
        source = f"{name}:{row.line}"
        if isinstance(row, Bad):
            yield Unread(source=source, reason=Rejection.unreadable, why=row.why, text=row.text)
            continue
        for found in to_records(row.value, source, reading):
            if isinstance(found, Refused):
                text = json.dumps(row.value, ensure_ascii=False, default=str)
                yield Unread(source=source, reason=found.reason, why=found.why, text=text)
            else:
                yield found


def _write(
    writer: BatchWriter, rows: Iterator[Record | Unread], name: str, progress: Progress
) -> None:
    for number, row in enumerate(rows):
        if isinstance(row, Unread):
            writer.reject(row.source, row.reason, row.why, row.text)
        else:
            writer.add(row)
        if number % EVERY == EVERY - 1:
            progress(number + 1, None, f"rows of {name}")


def _sentence(file: Path, error: OSError | UserError) -> str:
    if isinstance(error, UserError):
        return error.message
    return f"{shown(file)} cannot be read: {error.strerror}"
