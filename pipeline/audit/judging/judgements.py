"""What people said of records and pairs. Facts, like decisions: only added to."""

from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path

from pydantic import ValidationError

from pipeline.audit.judging.kinds import Flaw
from pipeline.files import append_line
from pipeline.store.store import Store
from schemas.base import Model
from schemas.errors import UserError

Item = tuple[str, str | None]
"""The id of a record, and that of the other one where two are judged."""


class Judgement(Model):
    """What one person says of one record or pair; the latest of each person counts."""

    id: str
    other_id: str | None = None
    faults: tuple[str, ...] = ()
    """Names of `Flaw`; none where nothing is wrong."""
    same: bool | None = None
    """Of two records: do they ask for the same?"""
    by: str
    at: datetime
    """When it was given (UTC)."""

    @property
    def item(self) -> Item:
        """What was judged."""
        return self.id, self.other_id


def make_judgement(
    item: Item, by: str, faults: tuple[Flaw, ...] = (), same: bool | None = None
) -> Judgement:
    """The judgement that a person gives now."""
    names = tuple(fault.name for fault in Flaw if fault in faults)
    now = datetime.now(UTC)
    return Judgement(id=item[0], other_id=item[1], faults=names, same=same, by=by, at=now)


def read_judgements(store: Store) -> list[Judgement]:
    """All judgements in the order in which they were given, without a last line that was cut short.

    Raises:
        UserError: a line is not a judgement.
    """
    path, judgements = _log(store), list[Judgement]()
    lines = path.read_bytes().split(b"\n")[:-1] if path.exists() else []
    for number, line in enumerate(lines, 1):
        try:
            judgements += [Judgement.model_validate_json(line)] if line.strip() else []
        except ValidationError:
            raise UserError(
                f"{path}:{number} is not a valid judgement", "correct or delete that line"
            ) from None
    return judgements


def append_judgements(store: Store, judgements: list[Judgement]) -> int:
    """Add judgements to the log, without those that repeat a person's latest; return how many."""
    with store.lock():
        latest = {(known.item, known.by): known for known in read_judgements(store)}
        added = 0
        for judgement in judgements:
            known = latest.get((judgement.item, judgement.by))
            if not known or (known.faults, known.same) != (judgement.faults, judgement.same):
                append_line(_log(store), judgement.model_dump_json())
                latest[judgement.item, judgement.by] = judgement
                added += 1
    return added


def settled(judgements: list[Judgement]) -> dict[Item, frozenset[str] | bool]:
    """By item the faults that more than half of its judges name, or whether the two are the same.

    A pair for which as many say yes as no is left out.
    """
    latest = {(judgement.item, judgement.by): judgement for judgement in judgements}
    votes = defaultdict[Item, list[Judgement]](list)
    for (item, _), judgement in latest.items():
        votes[item].append(judgement)
    found: dict[Item, frozenset[str] | bool] = {}
    for item, said in votes.items():
        if item[1] is None:
            named = {fault for judgement in said for fault in judgement.faults}
            found[item] = frozenset(
                fault
                for fault in named
                if 2 * sum(fault in judgement.faults for judgement in said) > len(said)
            )
        elif 2 * (yes := sum(bool(judgement.same) for judgement in said)) != len(said):
            found[item] = 2 * yes > len(said)
    return found


def _log(store: Store) -> Path:
    return store.reviews_dir / "audit.jsonl"
