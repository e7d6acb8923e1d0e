"""All features of records that the stages look at, as columns of one frame."""

import json

import polars as pl
from pydantic import Field

from pipeline.features.embed import EmbeddingSettings
from pipeline.features.language import LanguageSettings, identify
from pipeline.features.texts import TEXT_SCHEMA, texts
from pipeline.features.tokens import TokenSettings, count_tokens
from schemas.base import Model

DEFAULT_DOMAIN = "general"


class Features(Model):
    """The settings on which features depend."""

    language: LanguageSettings = Field(default_factory=LanguageSettings)
    tokens: TokenSettings = Field(default_factory=TokenSettings)
    embedding: EmbeddingSettings = Field(default_factory=EmbeddingSettings)


def describe(records: pl.DataFrame, features: Features) -> pl.DataFrame:
    """Add the features to a frame of `Store.records`.

    Adds the columns of `TEXT_SCHEMA`, and `language` (of the replies; a given label wins),
    `question_language`, `domain`, `reply_tokens` (of the longest reply), `tool_set`.
    """
    rows = [texts(messages) for messages in records["messages"]]
    frame = records.hstack(pl.DataFrame(rows, schema=TEXT_SCHEMA))
    replies = ["\n".join(row) for row in frame["replies"]]
    return frame.with_columns(
        language=pl.coalesce("language_given", _series(identify(replies, features.language))),
        question_language=_series(identify(frame["question"].to_list(), features.language)),
        domain=pl.col("domain_given").fill_null(DEFAULT_DOMAIN),
        tool_set=_series([_tool_set(tools) for tools in frame["tools"]]),
        reply_tokens=pl.Series(count_tokens(frame["replies"].to_list(), features.tokens)).cast(
            pl.Int64
        ),
    )


def _tool_set(tools: str | None) -> str:
    """The tools in one spelling: a template needs the given order of keys, comparing does not."""
    return json.dumps(json.loads(tools), sort_keys=True) if tools else ""


def _series(values: list[str]) -> pl.Series:
    return pl.Series(values, dtype=pl.String)
