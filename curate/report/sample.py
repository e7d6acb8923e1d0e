"""What files would become: the first few records of each; nothing is written."""

from collections import Counter
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from pydantic import Field

from pipeline.ingest import RejectedRow, path_text, read_stream
from pipeline.readers import find_files, open_rows
from pipeline.readers.candidate import LeftOutCounts
from pipeline.readers.chats.names import check_names
from pipeline.readers.reading import Reading, ReadSettings
from schemas.base import Model
from schemas.manifest import LeftOutColumn
from schemas.record import Record

_ROWS_READ = 1000
"""Rows of each file that are read."""

_SHOWN = 3
"""Records and reasons of each file that are shown."""


class FileSample(Model):
    """The beginning of one file."""

    name: str
    container: str
    looked_at: int
    """How many rows were looked at."""
    records: tuple[Record, ...]
    refused: dict[str, int]
    """How many rows would be rejected, by reason and explanation."""
    left_out: dict[str, LeftOutColumn] = Field(default_factory=dict)
    """Columns of which nothing would be read."""
    cuts: dict[str, int] = Field(default_factory=dict)
    """What would be cut from messages, by kind."""


class Sample(Model):
    """The beginning of each file."""

    files: tuple[FileSample, ...]


def sample_of(
    paths: list[Path],
    settings: ReadSettings,
    format: str | None = None,
    columns: dict[str, str] | None = None,
    me: Sequence[str] = (),
) -> Sample:
    """Read the beginning of each file that `paths` name; arguments as `Workspace.ingest`.

    Raises:
        UserError: a path is missing, a file cannot be read, or nobody has a name of `me`.
    """
    reading = Reading(format=format, mapping=columns or {}, me=tuple(me))
    files = find_files(paths)
    if reading.me:
        check_names(files, reading.me)
    return Sample(files=tuple(_sample(file, settings, reading) for file in files))


def _sample(file: Path, settings: ReadSettings, reading: Reading) -> FileSample:
    left_out = LeftOutCounts()
    rows = list(islice(read_stream([file], settings, reading, left_out), _ROWS_READ))
    refused = Counter(f"{row.reason}: {row.why}" for row in rows if isinstance(row, RejectedRow))
    records = [row for row in rows if isinstance(row, Record)]
    return FileSample(
        name=path_text(file),
        container=open_rows(file).name,
        looked_at=len(rows),
        records=tuple(records[:_SHOWN]),
        refused=dict(refused.most_common(_SHOWN)),
        left_out=left_out.columns,
        cuts=dict(left_out.cuts.most_common()),
    )
