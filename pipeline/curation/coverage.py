"""How much there is of each language and domain, against what the targets need."""

import polars as pl
from pydantic import Field

from pipeline.features.language import LanguageSettings
from schemas.base import Model


class LanguageCoverage(Model):
    """One target language: what there is, what is missing, whether to worry."""

    records: int
    missing: int
    """Records to the minimum; 0 when there are enough."""
    alarm: bool
    """Fewer than the alarm number."""
    domains: dict[str, int] = Field(default_factory=dict)


def coverage(kept: pl.DataFrame, settings: LanguageSettings) -> dict[str, LanguageCoverage]:
    """Coverage of each target language among kept records, by language of the reply."""
    counts = kept.group_by("language", "domain").len().sort("language", "domain")
    found: dict[str, LanguageCoverage] = {}
    for target in settings.targets:
        mine = counts.filter(pl.col("language") == target)
        records = int(mine["len"].sum())
        found[target] = LanguageCoverage(
            records=records,
            missing=max(0, settings.minimum - records),
            alarm=records < settings.alarm,
            domains=dict(zip(mine["domain"], mine["len"], strict=True)),
        )
    return found
