"""One training run, from curated records to an adapter with balanced books."""

import hashlib
import json
import shutil
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from pipeline.files import write_atomically, write_json
from schemas.base import Model
from schemas.progress import Progress, quiet
from schemas.record import Record
from train.backends import Backend, trl
from train.card import model_card
from train.folder import RunFolder, choose_run_folder
from train.manifest import RunManifest, TrainingBooks, read_manifest
from train.models import BaseModelFiles, load_tokenizer, locate_base_model, stop_tokens
from train.outcome import Outcome
from train.prepare.preflight import PreflightReport, require_passed, run_preflight
from train.settings import TrainSettings

_BACKEND: Backend = trl

_VERSIONED_PACKAGES = (
    "curate-chat", "torch", "transformers", "trl", "peft", "bitsandbytes", "tokenizers",
)  # fmt: skip
"""Packages that can change the result; the manifest names their versions."""


class TrainingSpec(Model):
    """What is to be trained, how, and on which records."""

    base: BaseModelFiles
    settings: TrainSettings
    curated_key: str
    trainable: tuple[Record, ...]
    """Sorted by id, because their order decides the batches: the order of files must not."""
    held_out: tuple[Record, ...]
    dropped: dict[str, str]
    """Kept records that were left out before: id and reason."""

    @property
    def config(self) -> dict[str, Any]:
        """Everything but the records."""
        return {
            "settings": self.settings.model_dump(mode="json"),
            "base_fingerprint": self.base.fingerprint,
            "curated_key": self.curated_key,
        }

    @property
    def identity(self) -> str:
        """SHA-256 (hex) of everything: equal specifications give equal adapters."""
        ids = [[record.id for record in records] for records in (self.trainable, self.held_out)]
        everything = json.dumps([self.config, ids, self.dropped], sort_keys=True)
        return hashlib.sha256(everything.encode()).hexdigest()

    def splits(self, report: PreflightReport) -> dict[str, Any]:
        """Where each record went, by id."""
        dropped = {**self.dropped, **report.dropped}
        return {
            "trained": [record.id for record in self.trainable if record.id not in dropped],
            "held_out": [record.id for record in self.held_out],
            "dropped": dict(sorted(dropped.items())),
        }

    def books(self, report: PreflightReport) -> TrainingBooks:
        """How many records went where."""
        return TrainingBooks(
            kept=len(self.trainable) + len(self.held_out) + len(self.dropped),
            held_out=len(self.held_out),
            trained=len(self.trainable) - len(report.dropped),
            dropped=Counter([*self.dropped.values(), *report.dropped.values()]),
        )

    def languages(self, report: PreflightReport) -> dict[str, int]:
        """Records trained on, by language label, the most frequent first."""
        trained = (record for record in self.trainable if record.id not in report.dropped)
        counts = Counter(record.language or "und" for record in trained)
        return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def fine_tune(
    runs_dir: Path,
    trainable: Sequence[Record],
    held_out: Sequence[Record],
    dropped: Mapping[str, str],
    settings: TrainSettings,
    curated_key: str,
    name: str | None = None,
    progress: Progress = quiet,
) -> RunManifest:
    """Train on curated records, or resume a run that was interrupted.

    The same records, base model and settings are the same run. If it is unfinished, it is resumed
    and gives the adapter that it would have given without the interruption; if it is finished,
    nothing is done and its manifest is returned.

    Args:
        runs_dir: The workspace's `runs/`.
        trainable: Kept records that may be trained on.
        held_out: Kept records that are never trained on.
        dropped: Kept records that were left out before: id and reason (`near_heldout`).
        settings: The `[train]` table.
        curated_key: Key of the curated set that all of these records come from.
        name: Name of the run; without one, a new run gets the next free number.
        progress: Told of records in preflight, then of steps with their loss.

    Raises:
        Finding: preflight found something that would ruin the model.
        UserError: the base model cannot be found, the name belongs to another run, or another
            process is training this one.
    """
    spec = TrainingSpec(
        base=locate_base_model(settings.base_model, settings.revision),
        settings=settings,
        curated_key=curated_key,
        trainable=tuple(sorted(trainable, key=lambda record: record.id)),
        held_out=tuple(sorted(held_out, key=lambda record: record.id)),
        dropped=dict(dropped),
    )
    folder = choose_run_folder(runs_dir, name, spec.identity)
    if folder.manifest.is_file():
        return read_manifest(folder.path)
    return _train(spec, folder, progress)


def _train(spec: TrainingSpec, folder: RunFolder, progress: Progress) -> RunManifest:
    tokenizer = load_tokenizer(spec.base)
    prepared = run_preflight(
        spec.trainable,
        spec.held_out,
        tokenizer,
        stop_tokens(spec.base, tokenizer),
        spec.settings.max_length,
        progress,
    )
    require_passed(prepared.report)
    with folder.lock():
        folder.begin(spec.identity, spec.config, spec.splits(prepared.report))
        # There is one if a kill came after the training, or in the middle of saving it.
        shutil.rmtree(folder.adapter, ignore_errors=True)
        outcome = _BACKEND.train_adapter(
            base=spec.base,
            tokenizer=tokenizer,
            prepared=prepared,
            settings=spec.settings,
            folder=folder,
            progress=progress,
        )
        manifest = _manifest(spec, folder.name, prepared.report, outcome)
        # First the card, then the manifest; only then is the run finished, and what a resume
        # would need can go.
        write_atomically(folder.adapter / "README.md", model_card(manifest).encode())
        write_json(folder.manifest, manifest.model_dump(mode="json"))
        shutil.rmtree(folder.checkpoints, ignore_errors=True)
    return manifest


def _manifest(
    spec: TrainingSpec, name: str, report: PreflightReport, outcome: Outcome
) -> RunManifest:
    return RunManifest(
        name=name,
        identity=spec.identity,
        created=datetime.now(UTC),
        base_model=spec.base.name,
        base_fingerprint=spec.base.fingerprint,
        curated_key=spec.curated_key,
        settings=spec.settings,
        books=spec.books(report),
        languages=spec.languages(report),
        preflight=report,
        outcome=outcome,
        versions=_versions(),
    )


def _versions() -> dict[str, str]:
    versions = {}
    for package in _VERSIONED_PACKAGES:
        try:
            versions[package] = version(package)
        except PackageNotFoundError:  # a source tree that was not installed
            continue
    return versions
