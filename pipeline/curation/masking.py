"""Kept records as they leave: what `[secret]` and `[personal_data]` mask is written over.

The facts in `records/` stay as they were given; what is reviewed, trained on and exported is
masked. The id stays too, so that every row can still be found.
"""

import orjson
import polars as pl

from pipeline.curation.recipe import Recipe
from pipeline.features.texts import texts
from pipeline.filters.personal_data import PersonalData
from pipeline.filters.secret import Secret

Masking = Secret | PersonalData


def masked(kept: pl.DataFrame, verdicts: pl.DataFrame, recipe: Recipe) -> pl.DataFrame:
    """Kept records with `messages`, `question` and `reply` masked where a stage is to mask."""
    stages: list[Masking] = [recipe.secret, recipe.personal_data]
    stages = [stage for stage in stages if stage.enabled and stage.action == "mask"]
    found = verdicts.filter(pl.col("stage").is_in([stage.name() for stage in stages]))
    ids = set(found["id"])
    if not ids:
        return kept
    rows = [
        _masked(text, stages) if id in ids else text
        for id, text in zip(kept["id"], kept["messages"], strict=True)
    ]
    return _with_messages(kept, pl.Series(rows, dtype=pl.String))


def unmasked(kept: pl.DataFrame, records: pl.DataFrame) -> pl.DataFrame:
    """Kept records with the texts that were given (`Store.records`), to compare and not to show.

    Two questions that are the same differ where only one of them is masked.
    """
    given = kept.select("id").join(records, on="id", how="left", maintain_order="left")
    return _with_messages(kept, given["messages"])


def _with_messages(kept: pl.DataFrame, messages: pl.Series) -> pl.DataFrame:
    """Kept records with other messages, and what is said in those that are other ones."""
    kept = kept.with_columns(said=messages)
    changed = kept.filter(pl.col("said") != pl.col("messages"))
    said = [texts(text) for text in changed["said"]]
    new = pl.DataFrame(said, schema={"question": pl.String, "reply": pl.String})
    renewed = kept.with_columns(messages="said").drop("said")
    return renewed.update(changed.select("id").hstack(new), on="id")


def _masked(messages_json: str, stages: list[Masking]) -> str:
    return orjson.dumps([_mask(turn, stages) for turn in orjson.loads(messages_json)]).decode()


def _mask(value: object, stages: list[Masking]) -> object:
    """Every text inside a turn: contents, parts, arguments of calls; keys and roles stay."""
    if isinstance(value, str):
        for stage in stages:
            value = stage.mask(value)
        return value
    if isinstance(value, list):
        return [_mask(one, stages) for one in value]
    if isinstance(value, dict):
        return {k: v if k in ("role", "type") else _mask(v, stages) for k, v in value.items()}
    return value
