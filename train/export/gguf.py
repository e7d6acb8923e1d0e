"""An adapter becomes a file to serve, and the file proves itself against the adapter."""

import shutil
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from pipeline.files import sha256_file, write_json
from schemas.base import Model
from schemas.errors import Finding, UserError
from schemas.progress import Progress, quiet
from schemas.record import Record
from train import models
from train.backends import trl
from train.export import converter, proof
from train.manifest import RunManifest, read_manifest
from train.serving.llama_server import LlamaServer
from train.settings import ExportSettings

STEPS = 5
"""Steps that progress counts."""


class ExportReport(Model):
    """`export.json`, written last: the file beside it is whole, and this is what it proved."""

    run: str
    created: datetime
    file: str
    """Name of the GGUF, in the folder of this report."""
    sha256: str
    bytes: int
    outtype: str
    proved: bool
    """Nothing speaks against serving the file for the adapter."""
    failures: tuple[str, ...]
    compared_tokens: int
    """Tokens of greedy answers on which both agree."""
    near_ties: int
    """Answers that part at a token that the adapter itself hardly decides."""
    largest_difference: float
    """Largest difference in log-probability, in nats."""
    proof: proof.Proof


def export_gguf(
    run_dir: Path,
    settings: ExportSettings,
    prompts: Sequence[Record] = (),
    progress: Progress = quiet,
) -> ExportReport:
    """Merge, convert, and compare the file with the adapter.

    Args:
        run_dir: A finished run.
        settings: The `[export]` table.
        prompts: Records whose questions are asked of both; best the held-out ones.
        progress: Told each of five steps.

    Returns:
        The report, which stands in `exports/gguf/export.json` as well.

    Raises:
        Finding: the file does not say what the adapter says. It stays, for a look.
        UserError: the run is not finished, or a tool cannot be had.
    """
    manifest = read_manifest(run_dir)
    base = _same_base(manifest)
    folder = run_dir / "exports" / "gguf"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "export.json").unlink(missing_ok=True)
    target = folder / f"model-{settings.outtype}.gguf"
    asked = _merge_and_convert(base, run_dir / "adapter", target, settings, prompts, progress)
    progress(4, STEPS, "comparing the file with the adapter")
    longest = max((len(reference.ids) for reference in asked), default=0)
    with LlamaServer(target, n_ctx=longest + 2 * proof.TOKENS) as server:
        report = _report(manifest.name, target, proof.compare(asked, server, settings.outtype))
    write_json(folder / "export.json", report.model_dump(mode="json"))
    progress(STEPS, STEPS, "compared")
    if not report.proved:
        raise Finding(
            f"{target} does not say what the adapter says: {'; '.join(report.failures)}",
            "do not serve it; try outtype f16, which is the truest",
        )
    return report


def _same_base(manifest: RunManifest) -> models.BaseModel:
    base = models.locate(manifest.base_model, manifest.settings.revision)
    if base.fingerprint != manifest.base_fingerprint:
        raise UserError(
            f"{base.name} is not the model any more that {manifest.name} was trained on",
            f"bring back {manifest.base_fingerprint[:16]}, or train again",
        )
    return base


def _report(run: str, target: Path, result: proof.Proof) -> ExportReport:
    failures = result.failures()
    return ExportReport(
        run=run,
        created=datetime.now(UTC),
        file=target.name,
        sha256=sha256_file(target),
        bytes=target.stat().st_size,
        outtype=result.outtype,
        proved=not failures,
        failures=tuple(failures),
        compared_tokens=result.compared,
        near_ties=result.near_ties,
        largest_difference=result.largest_difference,
        proof=result,
    )


def _merge_and_convert(
    base: models.BaseModel,
    adapter: Path,
    target: Path,
    settings: ExportSettings,
    prompts: Sequence[Record],
    progress: Progress,
) -> list[proof.Reference]:
    """Write the GGUF; return what the adapter answered before it was merged."""
    merged = target.parent / "merged"
    shutil.rmtree(merged, ignore_errors=True)
    tokenizer = models.load_tokenizer(base)
    progress(0, STEPS, "loading the base in 32 bits")
    model = trl.with_adapter(base, adapter)
    progress(1, STEPS, "asking the adapter")
    asked = proof.references(model, tokenizer, models.stop_tokens(base, tokenizer), prompts)
    progress(2, STEPS, "merging")
    dtype = "bfloat16" if settings.outtype == "bf16" else "float16"
    trl.merge(model, tokenizer, merged, dtype)
    del model  # before the converter needs memory of its own
    progress(3, STEPS, "converting")
    converter.convert(merged, target, settings.outtype)
    if not settings.keep_merged:
        shutil.rmtree(merged)
    return asked
