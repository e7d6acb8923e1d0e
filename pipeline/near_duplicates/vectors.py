"""Each question as a vector, by an encoder that knows its language."""

import numpy as np
import polars as pl

from pipeline.features import Features
from pipeline.features.embed import Embedder
from pipeline.features.models import NGRAMS
from pipeline.near_duplicates.neighbours import nearest_rows
from schemas.progress import Progress, quiet

MODEL = "model"

COMPARABLE = ("tool_set", "encoder")
"""Columns in which two records must agree to be compared at all."""

MOST_UNKNOWN = 0.02
"""Largest share of a question's characters that the model's vocabulary may lack.

Of 39,349 real questions in MiniLM's languages 61 have such a character and 43 are above this. What
lies up to 0.1 is often told apart by just that: `What sound does this make? 好`, formulas that
differ in one of their signs, films told in emojis. Chinese has 0.6, Japanese 0.2 at the median.
"""


def with_vectors(
    frame: pl.DataFrame, features: Features, embedder: Embedder, progress: Progress = quiet
) -> pl.DataFrame:
    """Add `vector` (a list of float32, of length 1) and `encoder`, keeping the order of rows.

    A question gets the embedding model's vector where the model knows its language, and its
    vocabulary lacks at most `MOST_UNKNOWN` of the text; all others get hashed n-grams. Vectors of
    different encoders are never compared.
    """
    questions = frame["question"]
    known = frame["question_language"].is_in(list(features.embedding.known_languages))
    asked = np.flatnonzero(known.to_numpy())
    encoded = embedder.encoded(questions.gather(asked).to_list(), progress)
    clear = encoded.unknown <= MOST_UNKNOWN
    by_model = np.zeros(len(frame), bool)
    by_model[asked[clear]] = True
    grams = embedder.ngrams(questions.filter(~by_model).to_list())
    lists = pl.concat([_lists(encoded.vectors[clear]), _lists(grams)])
    # A stable sort of the rows by encoder is the order in which the vectors stand: turn it round.
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


def comparable(records: pl.DataFrame) -> list[pl.DataFrame]:
    """The records in groups within which they are compared."""
    return records.partition_by(*COMPARABLE, maintain_order=True) if len(records) else []


def nearest(records: pl.DataFrame, others: pl.DataFrame) -> pl.DataFrame:
    """The nearest of `others` to each record (`id, other_id, cosine`), where one compares."""
    found = [pl.DataFrame(schema={"id": pl.String, "other_id": pl.String, "cosine": pl.Float64})]
    for group in comparable(records) if len(others) else ():
        there = others.join(group.select(COMPARABLE).unique(), on=COMPARABLE, how="semi").sort("id")
        if not len(there):
            continue
        best, cosine = nearest_rows(vectors_of(group), vectors_of(there))
        near = group.select("id").with_columns(
            other_id=there["id"].gather(best),
            cosine=pl.Series(cosine, dtype=pl.Float64),
        )
        found.append(near)
    return pl.concat(found)
