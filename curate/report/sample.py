"""What files would become: the first few records of each, without writing anything."""

from collections import Counter
from itertools import islice
from pathlib import Path

from pipeline.ingest import RejectedRow, path_text, read_file
from pipeline.readers import find_files, open_rows
from pipeline.readers.reading import Reading, ReadSettings
from schemas.base import Model
from schemas.record import Record

LOOKED_AT = 1000
"""Rows of each file that are read."""

SHOWN = 3


class FileSample(Model):
    """The beginning of one file."""

    name: str
    container: str
    looked_at: int
    """Records and refused rows that were looked at."""
    records: tuple[Record, ...]
    refused: dict[str, int]
    """Rows that would be rejected, by reason and sentence."""


class Sample(Model):
    """The beginning of each file."""

    files: tuple[FileSample, ...]


def sample_of(
    paths: list[Path],
    settings: ReadSettings,
    format: str | None = None,
    columns: dict[str, str] | None = None,
) -> Sample:
    """Read the beginning of each file that `paths` name; arguments as `Workspace.ingest`.

    Raises:
        UserError: a path is missing, or a file cannot be read.
    """
    reading = Reading(format=format, mapping=columns or {})
    return Sample(files=tuple(_sample(file, settings, reading) for file in find_files(paths)))


def _sample(file: Path, settings: ReadSettings, reading: Reading) -> FileSample:
    rows = list(islice(read_file(file, settings, reading), LOOKED_AT))
    refused = Counter(f"{row.reason}: {row.why}" for row in rows if isinstance(row, RejectedRow))
    records = [row for row in rows if isinstance(row, Record)]
    return FileSample(
        name=path_text(file),
        container=open_rows(file).name,
        looked_at=len(rows),
        records=tuple(records[:SHOWN]),
        refused=dict(refused.most_common(SHOWN)),
    )
