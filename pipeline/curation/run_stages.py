"""Records and decisions become verdicts: one decisive drop a record, everything else a flag."""

import polars as pl

from pipeline.curation.decisions import Standing, decided
from pipeline.curation.recipe import Recipe
from pipeline.curation.verdict_cache import ask, features_key
from pipeline.features import Features, describe
from pipeline.features.embed import Embedder
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


def judge(
    records: pl.DataFrame,
    said: Standing,
    curation: Curation,
    embedder: Embedder,
    progress: Progress = quiet,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Judge all records of `Store.records`.

    Returns:
        The records with their features and `reviewed`, and the verdicts (`VERDICT_SCHEMA`), in
        which each dropped record has exactly one drop.
    """
    frame = describe(records, curation.features, embedder.cache_dir, progress).with_columns(
        reviewed=pl.col("id").is_in(list(said.approved))
    )
    people = decided(frame, said)
    live = frame.join(people, on="id", how="anti")
    features = features_key(live)
    rows = [ask(s, live, features, embedder.cache_dir) for s in curation.recipe.stages("row")]
    rows = [_spare_approved(found, said) for found in rows]
    verdicts = one_decisive_drop(pl.concat([people, *rows]))
    live = _without_dropped(live, verdicts)
    keys = pl.concat([no_verdicts(), *[stage(live) for stage in curation.recipe.stages("key")]])
    live = _without_dropped(live, keys)
    sets = _near(curation, frame, live, verdicts, embedder, progress)
    return frame, pl.concat([verdicts, keys, sets])


def _near(
    curation: Curation,
    frame: pl.DataFrame,
    live: pl.DataFrame,
    verdicts: pl.DataFrame,
    embedder: Embedder,
    progress: Progress,
) -> pl.DataFrame:
    """The near-duplicate stage, and which of the kept are near what people rejected."""
    by_people = verdicts.filter(pl.col("reason") == Reason.rejected_by_reviewer.value)
    rejected = frame.join(by_people, on="id", how="semi")
    said = curation.recipe.exact_repeat.near_rejected(live, rejected)
    stage = curation.recipe.near_duplicate
    if not stage.enabled:
        return said
    both = pl.concat([live, rejected])
    both = with_questions(both, curation.features, embedder, progress=progress)
    live, rejected = both.head(len(live)), both.tail(len(rejected))
    drops = stage(live, embedder.cache_dir)
    return pl.concat([said, drops, stage.near_rejected(_without_dropped(live, drops), rejected)])


def one_decisive_drop(verdicts: pl.DataFrame) -> pl.DataFrame:
    """Of several drops of a record the first decides (verdicts come in order); others are flags."""
    place = pl.int_range(pl.len()).over("id", "action")
    later = (pl.col("action") == Action.drop.value) & (place > 0)
    action = pl.when(later).then(pl.lit(Action.flag.value)).otherwise("action")
    return verdicts.with_columns(action=action)


def _spare_approved(verdicts: pl.DataFrame, said: Standing) -> pl.DataFrame:
    """What a person kept or wrote is not dropped by a row stage: the drop becomes a flag."""
    spared = pl.col("id").is_in(list(said.approved))
    action = pl.when(spared).then(pl.lit(Action.flag.value)).otherwise("action")
    return verdicts.with_columns(action=action)


def _without_dropped(records: pl.DataFrame, verdicts: pl.DataFrame) -> pl.DataFrame:
    drops = verdicts.filter(pl.col("action") == Action.drop.value)
    return records.join(drops, on="id", how="anti")
