"""Real signals to a real `curate ingest`: the next run ends as if nothing had happened."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.ingest import ingest_files
from pipeline.store.store import Store

ROWS = 20_000


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A row that is refused, so that a draft is there at once, and many that are not."""
    rows = [{"text": "refused"}]
    rows += [{"question": f"What is {n}?", "answer": f"It is {n}."} for n in range(ROWS)]
    path = tmp_path / "chats.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def struck(workspace: Path, file: Path, seen: str, blow: signal.Signals) -> int:
    """Start `curate ingest`, strike when a file such as `seen` is there; its exit code."""
    code = "from curate.cli import main; main()"
    command = [sys.executable, "-c", code, "ingest", str(file), "-C", str(workspace)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        while process.poll() is None and not [*workspace.glob(seen)]:
            time.sleep(0.002)
        process.send_signal(blow)
        return process.wait()


MOMENTS = {
    "while rows are read": "records/.*.rejected.jsonl*",
    "while shards are written": "records/.*.parquet*",
    "when the manifest is there": "records/0001-ingest.manifest.json",
}


def drafts(store: Store) -> list[Path]:
    return [*store.records_dir.glob(".*"), *store.sightings_dir.glob(".*")]


def test_after_kills_at_three_moments_the_next_run_ends_as_an_undisturbed_one(
    workspace: Path, file: Path, tmp_path_factory: pytest.TempPathFactory, run: Callable
) -> None:
    undisturbed = Store(tmp_path_factory.mktemp("undisturbed"))
    ingest_files(undisturbed, [file])
    store = Store(workspace)
    codes = []
    for seen in MOMENTS.values():
        codes.append(struck(workspace, file, seen, signal.SIGKILL))
        committed = {shard for batch in store.batches() for shard in batch.shards}
        assert {path.name for path in store.records_dir.glob("*.parquet")} <= committed
        assert len(store.records()) in (0, ROWS)
    assert codes[0] == -signal.SIGKILL

    run("ingest", file, "-C", workspace)
    assert drafts(store) == []
    assert store.records().equals(undisturbed.records())
    assert store.sightings().equals(undisturbed.sightings())
    assert [batch.read for batch in store.batches()] == [ROWS + 1]
    assert len([*store.records_dir.glob("*.rejected.jsonl")]) == 1
    out, _ = run("status", "--json", "-C", workspace)
    assert json.loads(out)["records"] == ROWS


def test_ctrl_c_is_130_and_leaves_nothing_half_done(workspace: Path, file: Path) -> None:
    code = struck(workspace, file, MOMENTS["while rows are read"], signal.SIGINT)
    assert code == 130
    assert drafts(Store(workspace)) == []
    assert Store(workspace).batches() == []
