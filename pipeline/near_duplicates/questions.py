"""What is compared of questions: vectors, and what tells two apart whose vectors are near."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from pipeline.features import Features
from pipeline.features.embed import Embedder
from pipeline.near_duplicates.guard import WORDS, Signatures, signatures_of
from pipeline.near_duplicates.join import SLACK, NearPairs, cosines
from pipeline.near_duplicates.shared_prefix import SharedPrefixes, find_shared_prefixes, first_part
from pipeline.near_duplicates.vectors import MODEL, vectors_of, with_vectors
from schemas.progress import Progress, quiet

WINDOW = 800
"""Characters in which a long question may differ as a short one may; an encoder of 256 tokens sees
about as many at once."""

LONG = WINDOW // 2
"""Characters from which a question may be a near-duplicate of one that is longer than a window."""

NONE = -1

SIDES = pl.Array(pl.UInt64, WORDS)

NO_VECTOR = pl.List(pl.Float32)


@dataclass(frozen=True)
class Questions:
    """n questions that may be compared: with vectors of one encoder, and the same tools."""

    vectors: np.ndarray
    """Unit vectors, float32 (n, d)."""
    signatures: Signatures
    """Their numbers, negations and opposites."""
    shared_prefix: np.ndarray
    """int64 (n,): a number for the first line or sentence of the prefix that a question shares with
    many, -1 for none. So a template within another template has the number of the outer one."""
    after_prefix: "OptionalVectors"
    """Vectors of what comes after the shared prefix."""
    length: np.ndarray
    """int64 (n,): characters."""
    whole: "OptionalVectors"
    """Hashed n-grams of the whole text of those that are long."""

    def __len__(self) -> int:
        """How many."""
        return len(self.vectors)

    def duplicates(self, pairs: NearPairs, threshold: float) -> NearPairs:
        """The pairs that nothing tells apart, and that products cannot rule out."""
        pairs = self.alike(pairs, threshold)
        return pairs.take(~self.guarded(pairs.row, pairs.other))

    def alike(self, pairs: NearPairs, threshold: float) -> NearPairs:
        """The pairs that at most the guard tells apart, and that products cannot rule out."""
        pairs = pairs.take(pairs.product > threshold - SLACK)
        return pairs.take(~self.different(pairs.row, pairs.other, threshold))

    def guarded(self, rows: np.ndarray, others: np.ndarray) -> np.ndarray:
        """Bool (pairs,): the two differ in a number, a unit, a negation or an opposite."""
        return self.signatures.differ(rows, others)

    def different(self, rows: np.ndarray, others: np.ndarray, threshold: float) -> np.ndarray:
        """Bool (pairs,): the two are near only by a shared prefix, or in their first windows."""
        differ = np.zeros(len(rows), bool)
        prefix = self.shared_prefix[rows]
        same = np.flatnonzero((prefix != NONE) & (prefix == self.shared_prefix[others]))
        differ[same] = self.after_prefix.cosines(rows[same], others[same]) <= threshold
        longer = np.maximum(self.length[rows], self.length[others])
        long = np.flatnonzero((longer > WINDOW) & ~differ)
        # As much may differ as if all of it stood in one window.
        least = 1 - (1 - threshold) * WINDOW / longer[long]
        differ[long] = self.whole.cosines(rows[long], others[long]) <= least
        return differ

    def same_numbers(self, rows: np.ndarray, others: np.ndarray) -> np.ndarray:
        """Bool (rows, others): the two have the same numbers; else the guard tells them apart."""
        key = self.signatures.key
        same: np.ndarray = key[rows][:, None] == key[others]
        return same

    def surely_different(
        self, rows: np.ndarray, others: np.ndarray, threshold: float
    ) -> np.ndarray:
        """Bool (rows, others): after their shared prefix the two are below the threshold.

        By products in float32, so that a pair next to the threshold may be either.
        """
        left, right = self.shared_prefix[rows], self.shared_prefix[others]
        same: np.ndarray = (left[:, None] == right) & (left != NONE)[:, None]
        if same.any():
            same &= self.after_prefix.products(rows, others) < threshold
        return same

    def joined(self, others: "Questions") -> "Questions":
        """These, then others."""
        return Questions(
            np.concatenate([self.vectors, others.vectors]),
            Signatures(
                np.concatenate([self.signatures.key, others.signatures.key]),
                np.concatenate([self.signatures.sides, others.signatures.sides]),
            ),
            np.concatenate([self.shared_prefix, others.shared_prefix]),
            self.after_prefix.joined(others.after_prefix),
            np.concatenate([self.length, others.length]),
            self.whole.joined(others.whole),
        )


@dataclass(frozen=True)
class OptionalVectors:
    """Unit vectors of those questions that have one."""

    place: np.ndarray
    """int64 (n,): the row of `vectors` that belongs to a question, -1 if it has none."""
    vectors: np.ndarray
    """float32 (m, d)."""

    def cosines(self, rows: np.ndarray, others: np.ndarray) -> np.ndarray:
        """float64 (pairs,): the cosines of pairs, -1 where one has no vector."""
        left, right = self.place[rows], self.place[others]
        there = np.flatnonzero((left != NONE) & (right != NONE))
        every = np.full(len(rows), -1.0)
        every[there] = cosines(self.vectors, self.vectors, left[there], right[there])
        return every

    def products(self, rows: np.ndarray, others: np.ndarray) -> np.ndarray:
        """float32 (rows, others): all products; of no meaning where one has no vector."""
        all_of_them: np.ndarray = (
            self.vectors[self.place[rows]] @ self.vectors[self.place[others]].T
        )
        return all_of_them

    def joined(self, others: "OptionalVectors") -> "OptionalVectors":
        """These, then others."""
        place = np.where(others.place == NONE, NONE, others.place + len(self.vectors))
        vectors = [part.vectors for part in (self, others) if len(part.vectors)]
        both = np.concatenate(vectors) if vectors else self.vectors
        return OptionalVectors(np.concatenate([self.place, place]), both)


def with_questions(
    frame: pl.DataFrame,
    features: Features,
    embedder: Embedder,
    prefixes: SharedPrefixes | None = None,
    progress: Progress = quiet,
) -> pl.DataFrame:
    """Add to records what `questions_of` needs: their vectors and those of parts of them.

    Args:
        frame: records with `question`, `question_language` and `tool_set`.
        features: says which languages the encoder knows.
        embedder: makes the vectors.
        prefixes: the shared prefixes to look for, if not those of the questions in `frame`.
        progress: told how much is embedded.

    Returns:
        The frame with `vector`, `encoder`, `guard_key` and `guard_sides` (see `Signatures`),
        `shared_prefix` (the first line or sentence of the prefix that it shares, or null),
        `after_prefix` (the vector of what comes after all of that prefix, or null) and `whole`
        (hashed n-grams of a long question, or null).
    """
    frame = with_vectors(frame, features, embedder, progress)
    signatures = signatures_of(frame)
    frame = frame.with_columns(
        guard_key=pl.Series(signatures.key), guard_sides=pl.Series(signatures.sides, dtype=SIDES)
    )
    frame = _with_prefixes(frame, prefixes or find_shared_prefixes(frame["question"]))
    long = frame.filter(pl.col("question").str.len_chars() >= LONG)
    whole = _vector_column(long["id"], "whole", embedder.ngrams(long["question"].to_list()))
    for column in (_after_prefix(frame, embedder, progress), whole):
        frame = frame.join(column, on="id", how="left", maintain_order="left")
    return frame.drop("rest")


def questions_of(records: pl.DataFrame) -> Questions:
    """What is compared of records of one encoder, in their order (frame of `with_questions`)."""
    number = pl.col("shared_prefix").hash().reinterpret(signed=True)
    number = pl.when(pl.col("shared_prefix").is_null()).then(NONE).otherwise(number)
    return Questions(
        vectors_of(records),
        Signatures(records["guard_key"].to_numpy(), records["guard_sides"].to_numpy()),
        records.select(number).to_series().to_numpy(),
        _optional_vectors(records["after_prefix"]),
        records["question"].str.len_chars().cast(pl.Int64).to_numpy(),
        _optional_vectors(records["whole"]),
    )


def _with_prefixes(frame: pl.DataFrame, prefixes: SharedPrefixes) -> pl.DataFrame:
    """Add `shared_prefix` (its first line or sentence, or null) and `rest`, what comes after it."""
    parts = [(first_part(prefix), rest) for prefix, rest in map(prefixes.split, frame["question"])]
    schema = {"shared_prefix": pl.String, "rest": pl.String}
    texts = pl.DataFrame(parts, schema=schema, orient="row")
    return frame.hstack(texts.with_columns(pl.col("shared_prefix").replace("", None)))


def _after_prefix(frame: pl.DataFrame, embedder: Embedder, progress: Progress) -> pl.DataFrame:
    """The vectors (`id, after_prefix`) of what comes after prefixes, by the encoder of each row."""
    with_prefix = frame.filter(pl.col("shared_prefix").is_not_null())
    by_model = with_prefix.filter(encoder=MODEL)
    by_ngrams = with_prefix.filter(pl.col("encoder") != MODEL)
    vectors = embedder.vectors(by_model["rest"].to_list(), progress)
    ngrams = embedder.ngrams(by_ngrams["rest"].to_list())
    return pl.concat(
        [
            _vector_column(by_model["id"], "after_prefix", vectors),
            _vector_column(by_ngrams["id"], "after_prefix", ngrams),
        ]
    )


def _vector_column(ids: pl.Series, name: str, vectors: np.ndarray) -> pl.DataFrame:
    column = pl.Series(vectors).arr.to_list() if len(vectors) else pl.Series(dtype=NO_VECTOR)
    return pl.DataFrame({"id": ids, name: column})


def _optional_vectors(column: pl.Series) -> OptionalVectors:
    there = column.is_not_null().to_numpy()
    place = np.where(there, np.cumsum(there) - 1, NONE)
    return OptionalVectors(place, vectors_of(column.drop_nulls().to_frame("vector")))
