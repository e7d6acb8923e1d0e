"""One record's life: where it was seen, what was said of it, what it became."""

import json
from typing import Any

import polars as pl

from curate.report.twins import bracketed, shown
from curate.workspace import Workspace
from pipeline.curation.curated import Curated
from pipeline.curation.splits import held_out_ids
from pipeline.features.language import UNDETERMINED
from pipeline.features.texts import texts
from pipeline.near_duplicates.guard import difference
from schemas.errors import UserError
from schemas.reasons import Reason
from schemas.record import load_messages
from schemas.verdict import Action
from train.folder import RunFolder, run_folders


def find(workspace: Workspace, prefix: str) -> dict[str, Any]:
    """The record whose id begins with `prefix`.

    Raises:
        UserError: none does, or several do.
    """
    records = workspace.store.records()
    found = records.filter(pl.col("id").str.starts_with(prefix.lower()))
    if not len(found):
        raise UserError(
            f"no record's id begins with {prefix!r}", "ids stand in curated/verdicts.parquet"
        )
    if len(found) > 1:
        first = ", ".join(id[: len(prefix) + 4] for id in found["id"].head(3))
        raise UserError(f"{len(found)} ids begin with {prefix!r}: {first} …", "give more of it")
    return found.row(0, named=True)


def with_reason(curated: Curated, reason: str, count: int) -> list[str]:
    """Up to `count` ids with a finding of this reason, drops first, the same ones each time."""
    found = curated.verdicts.filter(pl.col("reason") == reason).unique("id", keep="any")
    drawn = found.with_columns(ticket=pl.col("id").hash(seed=0))
    return drawn.sort("action", "ticket")["id"].head(count).to_list()


def life(workspace: Workspace, curated: Curated, record: dict[str, Any]) -> list[str]:
    """Sentences, in the order in which things happened."""
    id = record["id"]
    seen = workspace.store.sightings().filter(pl.col("id") == id).sort("source")
    lines = [
        f"seen at {row['source']} ({row['origin']})"
        + "".join(f", {label} {row[label]}" for label in ("language", "domain") if row[label])
        for row in seen.iter_rows(named=True)
    ]
    if record["parents"]:
        lines.append("made from " + ", ".join(f"`{parent[:12]}`" for parent in record["parents"]))
    if record["meta"]:
        meta = json.loads(record["meta"])
        lines.append("provenance: " + ", ".join(f"{k} {v}" for k, v in meta.items() if v)[:400])
    for decision in workspace.store.decisions():
        if id in (decision.record_id, decision.child_id):
            note = f", “{decision.note}”" if decision.note else ""
            wrong = f" ({', '.join(decision.wrong)})" if decision.wrong else ""
            lines.append(f"reviewed by {decision.reviewer}: {decision.choice.value}{wrong}{note}")
    for verdict in curated.verdicts.filter(pl.col("id") == id).to_dicts():
        lines.append(_sentence(verdict))
        if verdict["other_id"]:
            other = find(workspace, verdict["other_id"])
            lines += _beside(record, other)
            if verdict["reason"] == Reason.guarded_pair.value:
                lines += _parted(curated, record, other)
    if id in set(curated.kept["id"]):
        lines.append("kept")
    if id in held_out_ids(workspace.store):
        lines.append("held out: the model is measured on it, never trained")
    runs = run_folders(workspace.store.runs_dir)
    lines += [f"run {run.name}: {place}" for run in runs if (place := _place_in(run, id))]
    return lines


def conversation(record: dict[str, Any]) -> list[tuple[str, str]]:
    """Role and text of each turn."""
    return [(message.role, message.text) for message in load_messages(record["messages"])]


def _place_in(run: RunFolder, id: str) -> str | None:
    """What one training did with the record; None when it did not know it."""
    splits: dict[str, Any] = json.loads(run.splits.read_bytes())
    if id in splits["dropped"]:
        return f"left out: {splits['dropped'][id].replace('_', ' ')}"
    done = "" if run.manifest.is_file() else " (not finished)"
    places = {"trained": "trained on", "held_out": "measured on"}
    return next((f"{said}{done}" for key, said in places.items() if id in splits[key]), None)


def _beside(record: dict[str, Any], other: dict[str, Any]) -> list[str]:
    """Both questions, shortened, each on one line, with the words in brackets that differ."""
    asked = [texts(row["messages"])["question"] for row in (record, other)]
    both = shown([" ".join(question.split()) for question in asked])
    mine, its = map(bracketed, both)
    return [f"  its question:  {its}", *([f"  this question: {mine}"] if mine != its else [])]


def _parted(curated: Curated, record: dict[str, Any], other: dict[str, Any]) -> list[str]:
    """What the guard found of two questions that are near and both kept."""
    spoken = dict(curated.kept.select("id", "question_language").iter_rows())
    one, its = (texts(row["messages"])["question"] for row in (record, other))
    mine, theirs = (spoken.get(row["id"], UNDETERMINED) for row in (record, other))
    said = difference(one, its, (mine, theirs))
    return [f"  what parts them: {said}"] if said else []


def _sentence(verdict: dict[str, Any]) -> str:
    done = "dropped" if verdict["action"] == Action.drop.value else "flagged"
    value = f" ({verdict['value']:.4g})" if verdict["value"] is not None else ""
    other = f", see `{verdict['other_id'][:12]}`" if verdict["other_id"] else ""
    return f"{done} by {verdict['stage']}: {verdict['reason'].replace('_', ' ')}{value}{other}"
