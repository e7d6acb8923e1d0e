"""Texts that show what the numbers mean: a few for each reason, beside the record they repeat."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from curate.report.twins import Piece, excerpts, shortened
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
from schemas.record import load_messages
from schemas.verdict import Action

EXAMPLES_EACH = 5
"""Examples for each reason: enough to see a pattern, few enough to be read."""

_BELOW = 0.02
"""Pairs that were both kept are shown if their cosine is at most this far below the threshold."""

_COMPARED_RECORDS = 3000
"""Kept records among which such pairs are searched. They are the first by id, which is a hash, so
they are a random sample."""


@dataclass(frozen=True)
class ExampleSide:
    """One record, shortened."""

    role: str
    """What became of it, such as `dropped`."""
    id: str
    source: str
    question: Sequence[Piece]
    reply: Sequence[Piece]
    reasoning: Sequence[Piece] = ()
    """What was thought before the reply, shortened; empty for most."""


@dataclass(frozen=True)
class Example:
    """A record, or two side by side, with the value that was measured."""

    sides: tuple[ExampleSide, ...]
    value: float | None = None


@dataclass(frozen=True)
class RejectedExample:
    """A row that could not be read as a conversation."""

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


class RecordTexts:
    """The texts of chosen records, read once, with secrets and personal data masked."""

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
        parts = [texts(row["messages"]) for _, row in rows]
        questions = excerpts([mask_all(part["question"], self._recipe) for part in parts])
        replies = excerpts([mask_all(part["reply"], self._recipe) for part in parts])
        thoughts = [mask_all(_reasoning(row["messages"]), self._recipe) for _, row in rows]
        return Example(
            tuple(
                ExampleSide(role, row["id"], row["source"], question, reply, reasoning)
                for (role, row), question, reply, reasoning in zip(
                    rows, questions, replies, excerpts(thoughts), strict=True
                )
            ),
            value,
        )


def _reasoning(messages_json: str) -> str:
    """What was thought before the last reply that has thoughts; "" for none."""
    thoughts = [m.reasoning for m in load_messages(messages_json) if m.reasoning]
    return thoughts[-1] if thoughts else ""


def collect_examples(store: Store, curated: Curated, curation: Curation) -> Examples:
    """Pick the examples of a page."""
    chosen = _chosen(curated)
    stage = curation.recipe.near_duplicate
    nearest_drops = _nearest_drops(curated) if stage.enabled else chosen.head(0)
    kept_pairs = _kept_pairs(store, curated, curation) if stage.enabled else []
    ids = {
        *pl.concat([chosen["id"], chosen["other_id"]]).drop_nulls(),
        *pl.concat([nearest_drops["id"], nearest_drops["other_id"]]).drop_nulls(),
        *(id for _, *pair in kept_pairs for id in pair),
    }
    records = RecordTexts(store, curated.kept, curation.recipe, ids)
    examples = Examples(rejected=_rejected(store, curation.recipe))
    for verdict in chosen.to_dicts():
        action = "dropped" if verdict["action"] == Action.drop.value else "flagged"
        actions = examples.reasons.setdefault(verdict["reason"], {})
        actions.setdefault(action, []).append(_example(records, verdict, action))
    examples.above = [_example(records, row, "dropped") for row in nearest_drops.to_dicts()]
    examples.below = [
        records.example(cosine, ("kept", left), ("kept", right))
        for cosine, left, right in kept_pairs
    ]
    return examples


def _example(records: RecordTexts, verdict: dict[str, Any], action: str) -> Example:
    roles = [(action, verdict["id"])]
    if other_id := verdict["other_id"]:
        roles.append(("kept" if other_id in records.kept else "its twin, not kept", other_id))
    return records.example(verdict["value"], *roles)


def _nearest_drops(curated: Curated) -> pl.DataFrame:
    """The near-duplicates that were dropped with the lowest cosine."""
    is_drop = pl.col("action") == Action.drop.value
    drops = curated.verdicts.filter(is_drop, reason=Reason.near_duplicate.value)
    return drops.sort("value", "id").head(EXAMPLES_EACH)


def _chosen(curated: Curated) -> pl.DataFrame:
    """A few verdicts of each reason and action: the first by id, a hash, so a random choice."""
    kept = pl.col("id").is_in(curated.kept["id"].implode())
    counted = curated.verdicts.filter((pl.col("action") == Action.drop.value) | kept)
    counted = counted.unique(["id", "reason", "action"], keep="first", maintain_order=True)
    return counted.sort("id").group_by("reason", "action", maintain_order=True).head(EXAMPLES_EACH)


def _kept_pairs(store: Store, curated: Curated, curation: Curation) -> list[tuple[float, str, str]]:
    """Cosine and ids of kept pairs just below the threshold, the nearest first."""
    limit = curation.recipe.near_duplicate.threshold
    embedder = Embedder(curation.features.embedding, store.cache_dir)
    sample = curated.kept.head(_COMPARED_RECORDS)
    try:
        groups = comparable(with_vectors(sample, curation.features, embedder))
    except UserError:  # the model was uninstalled in the meantime; its verdicts are still there
        return []
    pairs = list[tuple[float, str, str]]()
    for group in groups:
        vectors, ids = vectors_of(group), group["id"]
        for left, right, cosine in exact_pairs(vectors, vectors, limit - _BELOW):
            below = (left < right) & (cosine <= limit)
            sides = ids.gather(left[below]), ids.gather(right[below])
            pairs += zip(cosine[below].tolist(), *sides, strict=True)
            pairs = sorted(pairs, reverse=True)[:EXAMPLES_EACH]
    return pairs


def _rejected(store: Store, recipe: Recipe) -> dict[str, list[RejectedExample]]:
    """A few rejected rows by reason."""
    examples: dict[str, list[RejectedExample]] = {}
    for batch in store.live_batches():
        for line in whole_lines(store.records_dir / f"{batch.batch}.rejected.jsonl"):
            row = json.loads(line)
            rows = examples.setdefault(row["reason"], [])
            if len(rows) < EXAMPLES_EACH:
                text = shortened(mask_all(row["text"], recipe))
                rows.append(RejectedExample(row["source"], row["why"], text))
    return examples


def mask_all(text: str, recipe: Recipe) -> str:
    """The text without the secrets and personal data that any stage can mask.

    This does not depend on what the workspace does with them, since a report is sent to others.
    """
    for name in type(recipe).model_fields:
        mask = getattr(getattr(recipe, name), "mask", None)
        text = mask(text) if mask else text
    return text
