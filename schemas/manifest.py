"""Manifests: written last and atomically, so that their existence means a step finished."""

from datetime import datetime
from typing import Any

from pydantic import Field

from schemas.base import Model
from schemas.books import Books


class BatchManifest(Model):
    """One batch of records: an ingest, a synthesis, a review; or the tombstone of one."""

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
    """What was read: path, and SHA-256 of its bytes."""
    cuts: dict[str, int] = Field(default_factory=dict)
    """What was cut from messages of help-desk exports, or left out, by kind."""
    undoes: str | None = None
    """For a tombstone: the batch that it takes back."""
    job: str | None = None
    """For a synthesis: the job whose accepted candidates these are."""


class CuratedManifest(Model):
    """What `curated/` was computed from, and the hashes that prove that its files belong to it."""

    key: str
    """A hash of all that the result depends on: batches, decisions, settings, models, versions."""
    created: datetime
    version: str
    books: Books
    settings: dict[str, Any]
    """The recipe that was applied, every parameter."""
    fingerprints: dict[str, Any] = Field(default_factory=dict)
    """What decided beside the settings: hashes of models, versions of packages."""
    files: dict[str, str]
    """SHA-256 of each file of `curated/`."""
