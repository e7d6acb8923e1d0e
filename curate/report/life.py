"""The history of one record: where it was seen, every verdict on it, and what became of it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import polars as pl

from curate.report.twins import bracketed, excerpts
from pipeline.curation.curated import Curated
from pipeline.curation.splits import held_out_ids
from pipeline.features.language import UNDETERMINED
from pipeline.features.texts import texts
from pipeline.near_duplicates.guard import difference
from pipeline.store.store import Store
from schemas.errors import UserError
from schemas.message import Message
from schemas.reasons import Reason
from schemas.record import load_messages
from schemas.verdict import Action
from train.folder import RunFolder, run_folders


@dataclass(frozen=True)
class Life:
    """The history of one record: its text, where it was seen, every verdict, what became of it."""

    id: str
    messages: tuple[tuple[str, str], ...]
    """Role and text of each turn; reasoning is shown as a turn of its own before the reply."""
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
            yield from (f"    {line}" for line in (text or "(empty)").splitlines())
        yield ""
        yield from (f"  · {event}" for event in self.events)


class Lives:
    """Looks up the history of records; reads the workspace once, for any number of them."""

    def __init__(self, store: Store, curated: Curated) -> None:
        """Look at the records of a workspace, and at what `curated` says about them."""
        self._store = store
        self._curated = curated

    def find(self, prefix: str) -> dict[str, Any]:
        """The record whose id begins with `prefix`: a row of `Store.records`.

        Raises:
            UserError: no id begins so, or several do.
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
        """The history of a record that `find` returned."""
        turns = tuple(shown_turns_of(load_messages(record["messages"])))
        events = [*self._origins(record), *self._reviews(record["id"]), *self._verdicts(record)]
        return Life(record["id"], turns, (*events, *self._becoming(record["id"])))

    def _origins(self, record: dict[str, Any]) -> list[str]:
        """Where it was seen, and what it was made from."""
        sightings = self._sightings.filter(pl.col("id") == record["id"]).sort("source")
        events = [
            f"seen at {row['source']} ({row['origin']})"
            + "".join(f", {label} {row[label]}" for label in ("language", "domain") if row[label])
            for row in sightings.iter_rows(named=True)
        ]
        if record["parents"]:
            parents = ", ".join(f"`{parent[:12]}`" for parent in record["parents"])
            events.append(f"made from {parents}")
        if record["meta"]:
            meta = json.loads(record["meta"])
            meta |= meta.pop("columns", {})
            facts = ", ".join(f"{key} {value}" for key, value in meta.items() if value)
            events.append(f"details: {facts[:400]}")
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
                other_record = self.find(verdict["other_id"])
                events += _questions(record, other_record)
                if verdict["reason"] == Reason.guarded_pair.value:
                    events += self._difference(record, other_record)
        return events

    def _becoming(self, id: str) -> list[str]:
        """Whether it is kept, held out, or trained on."""
        events = ["kept"] if id in self._kept else []
        if id in self._held_out:
            events.append("held out: models are measured on it, and never trained on it")
        for run, splits in self._runs:
            if place := _place_in(run, splits, id):
                events.append(f"run {run.name}: {place}")
        return events

    def _difference(self, record: dict[str, Any], other_record: dict[str, Any]) -> list[str]:
        """The number, unit, negation or opposite for which two near questions were both kept."""
        question, other_question = (
            texts(row["messages"])["question"] for row in (record, other_record)
        )
        languages = (
            self._languages.get(record["id"], UNDETERMINED),
            self._languages.get(other_record["id"], UNDETERMINED),
        )
        contrast = difference(question, other_question, languages)
        return [f"  they differ in:  {contrast}"] if contrast else []

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
    """What a run did with the record; None if the record was not there yet."""
    if id in splits["dropped"]:
        return f"left out: {splits['dropped'][id].replace('_', ' ')}"
    note = "" if run.manifest.is_file() else " (not finished)"
    places = {"trained": "trained on", "held_out": "measured on"}
    return next((f"{use}{note}" for key, use in places.items() if id in splits[key]), None)


def _questions(record: dict[str, Any], other_record: dict[str, Any]) -> list[str]:
    """Both questions, shortened, each on one line; differing words are in brackets."""
    questions = [texts(row["messages"])["question"] for row in (record, other_record)]
    pieces = excerpts([" ".join(question.split()) for question in questions])
    question, other_question = map(bracketed, pieces)
    lines = [f"  other question:  {other_question}"]
    return [*lines, f"  this question:   {question}"] if question != other_question else lines


def _sentence(verdict: dict[str, Any]) -> str:
    action = "dropped" if verdict["action"] == Action.drop.value else "flagged"
    value = f" ({verdict['value']:.4g})" if verdict["value"] is not None else ""
    pointer = f", see `{verdict['other_id'][:12]}`" if verdict["other_id"] else ""
    return f"{action} by {verdict['stage']}: {verdict['reason'].replace('_', ' ')}{value}{pointer}"


def shown_turns_of(messages: tuple[Message, ...]) -> Iterator[tuple[str, str]]:
    """Role and text of each turn for people: thoughts before the reply, calls behind it."""
    for message in messages:
        if message.reasoning:
            yield "reasoning", message.reasoning
        calls = [
            f"→ {call.function.name}({call.function.arguments})" for call in message.tool_calls
        ]
        role = message.role if message.learn else f"{message.role} (context, not learnt)"
        yield role, "\n".join([*filter(None, [message.text]), *calls])
