"""How many records each target language has, and how many it needs."""

import polars as pl
from pydantic import Field

from pipeline.features.language import LanguageSettings
from schemas.base import Model


class LanguageCoverage(Model):
    """One target language: its kept records, what is missing, and whether to raise an alarm."""

    records: int
    missing: int
    """Records that are missing to the minimum; 0 if there are enough."""
    alarm: bool
    """Whether there are fewer than `[language] alarm`."""
    domains: dict[str, int] = Field(default_factory=dict)


def coverage(kept: pl.DataFrame, settings: LanguageSettings) -> dict[str, LanguageCoverage]:
    """Coverage of each target language among kept records, by language of the reply."""
    counts = kept.group_by("language", "domain").len().sort("language", "domain")
    covered: dict[str, LanguageCoverage] = {}
    for target in settings.targets:
        by_domain = counts.filter(pl.col("language") == target)
        records = int(by_domain["len"].sum())
        covered[target] = LanguageCoverage(
            records=records,
            missing=max(0, settings.minimum - records),
            alarm=records < settings.alarm,
            domains=dict(zip(by_domain["domain"], by_domain["len"], strict=True)),
        )
    return covered
