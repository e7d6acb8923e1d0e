"""Files become one batch of records; every row that cannot be one goes into the rejected file."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from pydantic import Field

from pipeline.files import sha256_file
from pipeline.readers import (
    BadRow,
    GroupedRows,
    Refused,
    Row,
    find_files,
    read_rows,
    to_records,
    validate_candidates,
)
from pipeline.readers.candidate import LeftOutCounts
from pipeline.readers.group_rows import group_rows
from pipeline.readers.reading import DETECT, Reading, ReadSettings
from pipeline.store.batch import BatchWriter
from pipeline.store.store import Store
from schemas.base import Model
from schemas.errors import UserError
from schemas.manifest import BatchManifest, FileBooks
from schemas.progress import Progress, quiet
from schemas.reasons import Rejection
from schemas.record import Record

READ_DEFAULTS = ReadSettings()

PROGRESS_ROWS = 1000
"""Rows between two reports of progress."""


class Refusal(Model):
    """Why rows of one batch could not be read, with one of them as an example."""

    reason: Rejection
    why: str
    """The sentence about the first of them."""
    source: str
    """Where the first of them stands, `file:line`."""
    rows: int
    """How many rows have this reason."""


class Ingested(Model):
    """What one ingest did."""

    batch: BatchManifest | None = None
    """The batch that was written; None when every file had been ingested before."""
    known: tuple[str, ...] = ()
    """Files that were skipped, because an earlier batch has a file with the same contents."""
    unreadable: dict[str, str] = Field(default_factory=dict)
    """Files among good ones that could not be read, and why."""
    refusals: tuple[Refusal, ...] = ()
    """The reasons for which rows were rejected, the most common first."""

    @property
    def fruitless(self) -> tuple[str, ...]:
        """Files in which no row is a conversation."""
        files = self.batch.by_file.items() if self.batch else ()
        return tuple(name for name, books in files if books.rejected and not books.records)


class RejectedRow(NamedTuple):
    """A row, or a part of one, that cannot be a record."""

    source: str
    """Its place, `file:line`."""
    reason: Rejection
    why: str
    text: str
    """The row itself, as the rejected file shows it."""


def ingest_files(
    store: Store,
    paths: list[Path],
    settings: ReadSettings = READ_DEFAULTS,
    reading: Reading = DETECT,
    progress: Progress = quiet,
) -> Ingested:
    """Read files and folders into one batch.

    Args:
        store: The workspace.
        paths: Files, folders, patterns; see `readers.find_files`.
        settings: The `[ingest]` table.
        reading: What the user says of these files.
        progress: Called for each file, and now and then inside a long one.

    Raises:
        UserError: a path is missing, or the only file that was named cannot be read.
    """
    files, known, unreadable = find_files(paths), list[str](), dict[str, str]()
    refusals = dict[Rejection, Refusal]()
    with store.open_batch("ingest") as writer:
        # Asked under the lock, so that of two that read the same file at once one skips it.
        earlier = _earlier_readings(store)
        for place, file in enumerate(files):
            progress(place, len(files), file.name)
            left_out = LeftOutCounts(writer.cuts)
            try:
                digest = sha256_file(file)
                if _is_known(earlier.get(digest, ()), reading):
                    known.append(path_text(file))
                    continue
                rows = read_file(file, settings, reading, writer.cuts, left_out)
            except (OSError, UserError) as error:
                if len(files) == 1 and isinstance(error, UserError):
                    raise
                unreadable[path_text(file)] = _sentence(file, error)
                continue
            books = _write(writer, rows, reading, file.name, progress, refusals)
            books = books.model_copy(update={"left_out": left_out.columns})
            earlier.setdefault(digest, []).append(books)
            writer.files[path_text(file)] = digest
            writer.by_file[path_text(file)] = books
    reasons = tuple(sorted(refusals.values(), key=lambda refusal: -refusal.rows))
    written = next((batch for batch in store.batches() if batch.batch == writer.batch), None)
    return Ingested(batch=written, known=tuple(known), unreadable=unreadable, refusals=reasons)


def _earlier_readings(store: Store) -> dict[str, list[FileBooks | None]]:
    """The books of every file that was read before, by the SHA-256 of its contents.

    None for files in batches of older versions, which kept no books of files.
    """
    readings: dict[str, list[FileBooks | None]] = {}
    for batch in store.live_batches():
        for file, digest in batch.files.items():
            readings.setdefault(digest, []).append(batch.by_file.get(file))
    return readings


def _is_known(earlier: Sequence[FileBooks | None], reading: Reading) -> bool:
    """Whether reading a file again would tell nothing new.

    It would where rows were refused and the user now says something else about the file.
    """
    given = reading.as_given
    return any(
        not given if books is None else books.reading == given or not books.rejected
        for books in earlier
    )


def read_file(
    file: Path,
    settings: ReadSettings = READ_DEFAULTS,
    reading: Reading = DETECT,
    cuts: Counter[str] | None = None,
    left_out: LeftOutCounts | None = None,
) -> Iterator[Record | RejectedRow]:
    """Every record of a file, and every row that cannot be one.

    Args:
        file: What to read.
        settings: The `[ingest]` table.
        reading: What the user says of it.
        cuts: Counts of what is cut from messages, which grow while rows are read.
        left_out: Counts of the columns of which nothing is in the records, which grow too.

    Raises:
        UserError: the file cannot be read at all; at once, before the first row.
    """
    labels = {"trees": settings.trees, "domain": settings.domain_of(file)}
    reading = reading.model_copy(update=labels)
    rows = group_rows(read_rows(file), reading, Counter() if cuts is None else cuts)
    left_out = LeftOutCounts() if left_out is None else left_out
    return _records(rows, path_text(Path(file.name)), reading, left_out)


def path_text(path: Path) -> str:
    """A path as text; bytes of its name that are not UTF-8 are escaped."""
    return str(path).encode("utf-8", "backslashreplace").decode()


def _records(
    rows: Iterator[Row | BadRow | GroupedRows],
    file_name: str,
    reading: Reading,
    left_out: LeftOutCounts,
) -> Iterator[Record | RejectedRow]:
    for row in rows:
        source = f"{file_name}:{row.line}"
        if isinstance(row, BadRow):
            yield RejectedRow(source, Rejection.unreadable, row.why, row.text)
            continue
        if isinstance(row, GroupedRows):
            records = validate_candidates(row.candidates, source, reading.domain, left_out)
        else:
            records = to_records(row.value, source, reading, left_out)
        for record in records:
            if isinstance(record, Refused):
                text = json.dumps(row.value, ensure_ascii=False, default=str)
                yield RejectedRow(source, record.reason, record.why, text)
            else:
                yield record


def _write(
    writer: BatchWriter,
    rows: Iterator[Record | RejectedRow],
    reading: Reading,
    file_name: str,
    progress: Progress,
    refusals: dict[Rejection, Refusal],
) -> FileBooks:
    """Write the rows of one file; return what became of them, and count in `refusals` why."""
    rejected, records = Counter[str](), 0
    for number, row in enumerate(rows, 1):
        if isinstance(row, RejectedRow):
            writer.reject(row.source, row.reason, row.why, row.text)
            rejected[row.reason] += 1
            _count_refusal(refusals, row)
        else:
            writer.add(row)
            records += 1
        if number % PROGRESS_ROWS == 0:
            progress(number, None, f"rows of {file_name}")
    return FileBooks(records=records, rejected=dict(rejected), reading=reading.as_given)


def _count_refusal(refusals: dict[Rejection, Refusal], row: RejectedRow) -> None:
    earlier = refusals.get(row.reason)
    if earlier is None:
        earlier = Refusal(reason=row.reason, why=row.why, source=row.source, rows=0)
    refusals[row.reason] = earlier.model_copy(update={"rows": earlier.rows + 1})


def _sentence(file: Path, error: OSError | UserError) -> str:
    if isinstance(error, UserError):
        return error.message
    return f"{path_text(file)} cannot be read: {error.strerror}"
