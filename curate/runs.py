"""Which run a command means: the one that is named, else the newest finished one."""

import json

import polars as pl

from pipeline.curation.curated import records_of
from pipeline.store.store import Store
from schemas.errors import UserError
from schemas.record import Record
from train.folder import RunFolder, run_folders


def chosen_run(store: Store, name: str | None) -> RunFolder:
    """A finished run.

    Raises:
        UserError: there is none, or not of that name.
    """
    runs = run_folders(store.runs_dir)
    finished = [run for run in runs if run.manifest.is_file()]
    found = [run for run in finished if name in (None, run.name)]
    if not found:
        said = f"there is no finished run {name!r}" if name else "no run is finished yet"
        names = ", ".join(run.name for run in finished)
        raise UserError(said, f"one of: {names}" if names else "`curate train` makes one")
    return max(found, key=lambda run: run.manifest.stat().st_mtime)


def held_out_records(kept: pl.DataFrame, run: RunFolder) -> list[Record]:
    """What the run was measured on, in order of id, as far as it is still kept."""
    ids = json.loads(run.splits.read_bytes())["held_out"]
    return records_of(kept.filter(pl.col("id").is_in(ids)).sort("id"))
