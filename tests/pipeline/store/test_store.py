"""A batch is there whole or not at all, whatever dies when."""

import json
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from filelock import FileLock

from pipeline.ingest import ingest_files
from pipeline.store import batch as batch_module
from pipeline.store.store import Store
from schemas.decision import Choice, Decision
from schemas.errors import UserError
from schemas.record import Record

Talk = Callable[..., Record]


class Killed(BaseException):
    """What a kill looks like from inside: nothing after it runs."""


class Fate:
    """Lets `left` operations on files through; after them the process is dead."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.left = self.done = 0
        for owner, name in [
            (Path, "open"), (Path, "replace"), (Path, "unlink"), (Path, "mkdir"),
            (os, "fsync"), (pl.DataFrame, "write_parquet"), (pl.LazyFrame, "sink_parquet"),
        ]:  # fmt: skip
            monkeypatch.setattr(owner, name, self._mortal(getattr(owner, name)))
        self.spare()

    def spare(self) -> None:
        self.left = sys.maxsize

    def _mortal(self, operation: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **options: Any) -> Any:
            if self.left == 0:
                if operation.__name__ in ("write_parquet", "sink_parquet"):
                    args[1].write_text("half a fi")
                raise Killed
            self.left -= 1
            self.done += 1
            return operation(*args, **options)

        return call


@pytest.fixture
def sources(tmp_path: Path) -> list[Path]:
    """Two files: the second has a repeat, a row that is rejected, and two more records."""
    first, second = tmp_path / "first.jsonl", tmp_path / "second.jsonl"
    rows = [{"question": f"What is {n}?", "answer": f"It is {n}."} for n in range(4)]
    first.write_text("".join(json.dumps(row) + "\n" for row in rows[:2]))
    second.write_text("".join(json.dumps(row) + "\n" for row in [rows[0], 7, *rows[2:]]))
    return [first, second]


def facts(store: Store) -> tuple[Any, ...]:
    batches = [b.model_dump(exclude={"created"}) for b in store.batches()]
    files = sorted(
        path.name for d in (store.records_dir, store.sightings_dir) for path in d.iterdir()
    )
    return store.records().to_dicts(), store.sightings().to_dicts(), batches, files


def test_a_kill_at_any_moment_leaves_what_the_next_ingest_completes(
    sources: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch_module, "SHARD_BYTES", 1)  # a shard a record
    monkeypatch.setattr(batch_module, "SIGHTINGS_AT_ONCE", 2)
    fate = Fate(monkeypatch)

    def half_way(name: str) -> Store:
        (tmp_path / name).mkdir()
        store = Store(tmp_path / name)
        ingest_files(store, sources[:1])
        return store

    undisturbed = half_way("undisturbed")
    before = fate.done
    ingest_files(undisturbed, sources[1:])
    moments = fate.done - before
    assert moments > 20

    for moment in range(moments):
        store = half_way(f"killed-{moment}")
        fate.left = moment
        with pytest.raises(Killed):
            ingest_files(store, sources[1:])
        fate.spare()
        committed = {shard for batch in store.batches() for shard in batch.shards}
        # As pathlib and Polars glob: dot-files too.
        assert {path.name for path in store.records_dir.glob("*.parquet")} <= committed
        assert len(store.records()) == len(committed)
        ingest_files(store, sources[1:])
        assert facts(store) == facts(undisturbed)


def test_an_error_inside_a_batch_takes_all_of_it_back(tmp_path: Path, talk: Talk) -> None:
    store = Store(tmp_path)
    with pytest.raises(ZeroDivisionError), store.open_batch("ingest") as batch:  # noqa: PT012
        batch.add(talk("a?", "b"))
        1 / 0  # noqa: B018
    assert store.batches() == []
    assert [*store.records_dir.iterdir(), *store.sightings_dir.iterdir()] == []


def test_records_outlive_the_process_in_order_of_id_with_all_that_was_given(
    tmp_path: Path, talk: Talk
) -> None:
    tools = ({"type": "function", "function": {"name": "f"}},)
    given = [
        talk("a?", "b", tools=tools, parents=("p",), meta={"model": "m"}, origin="synthetic"),
        talk("c?", "d", language="en", domain="sums"),
    ]
    with Store(tmp_path).open_batch("synth", job="j1") as batch:
        assert [batch.add(record) for record in [*given, given[0]]] == [True, True, False]
    records = Store(tmp_path).records()
    assert records["id"].to_list() == sorted(record.id for record in given)
    first = records.filter(id=given[0].id).row(0, named=True)
    assert json.loads(first["tools"]) == list(tools)
    assert (first["parents"], json.loads(first["meta"])) == (["p"], {"model": "m"})
    assert first["origin"] == "synthetic"
    assert [batch.job for batch in Store(tmp_path).batches()] == ["j1"]


def test_batches_are_numbered_and_an_empty_one_is_not_written(tmp_path: Path, talk: Talk) -> None:
    store = Store(tmp_path)
    with store.open_batch("ingest") as batch:
        batch.add(talk("a?", "b"))
    with store.open_batch("review"):
        pass
    with store.open_batch("synth") as batch:
        batch.add(talk("c?", "d"))
    assert [batch.batch for batch in store.batches()] == ["0001-ingest", "0002-synth"]


def test_text_beyond_one_shard_goes_into_the_next(
    tmp_path: Path, talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch_module, "SHARD_BYTES", 300)
    store = Store(tmp_path)
    with store.open_batch("ingest") as batch:
        for number in range(5):
            batch.add(talk(f"{number}?", "x" * 100))
    [manifest] = store.batches()
    assert manifest.shards == tuple(f"0001-ingest-{n:05d}.parquet" for n in (1, 2, 3))
    assert len(store.records()) == 5


def test_sightings_and_rows_that_are_packed_come_back_in_order(
    tmp_path: Path, talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch_module, "SIGHTINGS_AT_ONCE", 2)
    monkeypatch.setattr(batch_module, "ROWS_AT_ONCE", 2)
    store = Store(tmp_path)
    with store.open_batch("ingest") as batch:
        records = [talk(f"{number}?", "yes", source=f"{number}") for number in range(5)]
        assert [batch.add(record) for record in records] == [True] * 5
        assert not batch.add(records[0])
    assert store.sightings()["id"].to_list() == [record.id for record in [*records, records[0]]]
    assert store.records()["id"].to_list() == sorted(record.id for record in records)
    assert [path.name for path in store.sightings_dir.iterdir()] == ["0001-ingest.parquet"]


def test_a_second_writer_is_told_in_one_sentence(tmp_path: Path) -> None:
    with (
        FileLock(tmp_path / ".curate.lock"),
        pytest.raises(UserError, match="another curate command is writing") as caught,
        Store(tmp_path).lock(timeout_s=0),
    ):
        pass
    assert caught.value.remedy


def test_readers_never_wait_for_a_writer(tmp_path: Path, talk: Talk) -> None:
    store = Store(tmp_path)
    with store.open_batch("ingest") as batch:
        batch.add(talk("a?", "b"))
    with FileLock(tmp_path / ".curate.lock"):
        other = Store(tmp_path)
        assert len(other.records()) == len(other.sightings()) == len(other.batches()) == 1
        assert other.decisions() == []


def test_a_shard_that_was_taken_away_by_hand_is_named(tmp_path: Path, talk: Talk) -> None:
    store = Store(tmp_path)
    with store.open_batch("ingest") as batch:
        batch.add(talk("a?", "b"))
    (store.records_dir / "0001-ingest-00001.parquet").unlink()
    with pytest.raises(UserError, match=r"0001-ingest-00001\.parquet is missing"):
        store.records()


def test_decisions_are_appended_and_come_back_in_order(tmp_path: Path) -> None:
    store = Store(tmp_path)
    at = datetime(2026, 1, 1, tzinfo=UTC)
    decisions = [
        Decision(record_id=id, reviewer="ada", choice=Choice.keep, note="schön\n", at=at)
        for id in ("b", "a")
    ]
    store.append_decisions(decisions[:1])
    store.append_decisions(decisions[1:])
    assert store.decisions() == decisions


def test_many_decisions_are_flushed_to_disk_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = datetime(2026, 1, 2, tzinfo=UTC)
    kept = [
        Decision(record_id=f"{n:064x}", reviewer="ada", choice=Choice.keep, at=at)
        for n in range(50)
    ]
    flushed: list[int] = []
    monkeypatch.setattr("os.fsync", flushed.append)
    Store(tmp_path).append_decisions(kept)
    assert Store(tmp_path).decisions() == kept
    assert len(flushed) == 1


@pytest.mark.parametrize("pattern", ["records/*.manifest.json", "records/*.parquet", "sightings/*"])
@pytest.mark.parametrize("damage", [lambda data: data[:50], lambda data: b""])
def test_a_damaged_fact_is_named_and_how_to_go_on(
    tmp_path: Path, talk: Talk, pattern: str, damage: Callable[[bytes], bytes]
) -> None:
    store = Store(tmp_path)
    with store.open_batch("ingest") as writer:
        writer.add(talk("a?", "b"))
    [file] = store.root.glob(pattern)
    file.write_bytes(damage(file.read_bytes()))
    with pytest.raises(UserError, match="is damaged") as raised:
        store.records()
    assert str(file) in raised.value.message
    assert "0001-ingest" in (raised.value.remedy or "")
