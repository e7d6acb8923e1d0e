"""What people said of pairs of questions: the same, or not. Facts, like decisions: only added."""

import getpass
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import polars as pl
from pydantic import ValidationError

from pipeline.files import append_line
from pipeline.store.store import Store
from schemas.base import Model
from schemas.errors import UserError

SETTLED_SCHEMA: dict[str, pl.DataType] = {
    "one": pl.String(),
    "other": pl.String(),
    "same": pl.Boolean(),
}


class PairLabel(Model):
    """One person's word on one pair; the latest of each person counts."""

    one: str
    """The smaller id."""
    other: str
    same: bool
    """Would an answer to one question do for the other?"""
    by: str
    at: datetime
    """When it was said (UTC)."""
    model: str
    """By whose vectors the pair was found. What was said holds for any other model too; only the
    cosine is another."""


class Disagreements(NamedTuple):
    """Pairs of which people said different things."""

    pairs: int
    split: int
    """Of them those on which as many say yes as no: they count as unlabelled."""


def login_name() -> str:
    """Who sits here; containers may not know."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"


def make_label(ids: tuple[str, str], same: bool, by: str, model: str) -> PairLabel:
    """What a person says now."""
    one, other = sorted(ids)
    return PairLabel(one=one, other=other, same=same, by=by, at=datetime.now(UTC), model=model)


def read_labels(store: Store) -> list[PairLabel]:
    """All labels in the order in which they were given; a torn last line (power cut) is none.

    Raises:
        UserError: a line is no label.
    """
    path, labels = _path(store), list[PairLabel]()
    lines = path.read_bytes().split(b"\n")[:-1] if path.exists() else []
    for number, line in enumerate(lines, 1):
        try:
            labels += [PairLabel.model_validate_json(line)] if line.strip() else []
        except ValidationError:
            raise UserError(
                f"{path}:{number} is no label of a pair", "mend that line, or delete it"
            ) from None
    return labels


def append_labels(store: Store, labels: list[PairLabel]) -> int:
    """Add labels to the log under the lock; what the same person said already is not said twice.

    Returns:
        How many were added.
    """
    with store.lock():
        said = {(label.one, label.other, label.by): label.same for label in read_labels(store)}
        added = 0
        for label in labels:
            key = (label.one, label.other, label.by)
            if said.get(key) is not label.same:
                append_line(_path(store), label.model_dump_json())
                said[key] = label.same
                added += 1
    return added


def settled(labels: list[PairLabel]) -> pl.DataFrame:
    """What counts (`SETTLED_SCHEMA`): the latest of each person, then the majority of people.

    A pair on which as many say yes as no is left out: it is no evidence either way.
    """
    rows = [
        (one, other, 2 * sum(said) > len(said))
        for (one, other), said in _votes(labels).items()
        if 2 * sum(said) != len(said)
    ]
    return pl.DataFrame(rows, schema=SETTLED_SCHEMA, orient="row")


def disagreements(labels: list[PairLabel]) -> Disagreements:
    """How many pairs people do not agree on, by the latest word of each."""
    mixed = [said for said in _votes(labels).values() if len(set(said)) == 2]
    return Disagreements(len(mixed), sum(2 * sum(said) == len(said) for said in mixed))


def _votes(labels: list[PairLabel]) -> dict[tuple[str, str], list[bool]]:
    """The latest word of each person, by pair."""
    latest = {(label.one, label.other, label.by): label.same for label in labels}
    votes: dict[tuple[str, str], list[bool]] = defaultdict(list)
    for (one, other, _), same in latest.items():
        votes[one, other].append(same)
    return votes


def _path(store: Store) -> Path:
    return store.reviews_dir / "pairs.jsonl"
