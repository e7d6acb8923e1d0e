"""Texts that show what the numbers mean: of each reason a few, beside their twins."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from curate.report.twins import Piece, cut, shown
from pipeline.curation.curated import Curated
from pipeline.curation.recipe import Recipe
from pipeline.curation.run_stages import Curation
from pipeline.features.embed import Embedder
from pipeline.features.texts import texts
from pipeline.files import whole_lines
from pipeline.near_duplicates.join import exact_pairs
from pipeline.near_duplicates.vectors import comparable, vectors_of, with_vectors
from pipeline.store.store import Store
from schemas.errors import UserError
from schemas.reasons import Reason
from schemas.verdict import Action

EACH = 5
"""Examples of one reason: enough to see a pattern, few enough to be read."""

BELOW = 0.02
"""How far below the threshold pairs are looked for that were both kept."""

LOOKED_AT = 3000
"""Kept records among which such pairs are looked for; ids are hashes, so it is a random sample."""


@dataclass(frozen=True)
class Side:
    """One record, shortened."""

    role: str
    """What became of it, such as `dropped`."""
    id: str
    source: str
    question: Sequence[Piece]
    reply: Sequence[Piece]


@dataclass(frozen=True)
class Example:
    """A record, or two side by side, with the number that was measured."""

    sides: tuple[Side, ...]
    value: float | None = None


@dataclass(frozen=True)
class RejectedExample:
    """A row that could not become a record."""

    source: str
    why: str
    text: str


@dataclass
class Examples:
    """All texts of the page; empty for a page that shows none."""

    reasons: dict[str, dict[str, list[Example]]] = field(default_factory=dict)
    """By reason, then `dropped` or `flagged`."""
    rejected: dict[str, list[RejectedExample]] = field(default_factory=dict)
    above: list[Example] = field(default_factory=list)
    """Near-duplicates just above the threshold."""
    below: list[Example] = field(default_factory=list)
    """Kept pairs just below it."""


class Shelf:
    """Where the texts of records are taken from, each read once, without what is private."""

    def __init__(
        self, store: Store, kept: pl.DataFrame, recipe: Recipe, ids: Iterable[str]
    ) -> None:
        self.kept = set(kept["id"])
        self._recipe = recipe
        records = store.records().filter(pl.col("id").is_in(list(ids)))
        self._rows: dict[str, dict[str, Any]] = {row["id"]: row for row in records.to_dicts()}

    def example(self, value: float | None, *roles: tuple[str, str]) -> Example:
        """One record by role and id, or two with their differences marked."""
        rows = [(role, self._rows[id]) for role, id in roles if id in self._rows]
        said = [texts(row["messages"]) for _, row in rows]
        questions = shown([masked(text["question"], self._recipe) for text in said])
        replies = shown([masked(text["reply"], self._recipe) for text in said])
        return Example(
            tuple(
                Side(role, row["id"], row["source"], question, reply)
                for (role, row), question, reply in zip(rows, questions, replies, strict=True)
            ),
            value,
        )


def collect(store: Store, curated: Curated, curation: Curation) -> Examples:
    """Pick the examples of a page."""
    found = _chosen(curated)
    stage = curation.recipe.near_duplicate
    near = found.filter(reason=Reason.near_duplicate.value).head(0)
    if stage.enabled:
        drops = pl.col("reason") == Reason.near_duplicate.value
        drops &= pl.col("action") == Action.drop.value
        near = curated.verdicts.filter(drops).sort("value", "id").head(EACH)
    pairs = _kept_pairs(store, curated, curation) if stage.enabled else []
    ids = pl.concat([found["id"], found["other_id"], near["id"], near["other_id"]]).drop_nulls()
    shelf = Shelf(
        store,
        curated.kept,
        curation.recipe,
        [*ids, *(id for _, one, other in pairs for id in (one, other))],
    )
    examples = Examples(rejected=_rejected(store, curation.recipe))
    for verdict in found.to_dicts():
        done = "dropped" if verdict["action"] == Action.drop.value else "flagged"
        kinds = examples.reasons.setdefault(verdict["reason"], {})
        kinds.setdefault(done, []).append(_example(shelf, verdict, done))
    examples.above = [_example(shelf, verdict, "dropped") for verdict in near.to_dicts()]
    examples.below = [
        shelf.example(cosine, ("kept", one), ("kept", other)) for cosine, one, other in pairs
    ]
    return examples


def _example(shelf: Shelf, verdict: dict[str, Any], done: str) -> Example:
    roles = [(done, verdict["id"])]
    if other := verdict["other_id"]:
        roles.append(("kept" if other in shelf.kept else "its twin, not kept", other))
    return shelf.example(verdict["value"], *roles)


def _chosen(curated: Curated) -> pl.DataFrame:
    """A few verdicts of each reason and action, in order of id, which is a random one."""
    kept = pl.col("id").is_in(curated.kept["id"].implode())
    counted = curated.verdicts.filter((pl.col("action") == Action.drop.value) | kept)
    counted = counted.unique(["id", "reason", "action"], keep="first", maintain_order=True)
    return counted.sort("id").group_by("reason", "action", maintain_order=True).head(EACH)


def _kept_pairs(store: Store, curated: Curated, curation: Curation) -> list[tuple[float, str, str]]:
    """Cosine and ids of kept pairs just below the threshold, the nearest first."""
    limit = curation.recipe.near_duplicate.threshold
    embedder = Embedder(curation.features.embedding, store.cache_dir)
    sample = curated.kept.head(LOOKED_AT)
    try:
        groups = comparable(with_vectors(sample, curation.features, embedder))
    except UserError:  # the model went away since; what it said stands in the verdicts
        return []
    found = list[tuple[float, str, str]]()
    for group in groups:
        vectors, ids = vectors_of(group), group["id"]
        for one, other, cosine in exact_pairs(vectors, vectors, limit - BELOW):
            below = (one < other) & (cosine <= limit)
            sides = ids.gather(one[below]), ids.gather(other[below])
            found += zip(cosine[below].tolist(), *sides, strict=True)
            found = sorted(found, reverse=True)[:EACH]
    return found


def _rejected(store: Store, recipe: Recipe) -> dict[str, list[RejectedExample]]:
    found: dict[str, list[RejectedExample]] = {}
    for batch in store.live_batches():
        for line in whole_lines(store.records_dir / f"{batch.batch}.rejected.jsonl"):
            row = json.loads(line)
            rows = found.setdefault(row["reason"], [])
            if len(rows) < EACH:
                rows.append(
                    RejectedExample(row["source"], row["why"], cut(masked(row["text"], recipe)))
                )
    return found


def masked(text: str, recipe: Recipe) -> str:
    """The text without the secrets and personal data that any stage can mask.

    Whatever the workspace does with them: a report is sent to others.
    """
    for name in type(recipe).model_fields:
        mask = getattr(getattr(recipe, name), "mask", None)
        text = mask(text) if mask else text
    return text
