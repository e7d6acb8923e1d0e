"""The workspace on disk: facts that are never rewritten, and where computed things go.

    records/    shards, rejected rows and the manifest of each batch
    sightings/  every place in which a conversation was seen, with the labels given there
    reviews/    decisions, append-only

A batch exists from the moment its manifest does: shards are written as drafts, under a name with a
dot, then the manifest is renamed into place, and then the shards are. A reader that comes between
the two finds them under either name; the next writer finishes what a kill interrupted.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl
from filelock import FileLock, Timeout
from pydantic import ValidationError

from pipeline.files import append_lines, whole_lines
from pipeline.store.batch import BatchWriter, hidden
from pipeline.store.sightings import merge_sightings
from schemas.decision import Decision
from schemas.errors import UserError, first_line
from schemas.frames import RECORD_SCHEMA, SIGHTING_SCHEMA
from schemas.manifest import BatchManifest

LOCK_TIMEOUT_S = 10


class Store:
    """Reads and writes one workspace. Cheap to make; touches nothing until asked."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.records_dir = root / "records"
        self.sightings_dir = root / "sightings"
        self.synth_dir = root / "synth"
        self.reviews_dir = root / "reviews"
        self.splits_dir = root / "splits"
        self.curated_dir = root / "curated"
        self.report_path = self.curated_dir / "report.html"
        self.cache_dir = root / "cache"
        self.runs_dir = root / "runs"
        self._lock = FileLock(root / ".curate.lock")

    @contextmanager
    def lock(self, timeout_s: float = LOCK_TIMEOUT_S) -> Iterator[None]:
        """Hold the workspace for writing; raise `UserError` when another curate holds it."""
        try:
            with self._lock.acquire(timeout=timeout_s):
                yield
        except Timeout:
            raise UserError(
                f"another curate command is writing in {self.root}",
                "wait until it has finished, then run this again",
            ) from None

    # -- batches -----------------------------------------------------------------------------

    def batches(self) -> list[BatchManifest]:
        """The committed batches, oldest first."""
        manifests = []
        for path in sorted(self.records_dir.glob("[0-9]*.manifest.json")):
            try:
                manifests.append(BatchManifest.model_validate_json(path.read_bytes()))
            except ValidationError as error:
                raise _damaged(path, error) from None
        return manifests

    def live_batches(self) -> list[BatchManifest]:
        """The batches that nobody undid, without tombstones. A tombstone may be undone too."""
        live: list[BatchManifest] = []
        undone: set[str] = set()
        for batch in reversed(self.batches()):
            if batch.batch in undone:
                continue
            if batch.undoes:
                undone.add(batch.undoes)
            else:
                live.insert(0, batch)
        return live

    def undo(self, name: str) -> BatchManifest:
        """Take a batch back by a tombstone, a batch that names it: the facts stay on disk.

        Args:
            name: A batch such as `0003-ingest`, or the number that it begins with.

        Returns:
            The manifest of the batch that was taken back.

        Raises:
            UserError: there is no such batch, or it was undone before.
        """
        with self.lock():
            batches = {batch.batch: batch for batch in self.batches()}
            number = name.zfill(4)
            named = [full for full in batches if number in (full, full.split("-")[0])]
            if not named:
                raise UserError(f"there is no batch {name!r}", f"one of: {', '.join(batches)}")
            batch = batches[named[0]]
            tombstones = {other.undoes: name for name, other in batches.items() if other.undoes}
            if tombstone := tombstones.get(batch.batch):
                raise UserError(
                    f"{batch.batch} was undone before, by {tombstone}",
                    f"`curate undo {tombstone.split('-')[0]}` reverses that",
                )
            with self.open_batch("undo") as writer:
                writer.undo(batch.batch)
        return batch

    @contextmanager
    def open_batch(self, kind: str, job: str | None = None) -> Iterator[BatchWriter]:
        """Write a batch under the lock: committed if the block ends well, else nothing is left."""
        with self.lock():
            self._recover()
            number = 1 + max((int(b.batch.split("-")[0]) for b in self.batches()), default=0)
            name = f"{number:04d}-{kind}"
            writer = BatchWriter(
                name, self.records_dir, self.sightings_dir, self.ids(), self._stored(), job
            )
            try:
                yield writer
                writer.commit()
            finally:
                self._recover()

    def _recover(self) -> None:
        """Finish what a kill interrupted: put committed drafts into place, remove the others."""
        committed = {batch.batch for batch in self.batches()}
        for folder in (self.records_dir, self.sightings_dir):
            for draft in folder.glob(".*"):
                name = draft.name.removeprefix(".").removesuffix(".draft")
                if "-".join(name.split(".")[0].split("-")[:2]) in committed:
                    draft.replace(folder / name)
                else:
                    draft.unlink()

    # -- records -----------------------------------------------------------------------------

    def ids(self) -> set[str]:
        """The ids of all records: conversations that some batch has seen which was not undone."""
        return set(self.sightings()["id"])

    def _stored(self) -> set[str]:
        return set(self._shards(["id"])["id"])

    def records(self) -> pl.DataFrame:
        """All records with their merged labels, in order of id.

        Columns: those of `RECORD_SCHEMA` and of `merge_sightings`.
        """
        labels = merge_sightings(self.sightings())
        return self._shards(list(RECORD_SCHEMA)).join(labels, on="id").sort("id")

    def sightings(self) -> pl.DataFrame:
        """Every place in which a conversation was seen: columns of `SIGHTING_SCHEMA`."""
        live = self.live_batches()
        paths = [self.sightings_dir / f"{batch.batch}.parquet" for batch in live]
        return _read(paths, SIGHTING_SCHEMA)

    def _shards(self, columns: list[str]) -> pl.DataFrame:
        paths = [self.records_dir / shard for batch in self.batches() for shard in batch.shards]
        return _read(paths, {name: RECORD_SCHEMA[name] for name in columns})

    # -- decisions ---------------------------------------------------------------------------

    @property
    def decisions_path(self) -> Path:
        """The log of decisions."""
        return self.reviews_dir / "decisions.jsonl"

    def decisions(self) -> list[Decision]:
        """What people decided in review, in the order in which it was pulled."""
        return [Decision.model_validate_json(line) for line in whole_lines(self.decisions_path)]

    def append_decisions(self, decisions: list[Decision]) -> None:
        """Add decisions to the log, all at once, under the lock."""
        with self.lock():
            append_lines(self.decisions_path, [d.model_dump_json() for d in decisions])


def _damaged(path: Path, error: Exception) -> UserError:
    """The error for a damaged file of facts, which only a copy brings back."""
    batch = "-".join(path.name.split(".")[0].split("-")[:2])
    return UserError(
        f"{path} is damaged: {first_line(error)}",
        f"restore it from a copy; without a copy, remove the files of {batch} from records/ and"
        " sightings/, and ingest its files again",
    )


def _read(paths: list[Path], schema: dict[str, pl.DataType]) -> pl.DataFrame:
    """The columns of Parquet files that have their own name or still that of a draft."""
    frames = [pl.DataFrame(schema=schema)]
    for path in paths:
        for place in (path, hidden(path), path):
            try:
                frames.append(pl.read_parquet(place, columns=list(schema)))
                break
            except FileNotFoundError:
                continue
            except (pl.exceptions.PolarsError, OSError) as error:
                raise _damaged(path, error) from None
        else:
            raise UserError(
                f"{path} is missing, though its manifest says that it was written",
                "restore the file; records/ must not be changed by hand",
            )
    return pl.concat(frames)
