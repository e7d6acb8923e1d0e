"""What a row stage said of the same records is not computed again.

A row stage is a pure function of its settings and of each record's features, so its verdicts are
kept under a hash of both, of the version of the filters, and of the words that they look for. What
depends on a record's whole file, such as `open_chat`, is a feature too: new rows of a file that
change it change the key.
"""

import hashlib
from pathlib import Path

import polars as pl

from pipeline.cache import Cache
from pipeline.files import read_cached, write_cached
from pipeline.filters.stage import Stage
from pipeline.filters.word_lists import words_fingerprint

VERDICTS = Cache("verdicts", 2, ("filters",), ("phonenumberslite", "python-stdnum", "unicode"))

TEXTS = frozenset({"messages", "tools", "meta", "question", "last_question", "reply", "replies"})
"""Columns that the id determines: hashing them again would cost more than the stages do."""


def cached_verdicts(
    stage: Stage, records: pl.DataFrame, features: str, cache_dir: Path
) -> pl.DataFrame:
    """The verdicts of a row stage on `records`, `features` being the key of what they hold."""
    settings = stage.model_dump(mode="json")
    key = VERDICTS.key(
        stage=stage.name(), settings=settings, features=features, words=words_fingerprint()
    )
    path = VERDICTS.folder(cache_dir) / f"{key}.cached"
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
