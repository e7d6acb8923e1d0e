"""Each question as a vector, by an encoder that knows its language."""

import numpy as np
import polars as pl

from pipeline.features import Features
from pipeline.features.embed import Embedder
from pipeline.near_duplicates.neighbours import nearest_rows
from schemas.progress import Progress, quiet

MODEL, NGRAMS = "model", "ngrams"

_NONE = pl.Series("vector", [], dtype=pl.List(pl.Float32))

COMPARABLE = ("tool_set", "encoder")
"""Columns in which two records must agree to be compared at all."""


def with_vectors(
    frame: pl.DataFrame, features: Features, embedder: Embedder, progress: Progress = quiet
) -> pl.DataFrame:
    """Add `vector` (a list of float32, of length 1) and `encoder`, keeping the order of rows.

    Questions in a language that the embedding model knows get its vectors, all others hashed
    n-grams. Vectors of different encoders are never compared.
    """
    knows = frame["question_language"].is_in(list(features.embedding.languages)).to_numpy()
    encoded = embedder.encoded(frame.filter(knows)["question"].to_list(), progress)
    by_model = np.flatnonzero(knows)
    by_ngrams = np.flatnonzero(~knows)
    grams = embedder.ngrams(frame["question"].gather(by_ngrams).to_list())
    place = np.empty(len(frame), np.int64)
    place[np.concatenate([by_model, by_ngrams])] = np.arange(len(frame))
    lists = pl.concat([_lists(encoded.vectors), _lists(grams)])
    encoder = pl.Series(knows).replace_strict({True: MODEL, False: NGRAMS}, return_dtype=pl.String)
    return frame.with_columns(encoder=encoder, vector=lists.gather(place))


def _lists(vectors: np.ndarray) -> pl.Series:
    return pl.Series("vector", vectors).arr.to_list() if len(vectors) else _NONE


def vectors_of(records: pl.DataFrame) -> np.ndarray:
    """The `vector` column of records of one encoder, as float32 (rows, dimension)."""
    if not len(records):
        return np.zeros((0, 0), np.float32)
    flat = records["vector"].explode().to_numpy()
    return np.ascontiguousarray(flat.reshape(len(records), -1), dtype=np.float32)


def comparable(records: pl.DataFrame) -> list[pl.DataFrame]:
    """The records in groups within which they are compared."""
    return records.partition_by(*COMPARABLE, maintain_order=True) if len(records) else []


def nearest(records: pl.DataFrame, others: pl.DataFrame) -> pl.DataFrame:
    """The nearest of `others` to each record (`id, other_id, cosine`), where one compares."""
    found = [pl.DataFrame(schema={"id": pl.String, "other_id": pl.String, "cosine": pl.Float64})]
    for group in comparable(records):
        there = others.join(group.select(COMPARABLE).unique(), on=COMPARABLE, how="semi").sort("id")
        if not len(there):
            continue
        best, cosine = nearest_rows(vectors_of(group), vectors_of(there))
        near = group.select("id").with_columns(
            other_id=there["id"].gather(best), cosine=pl.Series(cosine, dtype=pl.Float64)
        )
        found.append(near)
    return pl.concat(found)
