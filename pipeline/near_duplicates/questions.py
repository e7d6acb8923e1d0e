"""What is compared of questions: vectors, and what holds two apart whose vectors are near."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from pipeline.features import Features
from pipeline.features.embed import Embedder
from pipeline.near_duplicates.guard import WORDS, Signatures, signatures
from pipeline.near_duplicates.join import cosines
from pipeline.near_duplicates.shared_prefix import Preambles, opening, preambles
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
    """Questions that may be compared: of one encoder, with the same tools."""

    vectors: np.ndarray
    """Unit vectors, float32 (n, d)."""
    signatures: Signatures
    """Their numbers, negations and opposites."""
    preamble: np.ndarray
    """int64 (n,): a number for how the beginning opens that a question shares with many, -1 for
    none. A template within a template opens as that does."""
    asked: "Some"
    """Vectors of what comes after that beginning."""
    length: np.ndarray
    """int64 (n,): characters."""
    whole: "Some"
    """Hashed n-grams of the whole text of those that are long."""

    def __len__(self) -> int:
        """How many."""
        return len(self.vectors)

    def guarded(self, rows: np.ndarray, others: np.ndarray) -> np.ndarray:
        """Bool (pairs,): the two differ in a number, a unit, a negation or an opposite."""
        return self.signatures.differ(rows, others)

    def different(self, rows: np.ndarray, others: np.ndarray, threshold: float) -> np.ndarray:
        """Bool (pairs,): the two are near only by a common beginning, or in the first windows."""
        apart = np.zeros(len(rows), bool)
        mine = self.preamble[rows]
        same = np.flatnonzero((mine != NONE) & (mine == self.preamble[others]))
        apart[same] = self.asked.cosines(rows[same], others[same]) <= threshold
        longer = np.maximum(self.length[rows], self.length[others])
        long = np.flatnonzero((longer > WINDOW) & ~apart)
        # As much may differ as if all of it stood in one window.
        least = 1 - (1 - threshold) * WINDOW / longer[long]
        apart[long] = self.whole.cosines(rows[long], others[long]) <= least
        return apart

    def same_numbers(self, rows: np.ndarray, others: np.ndarray) -> np.ndarray:
        """Bool (rows, others): the two say the same numbers; else the guard parts them."""
        key = self.signatures.key
        same: np.ndarray = key[rows][:, None] == key[others]
        return same

    def surely_different(
        self, rows: np.ndarray, others: np.ndarray, threshold: float
    ) -> np.ndarray:
        """Bool (rows, others): after their common beginning the two are below the threshold.

        By products in float32, so that a pair next to the threshold may be either.
        """
        mine, theirs = self.preamble[rows], self.preamble[others]
        same: np.ndarray = (mine[:, None] == theirs) & (mine != NONE)[:, None]
        if same.any():
            left, right = (self.asked.vectors[self.asked.place[side]] for side in (rows, others))
            same &= left @ right.T < threshold
        return same

    def joined(self, others: "Questions") -> "Questions":
        """These, then others; preambles of both are numbered alike."""
        return Questions(
            np.concatenate([self.vectors, others.vectors]),
            Signatures(
                np.concatenate([self.signatures.key, others.signatures.key]),
                np.concatenate([self.signatures.sides, others.signatures.sides]),
            ),
            np.concatenate([self.preamble, others.preamble]),
            self.asked.joined(others.asked),
            np.concatenate([self.length, others.length]),
            self.whole.joined(others.whole),
        )


@dataclass(frozen=True)
class Some:
    """Unit vectors of some of the questions."""

    place: np.ndarray
    """int64 (n,): where in `vectors` the vector of a question stands, -1 if it has none."""
    vectors: np.ndarray
    """float32 (m, d)."""

    def cosines(self, rows: np.ndarray, others: np.ndarray) -> np.ndarray:
        """float64 (pairs,): the cosines of pairs, -1 where one has no vector."""
        one, other = self.place[rows], self.place[others]
        there = np.flatnonzero((one != NONE) & (other != NONE))
        found = np.full(len(rows), -1.0)
        found[there] = cosines(self.vectors, self.vectors, one[there], other[there])
        return found

    def joined(self, others: "Some") -> "Some":
        """These, then others."""
        place = np.where(others.place == NONE, NONE, others.place + len(self.vectors))
        vectors = [part.vectors for part in (self, others) if len(part.vectors)]
        both = np.concatenate(vectors) if vectors else self.vectors
        return Some(np.concatenate([self.place, place]), both)


def with_questions(
    frame: pl.DataFrame,
    features: Features,
    embedder: Embedder,
    shared: Preambles | None = None,
    progress: Progress = quiet,
) -> pl.DataFrame:
    """Add to records what `questions_of` needs: their vectors and those of parts of them.

    Args:
        frame: records with `question`, `question_language` and `tool_set`.
        features: says which languages the encoder knows.
        embedder: makes the vectors.
        shared: the beginnings that are no part of what is asked, if not those of `frame`.
        progress: told how much is embedded.

    Returns:
        The frame with `vector`, `encoder`, `guard_key` and `guard_sides` (see `Signatures`),
        `preamble` (how the beginning opens that it shares, or null), `asked` (the vector of what
        comes after all of that beginning, or null) and `whole` (hashed n-grams of a long question,
        or null).
    """
    frame = with_vectors(frame, features, embedder, progress)
    said = signatures(frame)
    frame = frame.with_columns(
        guard_key=pl.Series(said.key), guard_sides=pl.Series(said.sides, dtype=SIDES)
    )
    found = shared or preambles(frame["question"])
    parts = [(opening(beginning), rest) for beginning, rest in map(found.split, frame["question"])]
    texts = pl.DataFrame(parts, schema={"preamble": pl.String, "rest": pl.String}, orient="row")
    frame = frame.hstack(texts.with_columns(pl.col("preamble").replace("", None)))
    begun = frame.filter(pl.col("preamble").is_not_null())
    known, others = begun.filter(encoder=MODEL), begun.filter(pl.col("encoder") != MODEL)
    long = frame.filter(pl.col("question").str.len_chars() >= LONG)
    asked = pl.concat(
        [
            _column(known["id"], "asked", embedder.vectors(known["rest"].to_list(), progress)),
            _column(others["id"], "asked", embedder.ngrams(others["rest"].to_list())),
        ]
    )
    whole = _column(long["id"], "whole", embedder.ngrams(long["question"].to_list()))
    for column in (asked, whole):
        frame = frame.join(column, on="id", how="left", maintain_order="left")
    return frame.drop("rest")


def questions_of(records: pl.DataFrame) -> Questions:
    """What is compared of records of one encoder, in their order (frame of `with_questions`)."""
    begun = pl.col("preamble").hash().reinterpret(signed=True)
    preamble = pl.when(pl.col("preamble").is_null()).then(NONE).otherwise(begun)
    return Questions(
        vectors_of(records),
        Signatures(records["guard_key"].to_numpy(), records["guard_sides"].to_numpy()),
        records.select(preamble).to_series().to_numpy(),
        _some(records["asked"]),
        records["question"].str.len_chars().cast(pl.Int64).to_numpy(),
        _some(records["whole"]),
    )


def _column(ids: pl.Series, name: str, vectors: np.ndarray) -> pl.DataFrame:
    column = pl.Series(vectors).arr.to_list() if len(vectors) else pl.Series(dtype=NO_VECTOR)
    return pl.DataFrame({"id": ids, name: column})


def _some(column: pl.Series) -> Some:
    there = column.is_not_null().to_numpy()
    place = np.where(there, np.cumsum(there) - 1, NONE)
    return Some(place, vectors_of(column.drop_nulls().to_frame("vector")))
