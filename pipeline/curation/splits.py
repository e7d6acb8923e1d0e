"""Which records are held out to measure the model, and which are too near to them to train on.

Held-out records are written by humans and reserved before anything is generated. The list of them
only grows. Groups of similar questions are reserved as a whole, so that the model does not train
on a question almost equal to a held-out one.
"""

import hashlib
import json
from pathlib import Path

import numpy as np
import polars as pl
from pydantic import Field

from pipeline.curation.run_stages import Curation
from pipeline.features.embed import Embedder
from pipeline.files import append_lines, whole_lines
from pipeline.near_duplicates.components import components
from pipeline.near_duplicates.vectors import comparable, nearest, vectors_of, with_vectors
from pipeline.store.store import Store
from schemas.base import Model
from schemas.record import Origin

MARGIN = 0.07
"""How far below the near-duplicate threshold two questions still belong to the same group."""


class SplitSettings(Model):
    """Which records are held out: the model never trains on them and is measured on them."""

    held_out: float = Field(default=0.1, gt=0, lt=1)
    """Share of the records written by humans that is held out."""

    seed: int = 0
    """Another seed holds out other records. It has no effect once records are reserved."""


class Split(Model):
    """The ids of kept records, each in exactly one part."""

    trained: tuple[str, ...]
    held_out: tuple[str, ...]
    near_heldout: tuple[str, ...]
    """Left out of training because their question is too similar to a held-out one."""


def held_out_ids(store: Store) -> frozenset[str]:
    """All reserved ids, also of records that are no longer kept."""
    return frozenset(json.loads(line)["id"] for line in whole_lines(_path(store)))


def reserve(
    store: Store, kept: pl.DataFrame, curation: Curation, settings: SplitSettings
) -> frozenset[str]:
    """Reserve held-out records until they are the wanted share of the kept human records.

    Returns:
        All reserved ids that are kept. Calling it again with the same records adds none.
    """
    embedder = Embedder(curation.features.embedding, store.cache_dir)
    human = kept.filter(pl.col("origin") == Origin.human.value).sort("id")
    human = with_vectors(human, curation.features, embedder)
    with store.lock():
        reserved = held_out_ids(store)
        held_out = set(human["id"]) & reserved
        wanted = round(settings.held_out * len(human)) - len(held_out)
        drawn = _draw(human, curation, settings.seed, reserved, wanted)
        append_lines(_path(store), [json.dumps({"id": id}) for id in drawn])
        held_out.update(drawn)
    return frozenset(held_out)


def split(store: Store, kept: pl.DataFrame, held_out: frozenset[str], curation: Curation) -> Split:
    """Divide the kept records into those to train on, held-out ones, and too similar ones."""
    embedder = Embedder(curation.features.embedding, store.cache_dir)
    frame = with_vectors(kept.sort("id"), curation.features, embedder)
    measured = frame.filter(pl.col("id").is_in(list(held_out)))
    rest = frame.filter(~pl.col("id").is_in(list(held_out)))
    near = near_to(rest, measured, curation)
    return Split(
        trained=tuple(id for id in rest["id"] if id not in near),
        held_out=tuple(measured["id"]),
        near_heldout=tuple(id for id in rest["id"] if id in near),
    )


def near_to(records: pl.DataFrame, held_out: pl.DataFrame, curation: Curation) -> set[str]:
    """Ids of records whose question is within the margin of a held-out one (both with `vector`)."""
    limit = curation.recipe.near_duplicate.threshold - MARGIN
    return set(nearest(records, held_out).filter(pl.col("cosine") > limit)["id"])


def _draw(
    human: pl.DataFrame, curation: Curation, seed: int, reserved: frozenset[str], wanted: int
) -> list[str]:
    """The ids of whole groups, in an order by hash, until no more than `wanted` fit."""
    groups: dict[int, list[str]] = {}
    for id, group in zip(human["id"], _groups(human, curation), strict=True):
        groups.setdefault(int(group), []).append(id)
    drawn: list[str] = []
    for members in sorted(groups.values(), key=lambda ids: _hash(seed, min(ids))):
        if len(drawn) + len(members) <= wanted and not reserved.intersection(members):
            drawn += members
    return drawn


def _groups(human: pl.DataFrame, curation: Curation) -> np.ndarray:
    """A group number for each row; rows with a cosine above the limit are in the same group."""
    limit = curation.recipe.near_duplicate.threshold - MARGIN
    groups = np.zeros(len(human), np.int64)
    for group in comparable(human.with_row_index("row")):
        rows = group["row"].to_numpy()
        groups[rows] = rows[components(vectors_of(group), limit)]
    return groups


def _hash(seed: int, id: str) -> str:
    return hashlib.sha256(f"{seed}:{id}".encode()).hexdigest()


def _path(store: Store) -> Path:
    return store.splits_dir / "held_out.jsonl"
