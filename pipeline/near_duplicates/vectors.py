"""Each question as a vector, by an encoder that knows its language."""

import numpy as np
import polars as pl

from pipeline.features import Features
from pipeline.features.embed import Embedder
from pipeline.near_duplicates.neighbours import nearest_rows
from schemas.progress import Progress, quiet

MODEL, NGRAMS = "model", "ngrams"

COMPARABLE = ("tool_set", "encoder")
"""Columns in which two records must agree to be compared at all."""


def with_vectors(
    frame: pl.DataFrame, features: Features, embedder: Embedder, progress: Progress = quiet
) -> pl.DataFrame:
    """Add `vector` (a list of float32, of length 1) and `encoder`, keeping the order of rows.

    Questions in a language that the embedding model knows get its vectors, all others hashed
    n-grams. Vectors of different encoders are never compared.
    """
    knows = pl.col("question_language").is_in(list(features.embedding.languages))
    encoder = pl.when(knows).then(pl.lit(MODEL)).otherwise(pl.lit(NGRAMS))
    frame = frame.with_columns(encoder=encoder)
    known, others = frame.filter(knows), frame.filter(~knows)
    vectors = [
        *embedder.vectors(known["question"].to_list(), progress),
        *embedder.ngrams(others["question"].to_list()),
    ]
    column = pl.Series("vector", vectors, dtype=pl.List(pl.Float32))
    both = pl.concat([known.select("id"), others.select("id")]).with_columns(column)
    return frame.join(both, on="id", how="left", maintain_order="left")


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
