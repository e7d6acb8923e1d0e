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
from schemas.progress import Progress, quiet
from schemas.record import Record
from train import lora, models, preflight
from train.card import model_card
from train.folder import RunFolder, claim
from train.journal import Journal
from train.manifest import RunManifest, TrainingBooks, read_manifest
from train.settings import TrainSettings

PACKAGES = ("curate-chat", "torch", "transformers", "trl", "peft", "bitsandbytes", "tokenizers")
"""Those that can change a result; their versions stand in the manifest."""


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

    The same rows, base model and settings are the same run: unfinished, it is resumed from its
    last complete checkpoint and gives the adapter that an undisturbed run gives; finished, its
    manifest is returned and nothing is done.

    Args:
        runs_dir: The workspace's `runs/`.
        trainable: Kept records that may be trained on.
        held_out: Kept records that are never trained on.
        dropped: Kept records left out before: id, and the reason (`near_heldout`).
        settings: The `[train]` table.
        curated_key: Key of the curated set that all of them came from.
        name: Name of the run; without one, the next free number.
        progress: Told rows in preflight, then steps with their loss.

    Raises:
        Finding: preflight found what would ruin the model.
        UserError: the base model cannot be had, or the name is another run's.
    """
    base = models.locate(settings.base_model, settings.revision)
    # The order of rows decides the batches: by id, so that no file's order matters.
    trainable = sorted(trainable, key=lambda record: record.id)
    held_out = sorted(held_out, key=lambda record: record.id)
    config = {
        "settings": settings.model_dump(mode="json"),
        "base_fingerprint": base.fingerprint,
        "curated_key": curated_key,
    }
    identity = _identity(config, trainable, held_out, dropped)
    folder = claim(runs_dir, name, identity)
    if folder.manifest.is_file():
        return read_manifest(folder.path)
    tokenizer = models.load_tokenizer(base)
    stops = models.stop_tokens(base, tokenizer)
    rows = preflight.inspect(trainable, held_out, tokenizer, stops, settings.max_length, progress)
    preflight.demand(rows.report)
    reasons = {**dropped, **rows.report.dropped}
    splits = {
        "trained": [row.id for row in rows.train],
        "held_out": [record.id for record in held_out],
        "dropped": dict(sorted(reasons.items())),
    }
    with folder.lock():
        folder.begin(identity, config, splits)
        outcome = _finetune(folder, base, tokenizer, rows, settings, progress)
        books = TrainingBooks(
            kept=len(trainable) + len(held_out) + len(dropped),
            held_out=len(held_out),
            trained=len(rows.train),
            dropped=Counter(reasons.values()),
        )
        manifest = RunManifest(
            name=folder.name,
            identity=identity,
            created=datetime.now(UTC),
            base_model=base.name,
            base_fingerprint=base.fingerprint,
            curated_key=curated_key,
            settings=settings,
            books=books,
            languages=_languages(trainable, reasons),
            preflight=rows.report,
            outcome=outcome,
            versions=_versions(),
        )
        _publish(folder, manifest)
    return manifest


def _finetune(
    folder: RunFolder,
    base: models.BaseModel,
    tokenizer: Any,
    rows: preflight.Rows,
    settings: TrainSettings,
    progress: Progress,
) -> lora.Outcome:
    shutil.rmtree(folder.adapter, ignore_errors=True)  # a kill may have come while it was saved
    return lora.finetune(
        base=base,
        tokenizer=tokenizer,
        train=rows.train,
        held_out=rows.held_out,
        settings=settings,
        checkpoints=folder.checkpoints,
        resume=folder.last_checkpoint(),
        journal=Journal(path=folder.metrics),
        adapter=folder.adapter,
        progress=progress,
    )


def _publish(folder: RunFolder, manifest: RunManifest) -> None:
    """Write the card, then the manifest; what only a resume needs goes after it."""
    write_atomically(folder.adapter / "README.md", model_card(manifest).encode())
    write_json(folder.manifest, manifest.model_dump(mode="json"))
    shutil.rmtree(folder.checkpoints, ignore_errors=True)


def _identity(
    config: dict[str, Any],
    trainable: Sequence[Record],
    held_out: Sequence[Record],
    dropped: Mapping[str, str],
) -> str:
    ids = [[record.id for record in records] for records in (trainable, held_out)]
    whole = json.dumps([config, ids, dict(dropped)], sort_keys=True)
    return hashlib.sha256(whole.encode()).hexdigest()


def _languages(trainable: Sequence[Record], left_out: Mapping[str, str]) -> dict[str, int]:
    trained = (record for record in trainable if record.id not in left_out)
    counts = Counter(record.language or "und" for record in trained)
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _versions() -> dict[str, str]:
    found = {}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:  # a source tree that was not installed
            continue
    return found
