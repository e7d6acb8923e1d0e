"""The run that a command is about: the named one, or else the newest that is finished."""

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
        UserError: there is none, or none of that name.
    """
    runs = run_folders(store.runs_dir)
    finished = [run for run in runs if run.manifest.is_file()]
    matching = [run for run in finished if name in (None, run.name)]
    if not matching:
        problem = f"there is no finished run {name!r}" if name else "no run is finished yet"
        names = ", ".join(run.name for run in finished)
        raise UserError(problem, f"use one of: {names}" if names else "run `curate train` first")
    return max(matching, key=lambda run: run.manifest.stat().st_mtime)


def held_out_records(kept: pl.DataFrame, run: RunFolder) -> list[Record]:
    """The records that the run was measured on and that are still kept, in order of id."""
    ids = json.loads(run.splits.read_bytes())["held_out"]
    return records_of(kept.filter(pl.col("id").is_in(ids)).sort("id"))
