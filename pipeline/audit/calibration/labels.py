"""People's labels of pairs of questions: the same, or not. Facts, like decisions: only added to."""

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
    """What one person says about one pair; the latest label of each person counts."""

    one: str
    """The smaller id."""
    other: str
    same: bool
    """Would an answer to one question do for the other?"""
    by: str
    at: datetime
    """When the label was given (UTC)."""
    model: str
    """The model by whose vectors the pair was found. The label holds for any model; the cosine does
    not."""


class Disagreements(NamedTuple):
    """Pairs that people label differently."""

    pairs: int
    split: int
    """Those of them for which as many say yes as no: they count as unlabelled."""


def login_name() -> str:
    """The login name of this person; "unknown" where the system has none, as in some containers."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"


def make_label(ids: tuple[str, str], same: bool, by: str, model: str) -> PairLabel:
    """The label that a person gives now."""
    one, other = sorted(ids)
    return PairLabel(one=one, other=other, same=same, by=by, at=datetime.now(UTC), model=model)


def read_labels(store: Store) -> list[PairLabel]:
    """All labels in the order in which they were given, without a last line that was cut short.

    Raises:
        UserError: a line is not a label.
    """
    path, labels = _path(store), list[PairLabel]()
    lines = path.read_bytes().split(b"\n")[:-1] if path.exists() else []
    for number, line in enumerate(lines, 1):
        try:
            labels += [PairLabel.model_validate_json(line)] if line.strip() else []
        except ValidationError:
            raise UserError(
                f"{path}:{number} is not a valid label of a pair", "correct or delete that line"
            ) from None
    return labels


def append_labels(store: Store, labels: list[PairLabel]) -> int:
    """Add labels to the log under the lock, without those that repeat a person's latest label.

    Returns:
        How many were added.
    """
    with store.lock():
        latest = _latest(read_labels(store))
        added = 0
        for label in labels:
            key = (label.one, label.other, label.by)
            if latest.get(key) is not label.same:
                append_line(_path(store), label.model_dump_json())
                latest[key] = label.same
                added += 1
    return added


def settled_pairs(labels: list[PairLabel]) -> pl.DataFrame:
    """Which pairs are the same question (`SETTLED_SCHEMA`), by the majority of people.

    A pair for which as many say yes as no is left out: it is no evidence either way.
    """
    rows = [
        (one, other, 2 * sum(votes) > len(votes))
        for (one, other), votes in _votes(labels).items()
        if 2 * sum(votes) != len(votes)
    ]
    return pl.DataFrame(rows, schema=SETTLED_SCHEMA, orient="row")


def disagreements(labels: list[PairLabel]) -> Disagreements:
    """How many pairs people do not agree on, by the latest label of each."""
    mixed = [votes for votes in _votes(labels).values() if len(set(votes)) == 2]
    return Disagreements(len(mixed), sum(2 * sum(votes) == len(votes) for votes in mixed))


def _votes(labels: list[PairLabel]) -> dict[tuple[str, str], list[bool]]:
    """The latest label of each person, by pair."""
    votes: dict[tuple[str, str], list[bool]] = defaultdict(list)
    for (one, other, _), same in _latest(labels).items():
        votes[one, other].append(same)
    return votes


def _latest(labels: list[PairLabel]) -> dict[tuple[str, str, str], bool]:
    """The latest label by pair and person."""
    return {(label.one, label.other, label.by): label.same for label in labels}


def _path(store: Store) -> Path:
    return store.reviews_dir / "pairs.jsonl"
