"""Records and decisions become verdicts: every stage runs, and one drop a record decides."""

import polars as pl

from pipeline.curation.decisions import Standing, decided
from pipeline.curation.recipe import Recipe
from pipeline.curation.verdict_cache import cached_verdicts, features_key
from pipeline.features import Features, describe
from pipeline.features.embed import Embedder
from pipeline.features.open_chat import with_open_chat
from pipeline.filters.stage import no_verdicts
from pipeline.near_duplicates.questions import with_questions
from schemas.base import Model
from schemas.progress import Progress, quiet
from schemas.reasons import Reason
from schemas.verdict import Action


class Curation(Model):
    """The settings that decide what is kept."""

    features: Features
    recipe: Recipe


def run_stages(
    records: pl.DataFrame,
    decisions: Standing,
    curation: Curation,
    embedder: Embedder,
    progress: Progress = quiet,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Run all stages over all records of `Store.records`.

    People's decisions come first, then the stages by scope: row, key, set. The stages of one scope
    all see the same records; what they drop is gone for the next scope.

    Returns:
        The records with their features, `open_chat` and `reviewed`, and the verdicts
        (`VERDICT_SCHEMA`), in which each dropped record has exactly one drop.
    """
    frame = describe(records, curation.features, embedder.cache_dir, progress)
    frame = with_open_chat(frame).with_columns(
        reviewed=pl.col("id").is_in(list(decisions.approved))
    )
    verdicts = decided(frame, decisions)
    live = _live(frame, verdicts)
    verdicts = _decide(verdicts, _row_verdicts(live, decisions, curation, embedder))
    live = _live(frame, verdicts)
    verdicts = _decide(verdicts, [stage(live) for stage in curation.recipe.stages("key")])
    live = _live(frame, verdicts)
    by_people = verdicts.filter(pl.col("reason") == Reason.rejected_by_reviewer.value)
    rejected = frame.join(by_people, on="id", how="semi")
    return frame, _decide(verdicts, _set_verdicts(live, rejected, curation, embedder, progress))


def _row_verdicts(
    live: pl.DataFrame, decisions: Standing, curation: Curation, embedder: Embedder
) -> list[pl.DataFrame]:
    """Verdicts of the row stages, which drop nothing that a person kept or wrote."""
    features = features_key(live)
    return [
        _spare_approved(cached_verdicts(stage, live, features, embedder.cache_dir), decisions)
        for stage in curation.recipe.stages("row")
    ]


def _set_verdicts(
    live: pl.DataFrame,
    rejected: pl.DataFrame,
    curation: Curation,
    embedder: Embedder,
    progress: Progress,
) -> list[pl.DataFrame]:
    """Verdicts of the set stages, and flags on records that are near one that people rejected."""
    recipe = curation.recipe
    verdicts = [recipe.exact_repeat.near_rejected(live, rejected)]
    stages = recipe.stages("set")
    if not stages:
        return verdicts
    compared = pl.concat([live, rejected])
    compared = with_questions(compared, curation.features, embedder, progress=progress)
    live, rejected = compared.head(len(live)), compared.tail(len(rejected))
    dropped = [stage.call_cached(live, embedder.cache_dir) for stage in stages]
    if recipe.near_duplicate.enabled:
        survivors = _live(live, pl.concat(dropped))
        verdicts.append(recipe.near_duplicate.near_rejected(survivors, rejected))
    return [*verdicts, *dropped]


def _decide(verdicts: pl.DataFrame, more: list[pl.DataFrame]) -> pl.DataFrame:
    """Verdicts with those of the next scope: whatever the scope, one drop a record decides."""
    return one_decisive_drop(pl.concat([verdicts, no_verdicts(), *more]))


def one_decisive_drop(verdicts: pl.DataFrame) -> pl.DataFrame:
    """Of several drops of a record the first decides (verdicts come in order); others are flags."""
    place = pl.int_range(pl.len()).over("id", "action")
    later = (pl.col("action") == Action.drop.value) & (place > 0)
    action = pl.when(later).then(pl.lit(Action.flag.value)).otherwise("action")
    return verdicts.with_columns(action=action)


def _spare_approved(verdicts: pl.DataFrame, decisions: Standing) -> pl.DataFrame:
    """What a person kept or wrote is not dropped by a row stage: the drop becomes a flag."""
    spared = pl.col("id").is_in(list(decisions.approved))
    action = pl.when(spared).then(pl.lit(Action.flag.value)).otherwise("action")
    return verdicts.with_columns(action=action)


def _live(records: pl.DataFrame, verdicts: pl.DataFrame) -> pl.DataFrame:
    """The records that no verdict drops."""
    drops = verdicts.filter(pl.col("action") == Action.drop.value)
    return records.join(drops, on="id", how="anti")
