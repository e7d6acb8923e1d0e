"""One record's life: where it was seen, every verdict, what it became."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import polars as pl

from curate.report.twins import bracketed, shown
from pipeline.curation.curated import Curated
from pipeline.curation.splits import held_out_ids
from pipeline.features.language import UNDETERMINED
from pipeline.features.texts import texts
from pipeline.near_duplicates.guard import difference
from pipeline.store.store import Store
from schemas.errors import UserError
from schemas.reasons import Reason
from schemas.record import load_messages
from schemas.verdict import Action
from train.folder import RunFolder, run_folders


@dataclass(frozen=True)
class Life:
    """One record: what it says, where it was seen, every verdict, and what became of it."""

    id: str
    messages: tuple[tuple[str, str], ...]
    """Role and text of each turn."""
    events: tuple[str, ...]
    """Sentences, in the order in which things happened."""

    def __str__(self) -> str:
        """The record as `curate explain` prints it."""
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        yield f"record {self.id}"
        for role, text in self.messages:
            yield ""
            yield f"  {role}"
            yield from (f"    {line}" for line in (text or "(says nothing)").splitlines())
        yield ""
        yield from (f"  · {event}" for event in self.events)


class Lives:
    """Tells the lives of records; reads the workspace once, however many are asked for."""

    def __init__(self, store: Store, curated: Curated) -> None:
        """Tell of the records of a workspace as `curated` has them."""
        self._store = store
        self._curated = curated

    def find(self, prefix: str) -> dict[str, Any]:
        """The record whose id begins with `prefix`: a row of `Store.records`.

        Raises:
            UserError: none does, or several do.
        """
        matching = self._records.filter(pl.col("id").str.starts_with(prefix.lower()))
        if not len(matching):
            raise UserError(
                f"no record's id begins with {prefix!r}",
                "the ids are in curated/verdicts.parquet and curated/kept.parquet",
            )
        if len(matching) > 1:
            first = ", ".join(id[: len(prefix) + 4] for id in matching["id"].head(3))
            raise UserError(
                f"{len(matching)} ids begin with {prefix!r}: {first} …", "give more of the id"
            )
        return matching.row(0, named=True)

    def with_reason(self, reason: str, count: int) -> list[str]:
        """Up to `count` ids with a finding of this reason, drops first, the same ones each time."""
        findings = self._curated.verdicts.filter(pl.col("reason") == reason).unique(
            "id", keep="any"
        )
        drawn = findings.with_columns(ticket=pl.col("id").hash(seed=0))
        return drawn.sort("action", "ticket")["id"].head(count).to_list()

    def of(self, record: dict[str, Any]) -> Life:
        """The life of a record that `find` gave."""
        turns = tuple((turn.role, turn.text) for turn in load_messages(record["messages"]))
        events = [*self._origins(record), *self._reviews(record["id"]), *self._verdicts(record)]
        return Life(record["id"], turns, (*events, *self._becoming(record["id"])))

    def _origins(self, record: dict[str, Any]) -> list[str]:
        """Where it was seen, and what it was made from."""
        seen = self._sightings.filter(pl.col("id") == record["id"]).sort("source")
        events = [
            f"seen at {row['source']} ({row['origin']})"
            + "".join(f", {label} {row[label]}" for label in ("language", "domain") if row[label])
            for row in seen.iter_rows(named=True)
        ]
        if record["parents"]:
            parents = ", ".join(f"`{parent[:12]}`" for parent in record["parents"])
            events.append(f"made from {parents}")
        if record["meta"]:
            meta = json.loads(record["meta"])
            facts = ", ".join(f"{key} {value}" for key, value in meta.items() if value)
            events.append(f"provenance: {facts[:400]}")
        return events

    def _reviews(self, id: str) -> list[str]:
        events = []
        for decision in self._decisions:
            if id in (decision.record_id, decision.child_id):
                note = f", “{decision.note}”" if decision.note else ""
                wrong = f" ({', '.join(decision.wrong)})" if decision.wrong else ""
                choice = decision.choice.value
                events.append(f"reviewed by {decision.reviewer}: {choice}{wrong}{note}")
        return events

    def _verdicts(self, record: dict[str, Any]) -> list[str]:
        events = []
        findings = self._curated.verdicts.filter(pl.col("id") == record["id"])
        for verdict in findings.iter_rows(named=True):
            events.append(_sentence(verdict))
            if verdict["other_id"]:
                other = self.find(verdict["other_id"])
                events += _beside(record, other)
                if verdict["reason"] == Reason.guarded_pair.value:
                    events += self._parted(record, other)
        return events

    def _becoming(self, id: str) -> list[str]:
        """Kept, held out, trained on."""
        events = ["kept"] if id in self._kept else []
        if id in self._held_out:
            events.append("held out: the model is measured on it, and never trained on it")
        for run, splits in self._runs:
            if place := _place_in(run, splits, id):
                events.append(f"run {run.name}: {place}")
        return events

    def _parted(self, record: dict[str, Any], other: dict[str, Any]) -> list[str]:
        """What the guard found of two questions that are near and both kept."""
        question, other_question = (texts(row["messages"])["question"] for row in (record, other))
        languages = (
            self._languages.get(record["id"], UNDETERMINED),
            self._languages.get(other["id"], UNDETERMINED),
        )
        contrast = difference(question, other_question, languages)
        return [f"  what parts them: {contrast}"] if contrast else []

    @cached_property
    def _records(self) -> pl.DataFrame:
        return self._store.records()

    @cached_property
    def _sightings(self) -> pl.DataFrame:
        return self._store.sightings()

    @cached_property
    def _decisions(self) -> list[Any]:
        return self._store.decisions()

    @cached_property
    def _kept(self) -> set[str]:
        return set(self._curated.kept["id"])

    @cached_property
    def _languages(self) -> dict[str, str]:
        return dict(self._curated.kept.select("id", "question_language").iter_rows())

    @cached_property
    def _held_out(self) -> frozenset[str]:
        return held_out_ids(self._store)

    @cached_property
    def _runs(self) -> list[tuple[RunFolder, dict[str, Any]]]:
        runs = run_folders(self._store.runs_dir)
        return [(run, json.loads(run.splits.read_bytes())) for run in runs]


def _place_in(run: RunFolder, splits: dict[str, Any], id: str) -> str | None:
    """What one training did with the record; None when it did not know it."""
    if id in splits["dropped"]:
        return f"left out: {splits['dropped'][id].replace('_', ' ')}"
    done = "" if run.manifest.is_file() else " (not finished)"
    places = {"trained": "trained on", "held_out": "measured on"}
    return next((f"{what}{done}" for key, what in places.items() if id in splits[key]), None)


def _beside(record: dict[str, Any], other: dict[str, Any]) -> list[str]:
    """Both questions, shortened, each on one line, with the words in brackets that differ."""
    questions = [texts(row["messages"])["question"] for row in (record, other)]
    pieces = shown([" ".join(question.split()) for question in questions])
    this, that = map(bracketed, pieces)
    return [f"  its question:  {that}", *([f"  this question: {this}"] if this != that else [])]


def _sentence(verdict: dict[str, Any]) -> str:
    done = "dropped" if verdict["action"] == Action.drop.value else "flagged"
    value = f" ({verdict['value']:.4g})" if verdict["value"] is not None else ""
    other = f", see `{verdict['other_id'][:12]}`" if verdict["other_id"] else ""
    return f"{done} by {verdict['stage']}: {verdict['reason'].replace('_', ' ')}{value}{other}"
