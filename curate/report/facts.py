"""Everything that the report says in numbers, which is also what `curate report --json` prints."""

import json
from collections import Counter
from datetime import UTC, datetime
from typing import Any

import polars as pl

from curate import __version__
from curate.report.calibration import calibrated
from curate.report.histogram import Histogram, bin_values
from curate.settings import Settings
from pipeline.audit.calibration.thresholds import Calibration
from pipeline.curation.coverage import LanguageCoverage, coverage
from pipeline.curation.curated import Curated
from pipeline.curation.recipe import Recipe
from pipeline.curation.run_stages import Curation
from pipeline.files import whole_lines
from pipeline.filters.stage import Stage
from pipeline.store.store import Store
from pipeline.synthesis.job import synth_books
from review.status import ReviewStatus, review_status
from schemas.base import Model
from schemas.books import Books
from schemas.manifest import BatchManifest
from schemas.reasons import Reason
from schemas.verdict import Action
from train.folder import RunFolder, run_folders
from train.manifest import TrainingBooks, read_manifest
from train.outcome import HeldOutLoss

CURVE_POINTS = 300
"""Steps of a loss curve that are drawn; a page has room for no more."""


class ReasonFacts(Model):
    """One reason: how many records it dropped or flagged, and what was measured."""

    reason: str
    stage: str
    dropped: int
    flagged: int
    """Counted among the kept records."""
    measured: str
    """What the stage measures, in words; empty where it measures nothing."""
    histogram: Histogram | None


class ReviewFacts(Model):
    """How far the review is, and what was wrong with records that were rejected or corrected."""

    status: ReviewStatus
    wrong: dict[str, int]


class RunFacts(Model):
    """One run of `curate train`."""

    name: str
    base_model: str
    method: str
    finished: bool
    losses: tuple[tuple[int, float], ...]
    """Step and loss, thinned to `CURVE_POINTS`."""
    books: TrainingBooks | None = None
    held_out: HeldOutLoss | None = None
    current: bool = False
    """Whether it was trained on the records that are kept now."""


class Facts(Model):
    """The report in numbers. No text of any record is in it."""

    title: str
    created: datetime
    version: str
    key: str
    """SHA-256 of everything that the curated set depends on."""
    checked: tuple[str, ...]
    """Names of the files that `curate check` read; empty for a workspace."""
    unreadable: dict[str, str]
    """Files that could not be read, and why."""
    books: Books
    rejected: dict[str, int]
    reasons: tuple[ReasonFacts, ...]
    """The most common first; reasons that only flagged come last."""
    off: tuple[str, ...]
    """Stages that are turned off."""
    calibration: Calibration | None
    """Precision and recall of near-duplicate thresholds; None if too few pairs were labelled."""
    coverage: dict[str, LanguageCoverage]
    """Of each target language; empty for `curate check`."""
    minimum: int
    alarm: int
    reply_tokens: Histogram | None
    synth: dict[str, Any]
    review: ReviewFacts | None
    runs: tuple[RunFacts, ...]
    batches: tuple[BatchManifest, ...]
    settings: dict[str, Any]


def gather_facts(
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
        reply_tokens=bin_values({"kept": curated.kept["reply_tokens"]}),
        synth=synth_books(store),
        review=_review(store),
        runs=tuple(_run(folder, curated.key) for folder in run_folders(store.runs_dir)),
        batches=tuple(batches),
        settings=curation.model_dump(mode="json"),
    )


def gather_workspace(store: Store, settings: Settings, curated: Curated) -> Facts:
    """Read the numbers of a workspace."""
    title = store.root.resolve().name
    return gather_facts(title, store, curated, settings.curation)


def _switches(recipe: Recipe) -> dict[str, bool]:
    return {name: getattr(recipe, name).enabled for name in type(recipe).model_fields}


def _reasons(curated: Curated, recipe: Recipe) -> tuple[ReasonFacts, ...]:
    """Every reason that dropped a record, then those that only flagged."""
    books = curated.books
    names = dict.fromkeys([*books.dropped, *books.flagged])
    return tuple(_reason(name, curated, recipe) for name in names)


def _reason(name: str, curated: Curated, recipe: Recipe) -> ReasonFacts:
    verdicts = curated.verdicts.filter(pl.col("reason") == name)
    dropped = verdicts.filter(pl.col("action") == Action.drop.value)
    flagged = verdicts.filter(pl.col("action") == Action.flag.value)
    flagged = flagged.join(curated.kept, on="id", how="semi").unique("id", maintain_order=True)
    table = str(pl.concat([dropped, flagged])["stage"][0])
    stage: Stage | None = getattr(recipe, table, None)  # None for decisions of reviewers
    values = {
        action: rows["value"]
        for action, rows in (("dropped", dropped), ("flagged", flagged))
        if len(rows)
    }
    counted = stage.counted.get(Reason(name)) if stage else None
    limit = stage.limit if stage and not counted else None
    threshold = float(getattr(stage, limit)) if limit else None
    return ReasonFacts(
        reason=name,
        stage=table,
        dropped=len(dropped),
        flagged=len(flagged),
        measured=counted or (stage.measures if stage else ""),
        histogram=bin_values(values, threshold, limit or ""),
    )


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
    every = -(-len(losses) // CURVE_POINTS) or 1
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
