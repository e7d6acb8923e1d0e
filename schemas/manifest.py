"""Manifests: written last and atomically, so that a manifest means that its step is finished."""

from datetime import datetime
from typing import Any

from pydantic import Field

from schemas.base import Model
from schemas.books import Books


class LeftOutColumn(Model):
    """A column, or a field of messages, of which nothing is in the records."""

    rows: int
    """Rows with something in it."""
    texts: int
    """Those of them in which it holds sentences."""

    @property
    def is_text(self) -> bool:
        """Whether it holds sentences in most of its rows, so that leaving it out may matter."""
        return self.texts * 2 > self.rows


class FileBooks(Model):
    """What became of the rows of one file: read = records + rejected."""

    records: int = 0
    """Rows that are conversations, whether new or seen before."""
    rejected: dict[str, int] = Field(default_factory=dict)
    left_out: dict[str, LeftOutColumn] = Field(default_factory=dict)
    reading: dict[str, Any] = Field(default_factory=dict)
    """What the user said of the file: its format, its columns."""


class BatchManifest(Model):
    """One batch of records: an ingest, a synthesis, a review, or the undoing of another batch."""

    batch: str
    """Number and kind, such as `0001-ingest`."""
    created: datetime
    version: str
    """Version of curate that wrote it."""
    read: int
    rejected: dict[str, int] = Field(default_factory=dict)
    repeated: int = 0
    records: int = 0
    shards: tuple[str, ...] = ()
    """Names of the Parquet files with the records, in `records/`."""
    files: dict[str, str] = Field(default_factory=dict)
    """Path and SHA-256 of each file that was read."""
    cuts: dict[str, int] = Field(default_factory=dict)
    """How often something was cut from messages of help-desk exports or left out, by kind."""
    by_file: dict[str, FileBooks] = Field(default_factory=dict)
    """The books of each file that was read; empty in batches of older versions."""
    undoes: str | None = None
    """The batch that this one undoes."""
    job: str | None = None
    """For a synthesis: the job in which the records were accepted."""


class CuratedManifest(Model):
    """What `curated/` was computed from, and the hashes of its files."""

    key: str
    """A hash of all that the result depends on: batches, decisions, settings, models, versions."""
    created: datetime
    version: str
    books: Books
    settings: dict[str, Any]
    """All settings that decide what is kept."""
    fingerprints: dict[str, Any] = Field(default_factory=dict)
    """What decides besides the settings: hashes of models, versions of packages."""
    files: dict[str, str]
    """SHA-256 of each file of `curated/`."""
