"""Masking kept records: secrets and personal data are replaced by `[SECRET]`, `[EMAIL]` and so on.

What is reviewed, trained on and exported is masked. The files in `records/` stay as they are, and
so do the ids, so that every row can still be found.
"""

import orjson
import polars as pl

from pipeline.curation.recipe import Recipe
from pipeline.features.texts import texts
from pipeline.filters.personal_data import PersonalData
from pipeline.filters.secret import Secret

Masking = Secret | PersonalData


def masked(kept: pl.DataFrame, verdicts: pl.DataFrame, recipe: Recipe) -> pl.DataFrame:
    """Kept records, their texts masked by the stages whose action is "mask"."""
    stages: list[Masking] = [recipe.secret, recipe.personal_data]
    stages = [stage for stage in stages if stage.enabled and stage.action == "mask"]
    ids = set(verdicts.filter(pl.col("stage").is_in([stage.name() for stage in stages]))["id"])
    if not ids:
        return kept
    rows = [
        _masked(text, stages) if id in ids else text
        for id, text in zip(kept["id"], kept["messages"], strict=True)
    ]
    return _with_messages(kept, pl.Series(rows, dtype=pl.String))


def unmasked(kept: pl.DataFrame, records: pl.DataFrame) -> pl.DataFrame:
    """Kept records with their original texts (`Store.records`), to be compared but not shown.

    Two equal questions would differ if only one of them were masked.
    """
    given = kept.select("id").join(records, on="id", how="left", maintain_order="left")
    return _with_messages(kept, given["messages"])


def _with_messages(kept: pl.DataFrame, messages: pl.Series) -> pl.DataFrame:
    """Kept records with other messages, and question and reply of those that have changed."""
    kept = kept.with_columns(new_messages=messages)
    changed = kept.filter(pl.col("new_messages") != pl.col("messages"))
    parts = [texts(text) for text in changed["new_messages"]]
    new_texts = pl.DataFrame(parts, schema={"question": pl.String, "reply": pl.String})
    kept = kept.with_columns(messages="new_messages").drop("new_messages")
    return kept.update(changed.select("id").hstack(new_texts), on="id")


def _masked(messages_json: str, stages: list[Masking]) -> str:
    return orjson.dumps([_mask(turn, stages) for turn in orjson.loads(messages_json)]).decode()


def _mask(value: object, stages: list[Masking]) -> object:
    """Mask every text in a turn (contents, parts, arguments of calls), but no keys or roles."""
    if isinstance(value, str):
        for stage in stages:
            value = stage.mask(value)
        return value
    if isinstance(value, list):
        return [_mask(item, stages) for item in value]
    if isinstance(value, dict):
        return {k: v if k in ("role", "type") else _mask(v, stages) for k, v in value.items()}
    return value
