"""`curated/` = f(set of records, latest decisions, settings), and nothing else.

Written so that a reader never believes half of it: the manifest goes first, comes back last, and
names the hash of every file; a reader that finds no match computes anew.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

import polars as pl
from pydantic import ValidationError

from pipeline.cache import Cache, package_version
from pipeline.curation.books import settle
from pipeline.curation.coverage import coverage
from pipeline.curation.decisions import standing
from pipeline.curation.masking import masked
from pipeline.curation.run_stages import Curation, run_stages
from pipeline.curation.verdict_cache import VERDICTS
from pipeline.features.describe import MEASURED
from pipeline.features.embed import Embedder
from pipeline.features.tokens import tokenizer_fingerprint
from pipeline.files import sha256_file, write_atomically, write_json, write_parquet
from pipeline.filters.word_lists import words_fingerprint
from pipeline.store.store import Store
from schemas.books import Books
from schemas.errors import UserError
from schemas.frames import KEPT_COLUMNS
from schemas.manifest import CuratedManifest
from schemas.message import Message
from schemas.progress import Progress, quiet
from schemas.record import Record, load_messages
from schemas.verdict import Action

CURATED = Cache(
    "curated",
    3,
    (
        "curation/books.py", "curation/coverage.py", "curation/curated.py",
        "curation/decisions.py", "curation/masking.py", "curation/recipe.py",
        "curation/run_stages.py", "features", "filters", "near_duplicates", "store/sightings.py",
    ),
    (*MEASURED.packages, *VERDICTS.packages),
)  # fmt: skip


@dataclass(frozen=True)
class Curated:
    """What is kept, every verdict, and the books that say that this is all."""

    kept: pl.DataFrame
    """Kept records in order of id: `KEPT_COLUMNS`, with messages as JSON text."""
    verdicts: pl.DataFrame
    """Every finding: `schemas.frames.VERDICT_SCHEMA`."""
    books: Books
    key: str
    """SHA-256 of all that this depends on."""


def load_or_compute(store: Store, curation: Curation, progress: Progress = quiet) -> Curated:
    """The curated set of a workspace as its records, decisions and settings are now.

    Read from `curated/` where that is up to date. Else it is computed, and written unless another
    curate is writing: no reader waits.

    Raises:
        UserError: a model or tokenizer that the settings name is not here.
    """
    embedder = Embedder(curation.features.embedding, store.cache_dir)
    decided_by = fingerprints(store, curation, embedder)
    key = _key(store, curation, decided_by)
    current = _read(store, key, curation)
    if current is not None:
        return current
    records = store.records()
    decisions = standing(store.decisions())
    frame, verdicts = run_stages(records, decisions, curation, embedder, progress)
    drops = verdicts.filter(pl.col("action") == Action.drop.value)
    kept = frame.join(drops, on="id", how="anti").select(KEPT_COLUMNS).sort("id")
    verdicts = verdicts.sort("id", "action", "stage", "reason")
    kept = masked(kept, verdicts, curation.recipe)
    result = Curated(
        kept, verdicts, settle(store.live_batches(), len(records), kept, verdicts), key
    )
    try:
        with store.lock(timeout_s=0):
            _write(store, curation, result, decided_by)
    except UserError:
        pass
    return result


def last_fates(store: Store) -> pl.DataFrame:
    """What became of each record by `curated/` as it is, however old (`id, fate`)."""
    try:
        kept = pl.read_parquet(store.curated_dir / "kept.parquet", columns=["id"])
        return fates(kept, pl.read_parquet(store.curated_dir / "verdicts.parquet"))
    except FileNotFoundError:
        return pl.DataFrame(schema={"id": pl.String, "fate": pl.String})


def fates(kept: pl.DataFrame, verdicts: pl.DataFrame) -> pl.DataFrame:
    """What became of each record (`id, fate`): kept, or the reason for which it was dropped."""
    drops = verdicts.filter(pl.col("action") == Action.drop.value)
    dropped = drops.select("id", pl.col("reason").alias("fate"))
    return pl.concat([kept.select("id", pl.lit("kept").alias("fate")), dropped])


def changes(before: pl.DataFrame, after: pl.DataFrame) -> dict[str, int]:
    """How many records changed their fate, by what it was and what it is, commonest first."""
    both = before.join(after, on="id", how="full", coalesce=True, suffix="_now")
    both = both.with_columns(pl.col("fate").fill_null("new"), pl.col("fate_now").fill_null("gone"))
    moved = both.filter(pl.col("fate") != pl.col("fate_now")).group_by("fate", "fate_now").len()
    rows = moved.sort(["len", "fate", "fate_now"], descending=[True, False, False]).iter_rows()
    return {f"{was} → {now}".replace("_", " "): count for was, now, count in rows}


def records_of(kept: pl.DataFrame, ids: Collection[str] | None = None) -> list[Record]:
    """Kept rows as records, labelled with the language and domain that were found.

    Args:
        kept: `Curated.kept`.
        ids: Only these, if given.
    """
    if ids is not None:
        kept = kept.filter(pl.col("id").is_in(list(ids)))
    return [
        Record(
            messages=load_messages(row["messages"]),
            tools=tuple(json.loads(row["tools"] or "[]")),
            origin=row["origin"],
            source=row["source"],
            language=row["language"],
            domain=row["domain"],
            parents=tuple(row["parents"] or ()),
        )
        for row in kept.iter_rows(named=True)
    ]


def fingerprints(store: Store, curation: Curation, embedder: Embedder) -> dict[str, Any]:
    """What decides beside records, decisions and settings: contents of models, words of filters."""
    features = curation.features
    tokenizer = tokenizer_fingerprint(features.tokens, store.root, store.cache_dir)
    decided_by: dict[str, Any] = {"tokenizer": tokenizer, "words": words_fingerprint()}
    if curation.recipe.stages("set"):
        decided_by["embedding"] = embedder.fingerprint
        decided_by["embedding_languages"] = sorted(features.embedding.known_languages)
    return decided_by


def _key(store: Store, curation: Curation, decided_by: dict[str, Any]) -> str:
    return CURATED.key(
        batches=[batch.model_dump(mode="json") for batch in store.batches()],
        decisions=[decision.model_dump(mode="json") for decision in store.decisions()],
        settings=curation.model_dump(mode="json"),
        curate=version("curate-chat"),
        **decided_by,
    )


def _read(store: Store, key: str, curation: Curation) -> Curated | None:
    folder = store.curated_dir
    try:
        manifest = CuratedManifest.model_validate_json((folder / "manifest.json").read_bytes())
        true = manifest.key == key and all(
            sha256_file(folder / name) == digest for name, digest in manifest.files.items()
        )
    except (OSError, ValidationError):
        return None
    if not true:
        return None
    kept = pl.read_parquet(folder / "kept.parquet").drop("messages")
    facts = store.records().select("id", "messages")
    verdicts = pl.read_parquet(folder / "verdicts.parquet")
    kept = kept.join(facts, on="id", how="left").select(KEPT_COLUMNS)
    kept = masked(kept, verdicts, curation.recipe)
    return Curated(kept, verdicts, manifest.books, key)


def _write(store: Store, curation: Curation, result: Curated, decided_by: dict[str, Any]) -> None:
    folder = store.curated_dir
    manifest_path = folder / "manifest.json"
    manifest_path.unlink(missing_ok=True)
    write_parquet(folder / "kept.parquet", with_structs(result.kept))
    write_parquet(folder / "verdicts.parquet", result.verdicts)
    languages = coverage(result.kept, curation.features.language)
    write_json(
        folder / "coverage.json", {code: c.model_dump(mode="json") for code, c in languages.items()}
    )
    names = ("kept.parquet", "verdicts.parquet", "coverage.json")
    manifest = CuratedManifest(
        key=result.key,
        created=datetime.now(UTC),
        version=version("curate-chat"),
        books=result.books,
        settings=curation.model_dump(mode="json"),
        fingerprints=decided_by
        | {name: package_version(name) for name in sorted(set(CURATED.packages))},
        files={name: sha256_file(folder / name) for name in names},
    )
    write_atomically(manifest_path, manifest.model_dump_json(indent=2).encode())


_MORE_THAN_TEXT = r'"content":\s*\[|"(?:name|tool_calls|tool_call_id|reasoning|learn)":'
"""What the JSON text of messages contains if a turn is more than a role and a text."""


def with_structs(kept: pl.DataFrame) -> pl.DataFrame:
    """Messages as a list of structs, which `datasets` and every trainer load.

    A column of a turn beside role and content stands only where some record needs it.
    """
    plain = ~pl.col("messages").str.contains(_MORE_THAN_TEXT)
    others = kept.filter(~plain)
    rows = [[_turn(message) for message in load_messages(text)] for text in others["messages"]]
    columns: dict[str, type[pl.DataType]] = {"role": pl.String, "content": pl.String}
    for key in (key for row in rows for turn in row for key in turn):
        columns[key] = pl.Int64 if key == "weight" else pl.String
    turns = pl.List(pl.Struct(columns))
    decoded = kept.filter(plain).with_columns(pl.col("messages").str.json_decode(turns))
    both = pl.concat([decoded, others.with_columns(messages=pl.Series(rows, dtype=turns))])
    return both.sort("id")


def _turn(message: Message) -> dict[str, str | int]:
    turn: dict[str, str | int] = {"role": message.role, "content": message.text}
    if message.name:
        turn["name"] = message.name
    if message.tool_calls:
        calls = [call.model_dump(mode="json", exclude_none=True) for call in message.tool_calls]
        turn["tool_calls"] = json.dumps(calls, ensure_ascii=False)
    if message.tool_call_id:
        turn["tool_call_id"] = message.tool_call_id
    if message.reasoning is not None:
        turn["reasoning_content"] = message.reasoning
    return turn if message.learn else turn | {"weight": 0}
