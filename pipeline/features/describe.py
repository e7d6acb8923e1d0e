"""All features of records that the stages look at, as columns of one frame."""

import json
import re
from pathlib import Path

import polars as pl
from pydantic import Field

from pipeline.cache import Cache
from pipeline.features.cache import FeatureCache
from pipeline.features.embed import EmbeddingSettings
from pipeline.features.fold import fold
from pipeline.features.language import UNDETERMINED, LanguageSettings, identify
from pipeline.features.texts import everything, texts
from pipeline.features.tokens import (
    TokenSettings,
    count_all_tokens,
    count_tokens,
    tokenizer_fingerprint,
)
from schemas.base import Model
from schemas.frames import MEASURED_SCHEMA, TEXT_SCHEMA
from schemas.progress import Progress, quiet

MEASURED = Cache(
    "features",
    3,
    tuple(f"features/{name}.py" for name in ("describe", "fold", "language", "texts", "tokens")),
    ("py3langid", "tokenizers", "unicode"),
)


_DATE_OR_TIME = re.compile(r"\d+(?:[-/.:]\d+)+|\b\d{4}\b")
"""Numbers with signs between them, and years."""


class DomainSettings(Model):
    """The domain of records for which neither the row nor `[ingest] domains` names one."""

    keywords: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """Words by domain: `keywords = { "billing" = ["invoice", "refund"] }`. A question that contains
    one of them, in upper or lower case, is of that domain; the first domain that fits counts."""

    default: str = "general"
    """The domain of all other records."""


class Features(Model):
    """The settings on which features depend."""

    domain: DomainSettings = Field(default_factory=DomainSettings)
    language: LanguageSettings = Field(default_factory=LanguageSettings)
    tokens: TokenSettings = Field(default_factory=TokenSettings)
    embedding: EmbeddingSettings = Field(default_factory=EmbeddingSettings)

    @property
    def measure(self) -> dict[str, object]:
        """The settings that what is measured depends on: a change of others measures nothing."""
        expected = sorted({*self.language.expected, *self.language.targets})
        return {
            "expected": expected,
            "certainty": self.language.certainty,
        }


def describe(
    records: pl.DataFrame,
    features: Features,
    cache_dir: Path | None = None,
    progress: Progress = quiet,
    workspace: Path | None = None,
) -> pl.DataFrame:
    """Add the features to a frame of `Store.records`, keeping its rows in their order.

    Adds the columns of `MEASURED_SCHEMA`, `language` (a given label, else that of the replies, or
    of the question where the replies are too short or are code),
    `domain`, and `targeted` (is it a target language?).

    Args:
        records: What to describe.
        features: The settings.
        cache_dir: The workspace's cache, so that only what was never measured is measured.
        progress: Told how much is measured.
        workspace: Where a tokenizer's folder is looked for; that of `cache_dir` by default.
    """
    workspace = workspace or (cache_dir.parent if cache_dir else Path())
    tokenizer = tokenizer_fingerprint(features.tokens, workspace, cache_dir)
    key = MEASURED.key(tokenizer=tokenizer, **features.measure)
    cache = FeatureCache(cache_dir and MEASURED.folder(cache_dir) / key, MEASURED_SCHEMA)
    facts = records.select("id", "messages", "tools")
    measured = cache.measured(
        facts, lambda missing: measure(missing, features, workspace), progress
    )
    frame = records.join(measured, on="id", how="left", maintain_order="left")
    return frame.with_columns(
        language=pl.coalesce("language_given", _reply_or_question_language()),
        domain=pl.coalesce("domain_given", *_by_keyword(features.domain)),
    ).with_columns(targeted=pl.col("language").is_in(list(features.language.targets)))


def _reply_or_question_language() -> pl.Expr:
    """Of 1,079 Alpaca records with a reply that is too short to tell 1,050 ask in English."""
    reply = pl.col("reply_language")
    return pl.when(reply == UNDETERMINED).then("question_language").otherwise(reply)


def _by_keyword(settings: DomainSettings) -> list[pl.Expr]:
    question = pl.col("question").str.to_lowercase()
    choices = [
        pl.when(question.str.contains_any([word.lower() for word in words])).then(pl.lit(domain))
        for domain, words in settings.keywords.items()
    ]
    return [*choices, pl.lit(settings.default)]


def measure(facts: pl.DataFrame, features: Features, workspace: Path) -> pl.DataFrame:
    """Measure records (`id, messages, tools`); the result has `MEASURED_SCHEMA`."""
    rows = [texts(messages) for messages in facts["messages"]]
    parts = pl.DataFrame(rows, schema=TEXT_SCHEMA)
    replies = ["\n".join(row) for row in parts["replies"]]
    tools = [_tool_set(given) for given in facts["tools"]]
    systems = list(map(_system_key, parts["system"]))
    return parts.with_columns(
        id=facts["id"],
        reply_language=_series(identify(replies, features.language)),
        question_language=_series(identify(parts["question"].to_list(), features.language)),
        reply_tokens=pl.Series(
            count_tokens(parts["replies"].to_list(), features.tokens, workspace), dtype=pl.Int64
        ),
        conversation_tokens=pl.Series(
            count_all_tokens(list(map(everything, facts["messages"])), features.tokens, workspace),
            dtype=pl.Int64,
        ),
        tool_set=_series(tools),
        system_key=_series(systems),
        repeat_key=_series(list(map(_repeat_key, parts["question"], replies, systems, tools))),
    ).select(list(MEASURED_SCHEMA))


def _tool_set(tools: str | None) -> str:
    """The tools in one spelling: a template needs the given order of keys, comparing does not."""
    return json.dumps(json.loads(tools), sort_keys=True) if tools else ""


def _system_key(system: str) -> str:
    """The system text, in which the date of the day makes no difference."""
    return _DATE_OR_TIME.sub("0", fold(system))


def _repeat_key(question: str, replies: str, system: str, tools: str) -> str:
    return f"{fold(question)}\0{fold(replies)}\0{system}\0{tools}"


def _series(values: list[str]) -> pl.Series:
    return pl.Series(values, dtype=pl.String)
