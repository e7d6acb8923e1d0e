"""Each question as a vector, by an encoder that knows its language."""

import numpy as np
import polars as pl

from pipeline.features import Features
from pipeline.features.embed import Embedder
from pipeline.features.models import NGRAMS
from pipeline.near_duplicates.flat_index import nearest_rows
from schemas.progress import Progress, quiet

MODEL = "model"

COMPARABLE = ("tool_set", "encoder")
"""Columns in which two records must agree to be compared at all."""

SAME_TASK = (*COMPARABLE, "system_key")
"""Columns in which two records must agree to be duplicates: under another system text the same
words are another question. It is compared by key, since a long one would make all vectors alike."""

MOST_UNKNOWN = 0.02
"""Largest share of a question's characters that the model's vocabulary may lack.

Of 39,349 real questions in MiniLM's languages 61 have such a character and 43 are above this. What
lies between 0.02 and 0.1 often differs in just that: `What sound does this make? 好`, formulas that
differ in one sign, films told in emojis. Chinese has 0.6 and Japanese 0.2 at the median.
"""


def with_vectors(
    frame: pl.DataFrame, features: Features, embedder: Embedder, progress: Progress = quiet
) -> pl.DataFrame:
    """Add `vector` (a unit vector, as a list of float32) and `encoder`, keeping the order of rows.

    A question gets the vector of the embedding model if the model knows its language and its
    vocabulary lacks at most `MOST_UNKNOWN` of the text; all others get hashed n-grams. Vectors of
    different encoders are never compared.
    """
    questions = frame["question"]
    known = frame["question_language"].is_in(list(features.embedding.known_languages))
    rows = np.flatnonzero(known.to_numpy())
    encoded = embedder.encoded(questions.gather(rows).to_list(), progress)
    readable = encoded.unknown <= MOST_UNKNOWN
    by_model = np.zeros(len(frame), bool)
    by_model[rows[readable]] = True
    grams = embedder.ngrams(questions.filter(~by_model).to_list())
    lists = pl.concat([_lists(encoded.vectors[readable]), _lists(grams)])
    # The vectors stand in the order of a stable sort of the rows by encoder: invert that sort.
    place = np.argsort(np.argsort(~by_model, kind="stable"), kind="stable")
    encoder = pl.Series(np.where(by_model, MODEL, NGRAMS), dtype=pl.String)
    return frame.with_columns(encoder=encoder, vector=lists.gather(place))


def _lists(vectors: np.ndarray) -> pl.Series:
    if not len(vectors):
        return pl.Series("vector", [], dtype=pl.List(pl.Float32))
    return pl.Series("vector", vectors).arr.to_list()


def vectors_of(records: pl.DataFrame) -> np.ndarray:
    """The `vector` column of records of one encoder, as float32 (rows, dimension)."""
    if not len(records):
        return np.zeros((0, 0), np.float32)
    flat = records["vector"].explode().to_numpy()
    return np.ascontiguousarray(flat.reshape(len(records), -1), dtype=np.float32)


def comparable(records: pl.DataFrame, columns: tuple[str, ...] = COMPARABLE) -> list[pl.DataFrame]:
    """The records in groups within which they are compared."""
    return records.partition_by(*columns, maintain_order=True) if len(records) else []


def nearest(records: pl.DataFrame, others: pl.DataFrame) -> pl.DataFrame:
    """The nearest of `others` (`id, other_id, cosine`) to each record that compares with any."""
    parts = [pl.DataFrame(schema={"id": pl.String, "other_id": pl.String, "cosine": pl.Float64})]
    for group in comparable(records) if len(others) else ():
        key = group.select(COMPARABLE).unique()
        candidates = others.join(key, on=COMPARABLE, how="semi").sort("id")
        if not len(candidates):
            continue
        rows, cosine = nearest_rows(vectors_of(group), vectors_of(candidates))
        part = group.select("id").with_columns(
            other_id=candidates["id"].gather(rows),
            cosine=pl.Series(cosine, dtype=pl.Float64),
        )
        parts.append(part)
    return pl.concat(parts)
