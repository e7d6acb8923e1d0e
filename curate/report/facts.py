"""Everything that the report says in numbers; `curate report --json` is this and nothing else."""

import json
import re
from collections import Counter
from datetime import UTC, datetime
from typing import Any

import polars as pl

from curate import __version__
from curate.report.calibration import calibrated
from curate.report.histogram import Histogram, histogram
from curate.settings import Settings
from pipeline.audit.calibration.thresholds import Calibration
from pipeline.curation.coverage import LanguageCoverage, coverage
from pipeline.curation.curated import Curated
from pipeline.curation.recipe import Recipe
from pipeline.curation.run_stages import Curation
from pipeline.files import whole_lines
from pipeline.store.store import Store
from pipeline.synthesis.job import synth_books
from review.status import ReviewStatus, review_status
from schemas.base import Model
from schemas.books import Books
from schemas.manifest import BatchManifest
from schemas.verdict import Action
from train.folder import RunFolder, run_folders
from train.manifest import TrainingBooks, read_manifest
from train.outcome import HeldOutLoss

VALUE = re.compile(r"value is (.+?)[.;]")
"""Where a stage's docstring says what it measures."""

POINTS = 300
"""Steps of a loss curve that are drawn; a page is no wider."""


class ReasonFacts(Model):
    """One reason: how often it decided, and what was measured."""

    reason: str
    stage: str
    dropped: int
    flagged: int
    """Of the kept."""
    measured: str
    """What the stage measures, in the words of its own manual."""
    histogram: Histogram | None


class ReviewFacts(Model):
    """How far the review is, and what was wrong with what was rejected or mended."""

    status: ReviewStatus
    wrong: dict[str, int]


class RunFacts(Model):
    """One training."""

    name: str
    base_model: str
    method: str
    finished: bool
    losses: tuple[tuple[int, float], ...]
    """Step and loss, thinned to `POINTS`."""
    books: TrainingBooks | None = None
    held_out: HeldOutLoss | None = None
    current: bool = False
    """Trained on what is kept now."""


class Facts(Model):
    """The report in numbers. No text of any record is in it."""

    title: str
    created: datetime
    version: str
    key: str
    """SHA-256 of all that the curated set depends on."""
    checked: tuple[str, ...]
    """Files that were looked at without a workspace; empty for a workspace."""
    unreadable: dict[str, str]
    """Files that could not be read, and why."""
    books: Books
    rejected: dict[str, int]
    reasons: tuple[ReasonFacts, ...]
    """Those that dropped a record first, the commonest first."""
    off: tuple[str, ...]
    """Stages that are turned off."""
    calibration: Calibration | None
    """What each near-duplicate threshold would do, where enough pairs were labelled."""
    coverage: dict[str, LanguageCoverage]
    """Of the target languages; empty for a check."""
    minimum: int
    alarm: int
    reply_tokens: Histogram | None
    synth: dict[str, Any]
    review: ReviewFacts | None
    runs: tuple[RunFacts, ...]
    batches: tuple[BatchManifest, ...]
    settings: dict[str, Any]


def gather(
    title: str,
    store: Store,
    curated: Curated,
    curation: Curation,
    checked: tuple[str, ...] = (),
    unreadable: dict[str, str] | None = None,
) -> Facts:
    """Read the numbers of a workspace, or of files that were only checked."""
    batches = store.live_batches()
    language = curation.features.language
    rejected: Counter[str] = Counter()
    for batch in batches:
        rejected.update(batch.rejected)
    return Facts(
        title=title,
        created=datetime.now(UTC),
        version=__version__,
        key=curated.key,
        checked=checked,
        unreadable=unreadable or {},
        books=curated.books,
        rejected=dict(rejected.most_common()),
        reasons=_reasons(curated, curation.recipe),
        off=tuple(name for name, on in _switches(curation.recipe).items() if not on),
        calibration=None if checked else calibrated(store, curated, curation),
        coverage={} if checked else coverage(curated.kept, language),
        minimum=language.minimum,
        alarm=language.alarm,
        reply_tokens=histogram({"kept": curated.kept["reply_tokens"]}),
        synth=synth_books(store),
        review=_review(store),
        runs=tuple(_run(folder, curated.key) for folder in run_folders(store.runs_dir)),
        batches=tuple(batches),
        settings=curation.model_dump(mode="json"),
    )


def gather_workspace(store: Store, settings: Settings, curated: Curated) -> Facts:
    """Read the numbers of a workspace."""
    return gather(store.root.resolve().name, store, curated, settings.curation)


def _switches(recipe: Recipe) -> dict[str, bool]:
    return {name: getattr(recipe, name).enabled for name in type(recipe).model_fields}


def _reasons(curated: Curated, recipe: Recipe) -> tuple[ReasonFacts, ...]:
    """Every reason of the books; drops in their order, then what only flagged."""
    books = curated.books
    names = dict.fromkeys([*books.dropped, *books.flagged])
    return tuple(_reason(name, curated, recipe) for name in names)


def _reason(name: str, curated: Curated, recipe: Recipe) -> ReasonFacts:
    found = curated.verdicts.filter(pl.col("reason") == name)
    dropped = found.filter(pl.col("action") == Action.drop.value)
    flagged = found.filter(pl.col("action") == Action.flag.value)
    flagged = flagged.join(curated.kept, on="id", how="semi").unique("id", maintain_order=True)
    stage = str(pl.concat([dropped, flagged])["stage"][0])
    measured = {
        series: rows["value"]
        for series, rows in (("dropped", dropped), ("flagged", flagged))
        if len(rows)
    }
    return ReasonFacts(
        reason=name,
        stage=stage,
        dropped=len(dropped),
        flagged=len(flagged),
        measured=_measured(recipe, stage),
        histogram=histogram(measured, *_limit(recipe, stage)),
    )


def _measured(recipe: Recipe, stage: str) -> str:
    if stage not in type(recipe).model_fields:
        return ""
    said = VALUE.search(" ".join((getattr(recipe, stage).__call__.__doc__ or "").split()))
    return said[1] if said else ""


def _limit(recipe: Recipe, stage: str) -> tuple[float | None, str]:
    """The number that a stage's values are held against, and its name, if there is one."""
    name = getattr(recipe, stage).limit if stage in type(recipe).model_fields else None
    return (float(getattr(getattr(recipe, stage), name)), name) if name else (None, "")


def _review(store: Store) -> ReviewFacts | None:
    status = review_status(store)
    if status is None:
        return None
    by_reader = {
        (decision.record_id, decision.reviewer): decision
        for decision in sorted(store.decisions(), key=lambda decision: decision.at)
    }
    wrong = Counter(word for decision in by_reader.values() for word in decision.wrong)
    return ReviewFacts(status=status, wrong=dict(wrong.most_common()))


def _run(folder: RunFolder, key: str) -> RunFacts:
    settings = json.loads(folder.config.read_bytes())["settings"]
    logs = [json.loads(line) for line in whole_lines(folder.metrics)]
    losses = [(int(log["step"]), float(log["loss"])) for log in logs if "loss" in log]
    every = -(-len(losses) // POINTS) or 1
    begun = RunFacts(
        name=folder.name,
        base_model=settings["base_model"],
        method=settings["method"],
        finished=False,
        losses=tuple(losses[::every]),
    )
    if not folder.manifest.is_file():
        return begun
    manifest = read_manifest(folder.path)
    done = {
        "finished": True,
        "books": manifest.books,
        "held_out": manifest.outcome.held_out,
        "current": manifest.curated_key == key,
    }
    return begun.model_copy(update=done)
