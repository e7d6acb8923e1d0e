"""An adapter becomes one GGUF file to serve, which is then compared with the adapter."""

import shutil
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from pipeline.files import sha256_file, write_json
from schemas.base import Model
from schemas.errors import Finding, UserError
from schemas.progress import Progress, quiet
from schemas.record import Record
from train.adapter import load_with_adapter, merge_adapter
from train.export.converter import convert_to_gguf
from train.export.proof import (
    COMPARED_TOKENS,
    Proof,
    Reference,
    ask_adapter,
    compare_with_server,
)
from train.manifest import RunManifest, read_manifest
from train.models import BaseModelFiles, load_tokenizer, locate_base_model, stop_tokens
from train.serving.llama_server import LlamaServer
from train.settings import ExportSettings

_STEPS = 5
"""Steps that progress counts."""


class ExportReport(Model):
    """`export.json`, written last: the file beside it is complete, and this is its proof."""

    run: str
    created: datetime
    file: str
    """Name of the GGUF, in the folder of this report."""
    sha256: str
    bytes: int
    outtype: str
    proved: bool
    """The comparison found nothing against serving the file in place of the adapter."""
    failures: tuple[str, ...]
    compared_tokens: int
    """Tokens of greedy answers on which both sides agree."""
    near_ties: int
    """Answers that part at a token where the adapter itself is undecided."""
    largest_difference: float
    """Largest difference in log-probability, in nats."""
    proof: Proof


def export_gguf(
    run_dir: Path,
    settings: ExportSettings,
    prompts: Sequence[Record] = (),
    progress: Progress = quiet,
) -> ExportReport:
    """Merge the adapter, convert the result to GGUF, and compare that with the adapter.

    Args:
        run_dir: A finished run.
        settings: The `[export]` table.
        prompts: Records whose questions both sides are asked; the held-out ones are best.
        progress: Told of each of the five steps.

    Returns:
        The report, which is also in `exports/gguf/export.json`.

    Raises:
        Finding: the file does not say what the adapter says. It is kept, so that you can look.
        UserError: the run is not finished, its base model changed, or a tool is missing.
    """
    manifest = read_manifest(run_dir)
    base = _unchanged_base(manifest)
    folder = run_dir / "exports" / "gguf"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "export.json").unlink(missing_ok=True)
    target = folder / f"model-{settings.outtype}.gguf"
    references = _write_gguf(base, run_dir / "adapter", target, settings, prompts, progress)
    progress(4, _STEPS, "comparing the file with the adapter")
    longest = max((len(reference.ids) for reference in references), default=0)
    with LlamaServer(target, n_ctx=longest + 2 * COMPARED_TOKENS) as server:
        proof = compare_with_server(references, server, settings.outtype)
    report = _report(manifest.name, target, proof)
    write_json(folder / "export.json", report.model_dump(mode="json"))
    progress(_STEPS, _STEPS, "compared")
    if not report.proved:
        raise Finding(
            f"{target} does not say what the adapter says: {'; '.join(report.failures)}",
            "do not serve it; try outtype f16, which is the most exact",
        )
    return report


def _unchanged_base(manifest: RunManifest) -> BaseModelFiles:
    base = locate_base_model(manifest.base_model, manifest.settings.revision)
    if base.fingerprint != manifest.base_fingerprint:
        raise UserError(
            f"{base.name} has changed since {manifest.name} was trained on it",
            f"restore the version {manifest.base_fingerprint[:16]}, or train again",
        )
    return base


def _write_gguf(
    base: BaseModelFiles,
    adapter: Path,
    target: Path,
    settings: ExportSettings,
    prompts: Sequence[Record],
    progress: Progress,
) -> list[Reference]:
    """Write the GGUF; return what the adapter answered before it was merged."""
    merged = target.parent / "merged"
    shutil.rmtree(merged, ignore_errors=True)
    tokenizer = load_tokenizer(base)
    progress(0, _STEPS, "loading the base model in 32 bits")
    model = load_with_adapter(base, adapter)
    progress(1, _STEPS, "asking the adapter")
    references = ask_adapter(model, tokenizer, stop_tokens(base, tokenizer), prompts)
    progress(2, _STEPS, "merging")
    dtype = "bfloat16" if settings.outtype == "bf16" else "float16"
    merge_adapter(model, tokenizer, merged, dtype)
    del model  # before the converter needs memory of its own
    progress(3, _STEPS, "converting")
    convert_to_gguf(merged, target, settings.outtype)
    if not settings.keep_merged:
        shutil.rmtree(merged)
    return references


def _report(run: str, target: Path, proof: Proof) -> ExportReport:
    failures = proof.failures()
    return ExportReport(
        run=run,
        created=datetime.now(UTC),
        file=target.name,
        sha256=sha256_file(target),
        bytes=target.stat().st_size,
        outtype=proof.outtype,
        proved=not failures,
        failures=tuple(failures),
        compared_tokens=proof.compared,
        near_ties=proof.near_ties,
        largest_difference=proof.largest_difference,
        proof=proof,
    )
