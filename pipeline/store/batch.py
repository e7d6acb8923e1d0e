"""One batch being written: shards, sightings, rejected rows, and the manifest last."""

import json
from collections import Counter
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import polars as pl

from pipeline.files import write_atomically
from pipeline.store.ids import IdSet
from schemas.frames import RECORD_SCHEMA, SIGHTING_SCHEMA
from schemas.manifest import BatchManifest, FileBooks
from schemas.reasons import Rejection
from schemas.record import Record

ROWS_AT_ONCE = 5_000
"""Records held as Python objects before they are packed into a frame of half the size."""

SIGHTINGS_AT_ONCE = 50_000
"""Sightings held in memory, 10 MiB, before they go into a part of their file."""

SHARD_BYTES = 32 * 2**20
"""Text in one shard, at most, so that memory does not grow with the file."""

ZSTD_LEVEL = 1
"""3 % more bytes than Polars' own 3, in two thirds of the time."""


class BatchWriter:
    """Collects one batch. Nothing of it is visible to readers before `commit`."""

    def __init__(
        self,
        batch: str,
        records_dir: Path,
        sightings_dir: Path,
        known: set[str],
        stored: set[str],
        job: str | None = None,
    ) -> None:
        """Begin a batch.

        Args:
            batch: Its name, such as `0003-ingest`.
            records_dir: Where its shards, rejected rows and manifest go.
            sightings_dir: Where its sightings go.
            known: Ids that are records already.
            stored: Ids that some shard holds, also one of a batch that was undone.
            job: The synthesis that made it.
        """
        self.batch = batch
        self.files: dict[str, str] = {}
        """What was read: path and SHA-256 of its bytes; the caller fills it."""
        self.by_file: dict[str, FileBooks] = {}
        """The books of each file; the caller fills it too."""
        self.cuts: Counter[str] = Counter()
        """What was cut from messages, by kind; readers count here."""
        self._records_dir = records_dir
        self._sightings_dir = sightings_dir
        self._known = IdSet(known)
        self._taken_back = stored - known
        self._job = job
        self._undoes: str | None = None
        self._rows: list[tuple[Any, ...]] = []
        self._frames: list[pl.DataFrame] = []
        self._bytes = 0
        self._shards: list[str] = []
        self._seen: list[tuple[Any, ...]] = []
        self._sightings: list[Path] = []
        self._rejected: Counter[str] = Counter()
        self._repeated = 0
        self._records = 0
        for folder in (records_dir, sightings_dir):
            folder.mkdir(parents=True, exist_ok=True)

    def add(self, record: Record) -> bool:
        """Add a record and its sighting; False when the conversation was a record already."""
        self._see(record)
        if not self._known.add(record.id):
            self._repeated += 1
            return False
        self._records += 1
        if record.id not in self._taken_back:
            self._keep(record)
        return True

    def undo(self, batch: str) -> None:
        """Make this batch the tombstone of another."""
        self._undoes = batch

    def _see(self, record: Record) -> None:
        """Note where a conversation was seen, and how it was labelled there."""
        self._seen.append(
            (
                record.id,
                record.source,
                str(record.origin),
                record.language,
                record.domain,
                record.rejected,
            )
        )
        if len(self._seen) >= SIGHTINGS_AT_ONCE:
            name = f"{self.batch}-{len(self._sightings):05d}.parquet"
            self._sightings.append(hidden(self._sightings_dir / name))
            self._seen_frame().write_parquet(self._sightings[-1], compression="lz4")
            self._seen = []

    def _seen_frame(self) -> pl.DataFrame:
        return pl.DataFrame(self._seen, schema=SIGHTING_SCHEMA, orient="row")

    def _keep(self, record: Record) -> None:
        """Put a record into the shard."""
        meta = json.dumps(record.meta, ensure_ascii=False) if record.meta else None
        messages = record.messages_json
        tools = record.tools_json if record.tools else None
        self._rows.append((record.id, messages, tools, record.parents, meta))
        self._bytes += len(messages)
        if len(self._rows) >= ROWS_AT_ONCE:
            self._pack()
        if self._bytes >= SHARD_BYTES:
            self._write_shard()

    def _pack(self) -> None:
        """Turn the rows into a frame, which takes half the memory."""
        self._frames.append(pl.DataFrame(self._rows, schema=RECORD_SCHEMA, orient="row"))
        self._rows = []

    def reject(self, source: str, reason: Rejection, why: str, text: str) -> None:
        """Put a row that cannot be a record into the rejected file: where, why, and the row."""
        self._rejected[reason] += 1
        row = {"source": source, "reason": reason.value, "why": why, "text": text}
        line = json.dumps(row, ensure_ascii=False).encode("utf-8", "backslashreplace")
        with hidden(self._records_dir / f"{self.batch}.rejected.jsonl").open("ab") as f:
            f.write(line + b"\n")

    def manifest(self) -> BatchManifest:
        """The batch's books so far."""
        return BatchManifest(
            batch=self.batch,
            created=datetime.now(UTC),
            version=version("curate-chat"),
            read=self._records + self._repeated + self._rejected.total(),
            rejected=dict(sorted(self._rejected.items())),
            repeated=self._repeated,
            records=self._records,
            shards=tuple(self._shards),
            files=self.files,
            cuts=dict(self.cuts.most_common()),
            by_file=self.by_file,
            undoes=self._undoes,
            job=self._job,
        )

    def commit(self) -> None:
        """Write what is left, then the manifest. A batch that did nothing is not written."""
        if self._bytes:
            self._write_shard()
        manifest = self.manifest()
        if not manifest.read and not manifest.files and not manifest.undoes:
            return
        self._join_sightings()
        path = self._records_dir / f"{self.batch}.manifest.json"
        write_atomically(path, manifest.model_dump_json(indent=2).encode())

    def _join_sightings(self) -> None:
        """Make one file of the parts and of what is still in memory, without loading all of it."""
        parts = map(partial(pl.scan_parquet, glob=False), self._sightings)
        path = hidden(self._sightings_dir / f"{self.batch}.parquet")
        sightings = pl.concat([*parts, self._seen_frame().lazy()])
        sightings.sink_parquet(path, compression_level=ZSTD_LEVEL)
        for part in self._sightings:
            part.unlink()

    def _write_shard(self) -> None:
        name = f"{self.batch}-{len(self._shards) + 1:05d}.parquet"
        self._pack()
        path = hidden(self._records_dir / name)
        pl.concat(self._frames).write_parquet(path, compression_level=ZSTD_LEVEL)
        self._shards.append(name)
        self._frames, self._bytes = [], 0


def hidden(path: Path) -> Path:
    """The name under which a file waits for its manifest; Polars' `*.parquet` finds dot-files."""
    return path.with_name(f".{path.name}.draft")
