"""Core-seconds and peak memory of ingest and of the filters, beside the same simple job elsewhere.

    python -m benchmarks.ingest                    # 10,000 and 100,000 rows
    python -m benchmarks.ingest 10000 1000000

Each line runs in a process of its own. The simple job of the others is: read JSON Lines, leave out
replies of under 40 characters, write Parquet; none of them says which row went where.
"""

import argparse
import importlib.util
import json
import multiprocessing
import resource
import tempfile
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

from benchmarks.rows import write_rows

MIB = 2**20


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", type=int, nargs="*", default=[10_000, 100_000])
    print(f"{'rows':>9}  {'what':<44}{'core-s':>8}{'MB/core-s':>11}{'peak MiB':>10}")
    for count in parser.parse_args().sizes:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "rows.jsonl"
            write_rows(file, count)
            for what, job in JOBS.items():
                seconds, peak = measured(job, file)
                speed = file.stat().st_size / 1e6 / seconds
                print(f"{count:>9,}  {what:<44}{seconds:>8.2f}{speed:>11.1f}{peak:>10,.0f}")


def measured(job: Callable[[Path], float], file: Path) -> tuple[float, float]:
    """Core-seconds that the job says it took, and the peak memory of its process in MiB."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_report, args=(job, file, there))
    process.start()
    seconds, peak = here.recv()
    process.join()
    return seconds, peak


def _report(job: Callable[[Path], float], file: Path, out: Connection) -> None:
    seconds = job(file)
    out.send((seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / MIB))


def _timed(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def curate_ingest(file: Path) -> float:
    """Bytes to committed Parquet: every row validated, hashed, accounted for."""
    from pipeline.ingest import ingest_files

    return _timed(lambda: ingest_files(_store(file), [file]))


def curate_filter(file: Path) -> float:
    """What `curate filter` does the first time: features, all row and key stages, the books."""
    from pipeline.curation.curated import load_or_compute

    return _timed(lambda: load_or_compute(_store(file), _curation(10)))


def curate_filter_again(file: Path) -> float:
    """The same after a changed setting: features come from the cache."""
    from pipeline.curation.curated import load_or_compute

    return _timed(lambda: load_or_compute(_store(file), _curation(12)))


def _store(file: Path):
    from pipeline.store.store import Store

    return Store(file.parent / "workspace")


def _curation(min_tokens: int):
    from pipeline.curation.recipe import Recipe
    from pipeline.curation.run_stages import Curation
    from pipeline.features import Features

    recipe = {"short_reply": {"min_tokens": min_tokens}, "near_duplicate": {"enabled": False}}
    features = {"tokens": {"tokenizer": "rules"}}
    return Curation(
        features=Features.model_validate(features), recipe=Recipe.model_validate(recipe)
    )


def polars_alone(file: Path) -> float:
    """Polars' own reader; it fails the file at one bad line, so those are left out first."""
    import polars as pl

    good = file.with_suffix(".good.jsonl")
    _without_bad_lines(file, good)

    def work() -> None:
        reply = pl.col("messages").list.last().struct.field("content")
        rows = pl.scan_ndjson(good).filter(reply.str.len_chars() >= 40)
        rows.sink_parquet(file.with_suffix(".polars.parquet"))

    return _timed(work)


def datasets_alone(file: Path) -> float:
    """The datasets library, one process."""
    import datasets

    datasets.disable_progress_bars()
    good = file.with_suffix(".good.jsonl")
    _without_bad_lines(file, good)

    def work() -> None:
        cache = str(file.parent / "datasets")
        rows = datasets.load_dataset("json", data_files=str(good), split="train", cache_dir=cache)
        rows = rows.filter(lambda row: len(row["messages"][-1]["content"]) >= 40)
        rows.to_parquet(str(file.with_suffix(".datasets.parquet")))

    return _timed(work)


def datatrove_alone(file: Path) -> float:
    """datatrove, one task, where it is installed."""
    from datatrove.executor import LocalPipelineExecutor
    from datatrove.pipeline.filters import LambdaFilter
    from datatrove.pipeline.readers import JsonlReader
    from datatrove.pipeline.writers import ParquetWriter

    def adapter(_self, row: dict, path: str, number: int) -> dict:
        return {"text": row["messages"][-1]["content"], "id": f"{path}/{number}", "metadata": {}}

    good = file.with_suffix(".good.jsonl")
    _without_bad_lines(file, good)
    steps = [
        JsonlReader(str(good.parent), glob_pattern=good.name, adapter=adapter),
        LambdaFilter(lambda document: len(document.text) >= 40),
        ParquetWriter(str(file.parent / "datatrove")),
    ]
    return _timed(LocalPipelineExecutor(pipeline=steps, tasks=1).run)


def _without_bad_lines(file: Path, good: Path) -> None:
    with file.open("rb") as source, good.open("wb") as target:
        for line in source:
            try:
                json.loads(line)
            except ValueError:
                continue
            target.write(line)


JOBS: dict[str, Callable[[Path], float]] = {
    "curate ingest": curate_ingest,
    "curate filter, first time": curate_filter,
    "curate filter, a setting changed": curate_filter_again,
    "Polars alone: length filter": polars_alone,
    "datasets alone: length filter": datasets_alone,
}
if importlib.util.find_spec("datatrove"):
    JOBS["datatrove alone: length filter"] = datatrove_alone

if __name__ == "__main__":
    main()
