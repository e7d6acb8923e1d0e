"""Does any order matter? All rows of a workspace again, shuffled, in files in another order.

    python -m benchmarks.order WORKSPACE

Writes every sighting as a row of its own, in random order within its file (what open chat is
depends on the file as a whole), ingests the files in random order into a new workspace with the
same settings, and compares what became of each record. Then recounts the books of the first
workspace from its Parquet files with Polars alone.
"""

import argparse
import json
import random
import shutil
import sys
import tempfile
from pathlib import Path

import polars as pl

from curate.settings import FILE
from curate.workspace import Workspace
from pipeline.curation.curated import changes, fates
from pipeline.ingest import ingest_files
from schemas.record import load_messages


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("workspace", type=Path)
    root = parser.parse_args().workspace
    first = Workspace.at(root).current()
    recount(root)
    with tempfile.TemporaryDirectory() as folder:
        again = Path(folder) / "again"
        again.mkdir()
        shutil.copy(root / FILE, again / FILE)
        shutil.copytree(root / "cache" / "vectors", again / "cache" / "vectors")
        workspace = Workspace.at(again)
        ingest_files(workspace.store, shuffled(Workspace.at(root), Path(folder)))
        second = workspace.current()
    was, now = (fates(one.kept, one.verdicts) for one in (first, second))
    moved = changes(was, now)
    same = first.verdicts.drop("value").equals(second.verdicts.drop("value"))
    print(f"{len(was):,} records, {len(first.kept):,} kept; fates that changed: {moved or 'none'};")
    print(f"every verdict the same: {same}")
    sys.exit(bool(moved) or not same)


def shuffled(workspace: Workspace, folder: Path) -> list[Path]:
    """Every sighting as a row of the file that it is from, rows and files in random order."""
    rng = random.Random(0)
    records = workspace.store.records().select("id", "messages", "tools")
    seen = workspace.store.sightings().select(
        "id", "language", "domain", file=pl.col("source").str.replace(r":\d+(?: row \d+)?$", "")
    )
    rows = seen.join(records, on="id").sort("file")
    paths = []
    for number, (_, group) in enumerate(rows.group_by("file", maintain_order=True)):
        lines = [_row(row) for row in group.iter_rows(named=True)]
        rng.shuffle(lines)
        paths.append(folder / f"{number:03d}.jsonl")
        paths[-1].write_text("\n".join(lines) + "\n", "utf-8")
    rng.shuffle(paths)
    return paths


def _row(row: dict[str, str]) -> str:
    turns = [m.model_dump(mode="json", exclude_none=True) for m in load_messages(row["messages"])]
    for turn in turns:
        turn.setdefault("content", None)
        if not turn["tool_calls"]:
            del turn["tool_calls"]
    whole = {"messages": turns, "language": row["language"], "domain": row["domain"]}
    if row["tools"]:
        whole["tools"] = json.loads(row["tools"])
    return json.dumps(whole)  # in ASCII: bytes of a misread text would be mended when read


def recount(root: Path) -> None:
    """The books from the files alone, as anybody can count them."""
    books = json.loads((root / "curated" / "manifest.json").read_bytes())["books"]
    records = pl.read_parquet(root / "records" / "*.parquet").n_unique("id")
    kept = pl.read_parquet(root / "curated" / "kept.parquet").height
    drops = pl.read_parquet(root / "curated" / "verdicts.parquet").filter(action="drop")
    by_reason = dict(drops.group_by("reason").len().iter_rows())
    assert drops.n_unique("id") == drops.height, "a record is dropped twice"
    assert (records, kept, by_reason) == (books["records"], books["kept"], books["dropped"])
    assert records == kept + drops.height
    print(f"recounted with Polars alone: {records:,} records = {kept:,} kept + {drops.height:,}")


if __name__ == "__main__":
    main()
