"""One training run, from curated records to an adapter with its books."""

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
from train import models
from train.backends import trl
from train.card import model_card
from train.folder import RunFolder, claim
from train.manifest import RunManifest, TrainingBooks, read_manifest
from train.metrics_log import Journal
from train.prepare import preflight
from train.settings import TrainSettings

PACKAGES = ("curate-chat", "torch", "transformers", "trl", "peft", "bitsandbytes", "tokenizers")
"""Those that can change a result; their versions stand in the manifest."""


class Job(Model):
    """What is to be trained on what."""

    base: models.BaseModel
    settings: TrainSettings
    curated_key: str
    trainable: tuple[Record, ...]
    """By id, which decides the batches: so that no file's order matters."""
    held_out: tuple[Record, ...]
    dropped: dict[str, str]
    """Left out before: id, and reason."""

    @property
    def config(self) -> dict[str, Any]:
        """What is not rows."""
        return {
            "settings": self.settings.model_dump(mode="json"),
            "base_fingerprint": self.base.fingerprint,
            "curated_key": self.curated_key,
        }

    @property
    def identity(self) -> str:
        """SHA-256 (hex) of all of it: equal jobs give equal adapters."""
        ids = [[record.id for record in rows] for rows in (self.trainable, self.held_out)]
        whole = json.dumps([self.config, ids, self.dropped], sort_keys=True)
        return hashlib.sha256(whole.encode()).hexdigest()

    def splits(self, report: preflight.Preflight) -> dict[str, Any]:
        """Where each record went, by id."""
        dropped = {**self.dropped, **report.dropped}
        return {
            "trained": [record.id for record in self.trainable if record.id not in dropped],
            "held_out": [record.id for record in self.held_out],
            "dropped": dict(sorted(dropped.items())),
        }

    def books(self, report: preflight.Preflight) -> TrainingBooks:
        """The same, counted."""
        return TrainingBooks(
            kept=len(self.trainable) + len(self.held_out) + len(self.dropped),
            held_out=len(self.held_out),
            trained=len(self.trainable) - len(report.dropped),
            dropped=Counter([*self.dropped.values(), *report.dropped.values()]),
        )

    def languages(self, report: preflight.Preflight) -> dict[str, int]:
        """Trained records by language label, the commonest first."""
        trained = (record for record in self.trainable if record.id not in report.dropped)
        counts = Counter(record.language or "und" for record in trained)
        return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def train(
    runs_dir: Path,
    trainable: Sequence[Record],
    held_out: Sequence[Record],
    dropped: Mapping[str, str],
    settings: TrainSettings,
    curated_key: str,
    name: str | None = None,
    progress: Progress = quiet,
) -> RunManifest:
    """Train on curated records, or go on where a killed run stopped.

    The same rows, base model and settings are the same run: unfinished, it is resumed and gives
    the adapter that an undisturbed run gives; finished, its manifest is returned.

    Args:
        runs_dir: The workspace's `runs/`.
        trainable: Kept records that may be trained on.
        held_out: Kept records that are never trained on.
        dropped: Kept records left out before: id, and the reason (`near_heldout`).
        settings: The `[train]` table.
        curated_key: Key of the curated set that all of them came from.
        name: Of the run; without one, the next free number.
        progress: Told rows in preflight, then steps with their loss.

    Raises:
        Finding: preflight found what would ruin the model.
        UserError: the base model cannot be had, or the name is another run's.
    """
    job = Job(
        base=models.locate(settings.base_model, settings.revision),
        settings=settings,
        curated_key=curated_key,
        trainable=tuple(sorted(trainable, key=lambda record: record.id)),
        held_out=tuple(sorted(held_out, key=lambda record: record.id)),
        dropped=dict(dropped),
    )
    folder = claim(runs_dir, name, job.identity)
    finished = folder.manifest.is_file()
    return read_manifest(folder.path) if finished else _work(job, folder, progress)


def _work(job: Job, folder: RunFolder, progress: Progress) -> RunManifest:
    tokenizer = models.load_tokenizer(job.base)
    stops = models.stop_tokens(job.base, tokenizer)
    length = job.settings.max_length
    rows = preflight.inspect(job.trainable, job.held_out, tokenizer, stops, length, progress)
    preflight.demand(rows.report)
    with folder.lock():
        folder.begin(job.identity, job.config, job.splits(rows.report))
        shutil.rmtree(folder.adapter, ignore_errors=True)  # a kill came while it was saved
        outcome = trl.finetune(
            base=job.base,
            tokenizer=tokenizer,
            train=rows.train,
            held_out=rows.held_out,
            settings=job.settings,
            checkpoints=folder.checkpoints,
            resume=folder.last_checkpoint(),
            journal=Journal(path=folder.metrics),
            adapter=folder.adapter,
            progress=progress,
        )
        manifest = _manifest(job, folder.name, rows.report, outcome)
        # The card, then the manifest; what only a resume needs goes after it.
        write_atomically(folder.adapter / "README.md", model_card(manifest).encode())
        write_json(folder.manifest, manifest.model_dump(mode="json"))
        shutil.rmtree(folder.checkpoints, ignore_errors=True)
    return manifest


def _manifest(
    job: Job, name: str, report: preflight.Preflight, outcome: trl.Outcome
) -> RunManifest:
    return RunManifest(
        name=name,
        identity=job.identity,
        created=datetime.now(UTC),
        base_model=job.base.name,
        base_fingerprint=job.base.fingerprint,
        curated_key=job.curated_key,
        settings=job.settings,
        books=job.books(report),
        languages=job.languages(report),
        preflight=report,
        outcome=outcome,
        versions=_versions(),
    )


def _versions() -> dict[str, str]:
    found = {}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:  # a source tree that was not installed
            continue
    return found
