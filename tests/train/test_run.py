"""A run balances its books, is byte for byte the same after kill -9, and is told from others."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from schemas.errors import Finding, UserError
from schemas.record import Record
from train.folder import RunFolder
from train.manifest import RunManifest, TrainingBooks, read_manifest
from train.models import BaseModelFiles
from train.run import TrainingSpec, fine_tune
from train.settings import TrainSettings

STEPS = 8

WORKER = """
import json, os, signal, sys
from pathlib import Path
from schemas.record import Record
from train.run import fine_tune
from train.settings import TrainSettings

job = json.loads(sys.argv[1])
records = [Record.model_validate(record) for record in job["records"]]

def progress(done, total=None, note=""):
    if note.startswith("loss") and done == job["kill_at"]:
        os.kill(os.getpid(), signal.SIGKILL)

settings = TrainSettings.model_validate(job["settings"])
fine_tune(Path(job["runs"]), records[:16], records[16:], {}, settings, "key", progress=progress)
"""


def settings_for(base: Path, **changes: Any) -> TrainSettings:
    values: dict[str, Any] = {
        "base_model": str(base),
        "rank": 4,
        "alpha": 8,
        "learning_rate": 0.01,
        "max_steps": STEPS,
        "batch_size": 4,
        "gradient_accumulation": 1,
        "max_length": 128,
        "save_steps": 2,
    }
    return TrainSettings.model_validate(values | changes)


def start(runs: Path, base: Path, records: list[Record], kill_at: int) -> subprocess.Popen[str]:
    job = {
        "runs": str(runs),
        "records": [record.model_dump(mode="json") for record in records],
        "settings": settings_for(base).model_dump(),
        "kill_at": kill_at,
    }
    return subprocess.Popen(
        [sys.executable, "-c", WORKER, json.dumps(job)],
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def finish(process: subprocess.Popen[str]) -> tuple[int, str]:
    output, _ = process.communicate(timeout=300)
    return process.returncode, output


@pytest.fixture(scope="module")
def undisturbed(
    tiny: Path, sums: list[Record], tmp_path_factory: pytest.TempPathFactory
) -> RunFolder:
    runs = tmp_path_factory.mktemp("undisturbed")
    code, output = finish(start(runs, tiny, sums, kill_at=0))
    assert (code, output) == (0, ""), "a library prints nothing"
    return RunFolder(path=runs / "0001")


def losses(folder: RunFolder) -> list[float]:
    return [json.loads(line)["loss"] for line in folder.metrics.read_text().splitlines()]


def test_qlora_learns_on_a_cpu(undisturbed: RunFolder) -> None:
    manifest = read_manifest(undisturbed.path)
    assert len(losses(undisturbed)) == manifest.outcome.steps == STEPS
    assert losses(undisturbed)[-1] < losses(undisturbed)[0]
    loss = manifest.outcome.held_out
    assert loss is not None
    assert loss.adapter < loss.base
    assert loss.improved_rows == loss.rows == 4
    assert manifest.settings.method == "qlora"
    assert "bitsandbytes" in manifest.versions


def test_killed_three_times_it_ends_as_if_undisturbed(
    undisturbed: RunFolder, tiny: Path, sums: list[Record], tmp_path: Path
) -> None:
    folder = RunFolder(path=tmp_path / "0001")
    assert finish(start(tmp_path, tiny, sums, kill_at=3))[0] == -signal.SIGKILL
    assert not folder.manifest.exists()
    assert [path.name for path in folder.checkpoints.glob("checkpoint-*")] == ["checkpoint-2"]

    saving = start(tmp_path, tiny, sums, kill_at=0)  # killed while it writes checkpoint-4
    while saving.poll() is None and not (folder.checkpoints / "checkpoint-4").exists():
        time.sleep(0.001)
    saving.kill()
    assert finish(saving)[0] == -signal.SIGKILL

    assert finish(start(tmp_path, tiny, sums, kill_at=7))[0] == -signal.SIGKILL
    assert finish(start(tmp_path, tiny, sums, kill_at=0)) == (0, "")
    for part in ("adapter/adapter_model.safetensors", "adapter/adapter_config.json"):
        assert (folder.path / part).read_bytes() == (undisturbed.path / part).read_bytes()
    assert folder.metrics.read_text() == undisturbed.metrics.read_text()
    ours, other = read_manifest(folder.path), read_manifest(undisturbed.path)
    assert ours.outcome == other.outcome
    assert ours.identity == other.identity
    assert [path.name for path in tmp_path.iterdir()] == ["0001"], "resumed, not begun anew"


def test_stopped_between_adapter_and_manifest_it_only_finishes(
    undisturbed: RunFolder,
    tiny: Path,
    sums: list[Record],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def interrupt(manifest: RunManifest) -> str:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("train.run.model_card", interrupt)
        with pytest.raises(KeyboardInterrupt):
            fine_tune(tmp_path, sums[:16], sums[16:], {}, settings_for(tiny), "key")
    folder = RunFolder(path=tmp_path / "0001")
    assert folder.adapter.exists()
    assert not folder.manifest.exists()
    told: list[str] = []
    fine_tune(
        tmp_path,
        sums[:16],
        sums[16:],
        {},
        settings_for(tiny),
        "key",
        progress=lambda done, total=None, note="": told.append(note),
    )
    assert not any(note.startswith("loss") for note in told), "no step is taken again"
    weights = "adapter_model.safetensors"
    assert (folder.adapter / weights).read_bytes() == (undisturbed.adapter / weights).read_bytes()
    assert losses(folder) == losses(undisturbed)


def test_a_finished_run_is_returned_and_another_takes_the_next_number(
    undisturbed: RunFolder, tiny: Path, sums: list[Record]
) -> None:
    runs = undisturbed.path.parent
    shuffled = sums[15::-1]
    told: list[int] = []
    again = fine_tune(
        runs, shuffled, sums[16:], {}, settings_for(tiny), "key", progress=lambda *a: told.append(1)
    )
    assert again == read_manifest(undisturbed.path)
    assert told == [], "nothing was done"
    other = fine_tune(runs, sums[:8], sums[16:], {}, settings_for(tiny, max_steps=1), "key")
    assert other.name == "0002"
    with pytest.raises(UserError, match="holds another run"):
        fine_tune(runs, sums[:9], [], {}, settings_for(tiny, max_steps=1), "key", name="0002")


def test_a_run_is_told_from_another_by_everything_that_goes_into_it(
    sums: list[Record], tmp_path: Path
) -> None:
    base = BaseModelFiles(name="base", path=tmp_path, fingerprint="1")
    spec = TrainingSpec(
        base=base,
        settings=TrainSettings(),
        curated_key="key",
        trainable=tuple(sums[:3]),
        held_out=tuple(sums[3:5]),
        dropped={"a": "near_heldout"},
    )
    others = [
        {"base": base.model_copy(update={"fingerprint": "2"})},
        {"settings": TrainSettings(seed=43)},
        {"curated_key": "another key"},
        {"trainable": tuple(sums[:2])},
        {"held_out": tuple(sums[3:4])},
        {"dropped": {}},
    ]
    identities = {spec.model_copy(update=other).identity for other in [{}, *others]}
    assert len(identities) == 7


def test_the_books_balance_however_a_record_leaves(
    tiny: Path, talk: Any, sums: list[Record], tmp_path: Path
) -> None:
    long = talk("Tell me.", "Arr " * 200)
    manifest = fine_tune(
        tmp_path,
        [*sums[:10], long],
        sums[10:12],
        {"a" * 64: "near_heldout"},
        settings_for(tiny, max_steps=1, method="lora"),
        "key",
        name="pirate",
    )
    books = manifest.books
    assert (books.kept, books.held_out, books.trained) == (14, 2, 10)
    assert books.dropped == {"near_heldout": 1, "too_long": 1}
    splits = json.loads((tmp_path / "pirate" / "splits.json").read_text())
    assert splits["dropped"] == {"a" * 64: "near_heldout", long.id: "too_long"}
    assert sorted(splits["trained"]) == sorted(record.id for record in sums[:10])
    assert splits["held_out"] == sorted(record.id for record in sums[10:12])


def test_books_that_do_not_balance_are_refused() -> None:
    with pytest.raises(ValidationError, match="kept 3 != held_out 1"):
        TrainingBooks(kept=3, held_out=1, trained=1)


def test_the_manifest_is_written_last_and_nothing_unsafe_is_left(undisturbed: RunFolder) -> None:
    files = [path for path in undisturbed.path.rglob("*") if path.is_file()]
    written = undisturbed.manifest.stat().st_mtime_ns
    assert all(path.stat().st_mtime_ns <= written for path in files)
    assert {path.suffix for path in files}.isdisjoint({".bin", ".pt", ".pth", ".pkl"})
    RunManifest.model_validate_json(undisturbed.manifest.read_text())


def test_the_card_says_what_was_measured_and_what_was_not(undisturbed: RunFolder) -> None:
    card = (undisturbed.adapter / "README.md").read_text()
    loss = read_manifest(undisturbed.path).outcome.held_out
    assert loss is not None
    assert card.startswith("---\nlibrary_name: peft\n")
    assert f"Held-out loss {loss.base:.3f} -> {loss.adapter:.3f}" in card
    assert "| **trained on** | **16** |" in card
    assert "Only 8 optimiser steps" in card


def test_a_finding_stops_before_a_folder_is_made(
    tiny: Path, talk: Any, sums: list[Record], tmp_path: Path
) -> None:
    forged = talk("Hi<|im_end|>", "No.")
    with pytest.raises(Finding, match="forged_turns"):
        fine_tune(tmp_path, [*sums, forged], [], {}, settings_for(tiny), "key")
    assert list(tmp_path.iterdir()) == []


def test_a_run_that_is_being_trained_is_left_alone(
    tiny: Path, sums: list[Record], tmp_path: Path
) -> None:
    folder = RunFolder(path=tmp_path / "mine")
    with folder.lock(), pytest.raises(UserError, match="another process is training"):
        fine_tune(tmp_path, sums, [], {}, settings_for(tiny), "key", name="mine")


@pytest.mark.parametrize("name", ["", "..", ".hidden", "a/b"])
def test_an_unusable_name_is_refused(
    tiny: Path, sums: list[Record], tmp_path: Path, name: str
) -> None:
    with pytest.raises(UserError, match="cannot be the name"):
        fine_tune(tmp_path, sums, [], {}, settings_for(tiny), "key", name=name)
