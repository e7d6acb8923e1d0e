"""What a row stage said of the same records is not asked again.

A row stage is a pure function of its settings and of each record's features, so its verdicts are
kept by a hash of all three: its code, its settings, and the features of the records.
"""

import hashlib
from functools import cache
from pathlib import Path

import polars as pl

from pipeline.files import read_cached, write_cached
from pipeline.filters.stage import Stage

TEXTS = frozenset({"messages", "tools", "meta", "question", "last_question", "reply", "replies"})
"""Columns that the id determines: hashing them again would cost more than the stages do."""


def ask(stage: Stage, records: pl.DataFrame, features: str, cache_dir: Path) -> pl.DataFrame:
    """The verdicts of a row stage on `records`, `features` being the key of what they hold."""
    settings = f"{_code()} {stage.name()} {stage.model_dump_json()} {features}"
    name = hashlib.sha256(settings.encode()).hexdigest()[:32]
    path = cache_dir / "verdicts" / f"{name}.cached"
    known = read_cached(path)
    if known is not None:
        return known
    verdicts = stage(records)
    write_cached(path, verdicts)
    return verdicts


def features_key(records: pl.DataFrame) -> str:
    """A hash of records: their ids, and every feature that is no text of theirs."""
    columns = [name for name in sorted(records.columns) if name not in TEXTS]
    rows = records.select(columns).hash_rows(seed=0).to_numpy()
    return hashlib.sha256(rows.tobytes()).hexdigest()


@cache
def _code() -> str:
    """A hash of all filters and of what they look at: a changed one has said nothing yet."""
    here = Path(__file__).parent.parent
    folders = [here / "filters", here / "features"]
    files = [*sorted(file for one in folders for file in one.glob("*.py"))]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()
