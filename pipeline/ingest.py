"""Files become one batch of records; every row that cannot be one goes into the rejected file."""

import difflib
import json
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import Field

from pipeline.files import sha256_file
from pipeline.readers import (
    BadRow,
    GroupedRows,
    Refused,
    Row,
    find_files,
    read_rows,
    spool,
    to_records,
    validate_candidates,
)
from pipeline.readers.candidate import LeftOutCounts
from pipeline.readers.chats.names import check_names
from pipeline.readers.find import streams_of
from pipeline.readers.formats.question_answer import snake_case
from pipeline.readers.group_rows import group_rows, with_template
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

COLUMNS_SAMPLE = 100
"""Rows of each file whose columns are looked at."""

VARYING = re.compile(r'\d+|"[^"]*"')
"""What differs from row to row in the sentences about them."""

MOST_REFUSALS = 50
"""Different sentences about rejected rows that are told apart in one ingest."""

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
        UserError: a path is missing, the only file that was named cannot be read, or nobody has a
            name that `reading.me` gives.
    """
    files, known, unreadable = find_files(paths), list[str](), dict[str, str]()
    streams = streams_of(files)
    if reading.mapping:
        _check_columns(files, reading)
    refusals = dict[str, Refusal]()
    if reading.me:
        check_names(files, reading.me)
    with store.open_batch("ingest") as writer:
        # Asked under the lock, so that of two that read the same file at once one skips it.
        earlier = _earlier_readings(store)
        for place, stream in enumerate(streams):
            name = path_text(stream[0] if len(stream) == 1 else stream[0].parent)
            progress(place, len(streams), Path(name).name)
            left_out = LeftOutCounts(writer.cuts)
            try:
                digests = [sha256_file(file) for file in stream]
                if all(_is_known(earlier.get(digest, ()), reading) for digest in digests):
                    known.append(name)
                    continue
                rows = read_stream(stream, settings, reading, left_out)
            except (OSError, UserError) as error:
                if len(files) == 1 and isinstance(error, UserError):
                    raise
                unreadable[name] = _sentence(Path(name), error)
                continue
            books = _write(writer, rows, reading, Path(name).name, progress, refusals)
            books = books.model_copy(update={"left_out": left_out.columns})
            for file, digest in zip(stream, digests, strict=True):
                earlier.setdefault(digest, []).append(books)
                writer.files[path_text(file)] = digest
            writer.by_file[name] = books
    reasons = tuple(sorted(refusals.values(), key=lambda refusal: -refusal.rows))
    written = next((batch for batch in store.batches() if batch.batch == writer.batch), None)
    return Ingested(batch=written, known=tuple(known), unreadable=unreadable, refusals=reasons)


def _check_columns(files: Sequence[Path], reading: Reading) -> None:
    """Refuse a mapping of which no file has a column, before anything is written.

    Raises:
        UserError: a mapped column is in none of the first rows of any file.
    """
    names = dict[str, str]()
    for file in files:
        with suppress(OSError, UserError):
            for row in islice(read_rows(file), COLUMNS_SAMPLE):
                if not isinstance(row, Row) or not isinstance(row.value, dict):
                    return  # Nothing can be said of files whose rows have no columns.
                names |= {snake_case(str(name)): str(name) for name in row.value}
    missing = [name for name in reading.mapping.values() if snake_case(name) not in names]
    if names and missing and not reading.is_of_messages:
        near = difflib.get_close_matches(snake_case(missing[0]), names, n=1, cutoff=0.0)
        shown = ", ".join(list(names.values())[:12])
        raise UserError(
            f"no file has a column {missing[0]}; perhaps {names[near[0]]}",
            f"--map takes PART=COLUMN; the columns are {shown}",
        )


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
        not given if books is None else books.reading == given or not _may_help(given, books)
        for books in earlier
    )


def _may_help(given: dict[str, Any], books: FileBooks) -> bool:
    """Whether what the user says may change why rows of a file were refused."""
    if given.keys() - books.reading.keys() == {"me"}:
        return Rejection.unknown_speaker in books.rejected
    return bool(books.rejected)


def read_file(
    file: Path,
    settings: ReadSettings = READ_DEFAULTS,
    reading: Reading = DETECT,
    cuts: Counter[str] | None = None,
    left_out: LeftOutCounts | None = None,
) -> Iterator[Record | RejectedRow]:
    """Every record of a file, and every row that cannot be one; their sources name no folder.

    Args:
        file: What to read.
        settings: The `[ingest]` table.
        reading: What the user says of it.
        cuts: Counts of what is cut from messages, which grow while rows are read.
        left_out: Counts of the columns of which nothing is in the records, which grow too.

    Raises:
        UserError: the file cannot be read at all; at once, before the first row.
    """
    left_out = left_out or LeftOutCounts(cuts)
    return read_stream([file], settings, reading, left_out, [path_text(Path(file.name))])


def read_stream(
    files: Sequence[Path],
    settings: ReadSettings,
    reading: Reading,
    left_out: LeftOutCounts,
    names: Sequence[str] | None = None,
) -> Iterator[Record | RejectedRow]:
    """The rows of files that are read as one; arguments and errors as `read_file`.

    Sources name the files by their paths as they were given, or by `names`.

    The rows of the second file have the lines behind those of the first, and so on, until their
    places are written down.
    """
    labels = {
        "trees": settings.trees,
        "silence_hours": settings.silence_hours,
        "domain": settings.domain_of(files[0]),
    }
    reading = reading.model_copy(update=labels)
    places = list(map(given_name, files)) if names is None else names
    opened = [read_rows(file) for file in files]
    starts: list[int] = []
    numbered, reading = with_template(_numbered(opened, starts), reading)
    rows = group_rows(numbered, reading, left_out.cuts)

    def place(line: int) -> str:
        number = bisect_right(starts, line - 1) - 1
        return f"{places[number]}:{line - starts[number]}"

    return _records(rows, place, reading, left_out)


def given_name(file: Path) -> str:
    """A file's path as the user gave it; its name alone for a copy of what came through a pipe."""
    return path_text(Path(file.name) if spool.folder() in file.parents else file)


def _numbered(files: Sequence[Iterator[Row | BadRow]], starts: list[int]) -> Iterator[Row | BadRow]:
    """The rows of several files, numbered through; `starts` grows by the last line before each."""
    last = 0
    for rows in files:
        starts.append(last)
        start = last
        for row in rows:
            last = start + row.line
            yield row._replace(line=last) if start else row


def path_text(path: Path) -> str:
    """A path as text; bytes of its name that are not UTF-8 are escaped."""
    return str(path).encode("utf-8", "backslashreplace").decode()


def _records(
    rows: Iterator[Row | BadRow | GroupedRows],
    place: Callable[[int], str],
    reading: Reading,
    left_out: LeftOutCounts,
) -> Iterator[Record | RejectedRow]:
    line, number = 0, 1
    for row in rows:
        number = number + 1 if row.line == line else 1
        line = row.line
        # A file on one line: the line alone does not tell where a row stands.
        source = place(line) if number == 1 else f"{place(line)} row {number}"
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
    refusals: dict[str, Refusal],
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


def _count_refusal(refusals: dict[str, Refusal], row: RejectedRow) -> None:
    """Count a rejected row with those of which the same is said, numbers and quotations aside."""
    said = f"{row.reason} {VARYING.sub('#', row.why)}"
    key = said if said in refusals or len(refusals) < MOST_REFUSALS else str(row.reason)
    earlier = refusals.get(key)
    if earlier is None:
        earlier = Refusal(reason=row.reason, why=row.why, source=row.source, rows=0)
    refusals[key] = earlier.model_copy(update={"rows": earlier.rows + 1})


def _sentence(file: Path, error: OSError | UserError) -> str:
    if isinstance(error, UserError):
        return error.message
    return f"{path_text(file)} cannot be read: {error.strerror}"
