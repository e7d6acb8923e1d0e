"""What is compared of questions: vectors, and what tells two apart whose vectors are near."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from pipeline.features import Features
from pipeline.features.embed import Embedder
from pipeline.near_duplicates.corpus import Corpus, corpus_of
from pipeline.near_duplicates.guard import ORDER_COLUMNS, WORDS, Orders, Signatures, signatures_of
from pipeline.near_duplicates.join import SLACK, NearPairs, cosines
from pipeline.near_duplicates.vectors import MODEL, vectors_of, with_vectors
from schemas.progress import Progress, quiet

WINDOW = 800
"""Characters in which a long question may differ as a short one may; an encoder of 256 tokens sees
about as many at once."""

LONG = WINDOW // 2
"""Characters from which a question may be a near-duplicate of one that is longer than a window."""

NONE = -1
"""In place of a vector or a template that a question does not have."""

WITH_REST = 0
"""The question has shared parts, and something is left beside them."""

SIDES = pl.Array(pl.UInt64, WORDS)
ORDER = pl.Array(pl.UInt64, ORDER_COLUMNS)

NO_VECTOR = pl.List(pl.Float32)


@dataclass(frozen=True)
class Questions:
    """n questions that may be compared: with vectors of one encoder, and the same tools."""

    vectors: np.ndarray
    """Unit vectors, float32 (n, d)."""
    signatures: Signatures
    """Their numbers, negations and opposites."""
    shared: np.ndarray
    """int64 (n,): whether a question has lines or sentences that many share. `NONE`: it has none;
    `WITH_REST`; else a number for the set of its parts, as it has no others."""
    rest: "OptionalVectors"
    """Vectors of what is left of a question without its shared parts."""
    length: np.ndarray
    """int64 (n,): characters."""
    whole: "OptionalVectors"
    """Hashed n-grams of the whole text of those that are long."""
    template: np.ndarray
    """int64 (n,): a number for the template of a question about a case, `NONE` for none. Questions
    of one template are counted and not compared."""

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
        """Bool (pairs,): the two are near by shared parts, in their first windows, or are counted.

        Counted are those of one template.
        """
        left, right = self.shared[rows], self.shared[others]
        differ: np.ndarray = (left != NONE) & (right != NONE) & (left != right)
        differ |= (self.template[rows] != NONE) & (self.template[rows] == self.template[others])
        rests = np.flatnonzero((left == WITH_REST) & (right == WITH_REST) & ~differ)
        differ[rests] = self.rest.cosines(rows[rests], others[rests]) <= threshold
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
        """Bool (rows, others): without shared parts the two are below the threshold, or counted.

        By products in float32, so that a pair next to the threshold may be either.
        """
        left, right = self.shared[rows][:, None], self.shared[others]
        sure: np.ndarray = (left != NONE) & (right != NONE) & (left != right)
        templates = self.template[rows][:, None]
        sure |= (templates != NONE) & (templates == self.template[others])
        rests = (left == WITH_REST) & (right == WITH_REST)
        if rests.any():
            sure |= rests & (self.rest.products(rows, others) < threshold)
        return sure

    def joined(self, others: "Questions") -> "Questions":
        """These, then others."""
        return Questions(
            np.concatenate([self.vectors, others.vectors]),
            self.signatures.joined(others.signatures),
            np.concatenate([self.shared, others.shared]),
            self.rest.joined(others.rest),
            np.concatenate([self.length, others.length]),
            self.whole.joined(others.whole),
            np.concatenate([self.template, others.template]),
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
    corpus: Corpus | None = None,
    progress: Progress = quiet,
) -> pl.DataFrame:
    """Add to records what `questions_of` needs: their vectors and those of parts of them.

    Args:
        frame: records with `question`, `question_language` and `tool_set`.
        features: says which languages the encoder knows.
        embedder: makes the vectors.
        corpus: what is template and what is a name, if not by the questions in `frame`.
        progress: told how much is embedded.

    Returns:
        The frame with `vector`, `encoder`, `guard_key`, `guard_sides` and `guard_order` (see
        `Signatures`), `plain` and `template` (see `Corpus.described`), `shared` (see `Questions`),
        `rest` (the vector of what is left without shared parts, or null) and `whole` (hashed
        n-grams of a long question, or null).
    """
    corpus = corpus or corpus_of(frame)
    frame = corpus.described(with_vectors(frame, features, embedder, progress))
    signatures = signatures_of(frame.select("question_language", question="plain"))
    frame = frame.with_columns(
        guard_key=pl.Series(signatures.key),
        guard_sides=pl.Series(signatures.sides, dtype=SIDES),
        guard_order=pl.Series(signatures.orders.values, dtype=ORDER),
    )
    frame = _with_parts(frame, corpus)
    long = frame.filter(pl.col("question").str.len_chars() >= LONG)
    whole = _vector_column(long["id"], "whole", embedder.ngrams(long["question"].to_list()))
    for column in (_rest_vectors(frame, embedder, progress), whole):
        frame = frame.join(column, on="id", how="left", maintain_order="left")
    return frame.drop("left_text")


def questions_of(records: pl.DataFrame, count_templates: bool = False) -> Questions:
    """What is compared of records of one encoder, in their order (frame of `with_questions`).

    Args:
        records: frame of `with_questions`.
        count_templates: never take two questions of one template for duplicates.
    """
    number = pl.col("template").hash().reinterpret(signed=True)
    there = pl.col("template").is_not_null() & pl.lit(count_templates)
    template = pl.when(there).then(number).otherwise(NONE)
    return Questions(
        vectors_of(records),
        Signatures(
            records["guard_key"].to_numpy(),
            records["guard_sides"].to_numpy(),
            Orders(records["guard_order"].to_numpy(), records["plain"].str.to_lowercase()),
        ),
        records["shared"].to_numpy(),
        _optional_vectors(records["rest"]),
        records["question"].str.len_chars().cast(pl.Int64).to_numpy(),
        _optional_vectors(records["whole"]),
        records.select(template).to_series().to_numpy(),
    )


def _with_parts(frame: pl.DataFrame, corpus: Corpus) -> pl.DataFrame:
    """Add `shared` (see `Questions`) and `left_text`, what is left without the shared parts."""
    split = corpus.parts.split(frame["question"])
    parts, rest = split["shared"], split["rest"]
    number = parts.hash().reinterpret(signed=True)
    shared = pl.when(parts == "").then(NONE).when(rest != "").then(WITH_REST).otherwise(number)
    return frame.with_columns(shared=shared.cast(pl.Int64), left_text=rest)


def _rest_vectors(frame: pl.DataFrame, embedder: Embedder, progress: Progress) -> pl.DataFrame:
    """The vectors (`id, rest`) of what is left of questions, by the encoder of each."""
    with_rest = frame.filter(shared=WITH_REST)
    by_model = with_rest.filter(encoder=MODEL)
    by_ngrams = with_rest.filter(pl.col("encoder") != MODEL)
    vectors = embedder.vectors(by_model["left_text"].to_list(), progress)
    ngrams = embedder.ngrams(by_ngrams["left_text"].to_list())
    return pl.concat(
        [
            _vector_column(by_model["id"], "rest", vectors),
            _vector_column(by_ngrams["id"], "rest", ngrams),
        ]
    )


def _vector_column(ids: pl.Series, name: str, vectors: np.ndarray) -> pl.DataFrame:
    column = pl.Series(vectors).arr.to_list() if len(vectors) else pl.Series(dtype=NO_VECTOR)
    return pl.DataFrame({"id": ids, name: column})


def _optional_vectors(column: pl.Series) -> OptionalVectors:
    there = column.is_not_null().to_numpy()
    place = np.where(there, np.cumsum(there) - 1, NONE)
    return OptionalVectors(place, vectors_of(column.drop_nulls().to_frame("vector")))
