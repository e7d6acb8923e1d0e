"""Files become one batch of records, with every row that cannot be one in the rejected file."""

import json
from collections.abc import Iterator
from pathlib import Path

from pydantic import Field

from pipeline.batch import BatchWriter
from pipeline.files import sha256_file
from pipeline.readers import Bad, Refused, Row, find_files, read_rows, to_records
from pipeline.store import Store
from schemas.base import Model
from schemas.errors import UserError
from schemas.manifest import BatchManifest
from schemas.progress import Progress, quiet
from schemas.reasons import Rejection

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


def ingest(store: Store, paths: list[Path], progress: Progress = quiet) -> Ingested:
    """Read files and folders into one batch.

    Raises:
        UserError: a path is missing, or the only file that was named cannot be read.
    """
    files = find_files(paths)
    seen = {digest for batch in store.live_batches() for digest in batch.files.values()}
    known, unreadable = list[str](), dict[str, str]()
    with store.open_batch("ingest") as writer:
        for place, file in enumerate(files):
            try:
                digest = sha256_file(file)
                rows = read_rows(file) if digest not in seen else None
            except OSError as error:
                unreadable[shown(file)] = f"{shown(file)} cannot be read: {error.strerror}"
                continue
            except UserError as error:
                unreadable[shown(file)] = error.message
                if len(files) == 1:
                    raise
                continue
            if rows is None:
                known.append(shown(file))
                continue
            progress(place, len(files), file.name)
            _read(writer, file, rows, progress)
            seen.add(digest)
            writer.files[shown(file)] = digest
    batches = {batch.batch: batch for batch in store.batches()}
    return Ingested(batch=batches.get(writer.batch), known=tuple(known), unreadable=unreadable)


def shown(path: Path) -> str:
    """A path as text; bytes of its name that are no UTF-8 are escaped."""
    return str(path).encode("utf-8", "backslashreplace").decode()


def _read(writer: BatchWriter, file: Path, rows: Iterator[Row | Bad], progress: Progress) -> None:
    for number, row in enumerate(rows):
        source = f"{shown(Path(file.name))}:{row.line}"
        if isinstance(row, Bad):
            writer.reject(source, Rejection.unreadable, row.why, row.text)
        else:
            for found in to_records(row.value, source):
                if isinstance(found, Refused):
                    text = json.dumps(row.value, ensure_ascii=False)
                    writer.reject(source, found.reason, found.why, text)
                else:
                    writer.add(found)
        if number % EVERY == EVERY - 1:
            progress(number + 1, None, f"rows of {file.name}")
