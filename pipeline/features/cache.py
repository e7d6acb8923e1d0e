"""What was measured of a record once is not measured again: a cache by content and settings."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import polars as pl

from pipeline.files import read_cached, write_cached
from schemas.progress import Progress

CHUNK = 20_000
"""Records measured between two writes: what a kill costs at most."""


class FeatureCache:
    """One folder a group of settings; files are only added, and can be deleted at any time."""

    def __init__(self, folder: Path | None, schema: dict[str, pl.DataType]) -> None:
        """Cache in `folder`, or not at all where it is None."""
        self._folder = folder
        self._schema = schema

    def measured(
        self,
        facts: pl.DataFrame,
        measure: Callable[[pl.DataFrame], pl.DataFrame],
        progress: Progress,
    ) -> pl.DataFrame:
        """Measurements of at least `facts` (with an `id`): cached ones, the rest by `measure`."""
        known = self._read()
        missing = facts.join(known, on="id", how="anti")
        frames = [known]
        for start in range(0, len(missing), CHUNK):
            progress(start, len(missing), "measuring")
            fresh = measure(missing.slice(start, CHUNK))
            self._write(fresh)
            frames.append(fresh)
        return pl.concat(frames)

    def _read(self) -> pl.DataFrame:
        frames = [pl.DataFrame(schema=self._schema)]
        if self._folder:
            read = [read_cached(path) for path in sorted(self._folder.glob("*.cached"))]
            frames += [frame for frame in read if frame is not None]
        return pl.concat(frames).unique("id")

    def _write(self, fresh: pl.DataFrame) -> None:
        """A file named by its ids: two processes that measure the same write the same."""
        if not self._folder:
            return
        name = hashlib.sha256("".join(fresh["id"]).encode()).hexdigest()[:16]
        write_cached(self._folder / f"{name}.cached", fresh)
