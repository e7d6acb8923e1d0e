"""Near-duplicates of a list of texts, without a workspace."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import polars as pl

from pipeline.features import Features
from pipeline.features.embed import Embedder, EmbeddingSettings
from pipeline.features.language import identify
from pipeline.features.models import DEFAULT_THRESHOLD, MINILM
from pipeline.near_duplicates.admit import admit
from pipeline.near_duplicates.questions import questions_of, with_questions
from pipeline.near_duplicates.vectors import comparable
from schemas.errors import UserError
from schemas.progress import Progress, quiet

DUPLICATE_SCHEMA: dict[str, type[pl.DataType]] = {
    "row": pl.Int64,
    "duplicate_of": pl.Int64,
    "cosine": pl.Float64,
    "text": pl.String,
    "kept_text": pl.String,
}


@dataclass(frozen=True)
class Deduplicated:
    """Which texts stay and which are dropped. A row is a position in the given list, from 0."""

    kept: list[int]
    """Rows that stay, in order."""
    duplicates: pl.DataFrame
    """The texts that are dropped, in order of `row`: `row, duplicate_of` (a row that stays),
    `cosine, text, kept_text`."""
    guarded: pl.DataFrame
    """Texts as similar as a duplicate that stay all the same, since they differ from `duplicate_of`
    in a number, a unit, a negation or an opposite; the same columns."""


def deduplicate(
    texts: Sequence[str],
    threshold: float = DEFAULT_THRESHOLD,
    *,
    model: str = MINILM,
    languages: Sequence[str] | None = None,
    progress: Progress = quiet,
) -> Deduplicated:
    """Find near-duplicates among texts, as curate finds them among questions.

    Of two near-duplicates the first in the list stays. Every dropped text has a cosine above the
    threshold to one that stays, and no two that stay are near-duplicates of each other.

    Args:
        texts: Any number of texts.
        threshold: Cosine above which two texts are near-duplicates; each model needs its own.
        model: As `[embedding] model` in `curate.toml`; `"ngrams"` needs nothing installed.
        languages: ISO 639-1 code of each text; detected if not given. Texts in languages that the
            model does not know are compared by hashed character n-grams.
        progress: Called with the number of texts embedded so far.

    Raises:
        UserError: the model is unknown, the threshold or a text is not one, or there is not one
            language for each text.
        MissingExtra: the package with the model is not installed.
    """
    if not 0 < threshold <= 1:
        raise UserError(f"the threshold {threshold} is not between 0 and 1", "0.92 is the default")
    features = Features(embedding=EmbeddingSettings(model=model))
    frame = _questions(texts, languages, features)
    duplicates, guarded = [], []
    for group in _comparable_groups(frame, features, progress):
        rows = group["id"].cast(pl.Int64).to_numpy()
        admitted = admit(questions_of(group), threshold)
        duplicates.append(_pairs(texts, rows, admitted.twin.row, admitted.twin.cosine))
        guarded.append(_pairs(texts, rows, admitted.guarded.row, admitted.guarded.cosine))
    empty = pl.DataFrame(schema=DUPLICATE_SCHEMA)
    dropped = pl.concat([empty, *duplicates]).sort("row")
    dropped_rows = set(dropped["row"])
    kept = [row for row in range(len(texts)) if row not in dropped_rows]
    return Deduplicated(kept, dropped, pl.concat([empty, *guarded]).sort("row"))


def _questions(
    texts: Sequence[str], languages: Sequence[str] | None, features: Features
) -> pl.DataFrame:
    """The texts as a frame of questions, with their row as id.

    Raises:
        UserError: a text is not a string, or there is not one language for each text.
    """
    if isinstance(texts, str) or not all(isinstance(text, str) for text in texts):
        raise UserError("texts is not a list of texts", "give a list of str, without None")
    if languages is None:
        languages = identify(list(texts), features.language)
    if len(languages) != len(texts):
        raise UserError(
            f"there are {len(texts)} texts and {len(languages)} languages",
            "give one language for each text",
        )
    return pl.DataFrame(
        {
            "id": [str(row) for row in range(len(texts))],
            "question": list(texts),
            "question_language": list(languages),
            "tool_set": [""] * len(texts),
        },
        schema_overrides={"question": pl.String, "question_language": pl.String},
    )


def _comparable_groups(
    questions: pl.DataFrame, features: Features, progress: Progress
) -> list[pl.DataFrame]:
    """Groups of questions that are compared with each other; none for no questions."""
    if not len(questions):
        return []
    with TemporaryDirectory(prefix="curate-deduplicate-") as folder:
        embedder = Embedder(features.embedding, Path(folder))
        return list(comparable(with_questions(questions, features, embedder, progress=progress)))


def _pairs(
    texts: Sequence[str], rows: np.ndarray, nearest: np.ndarray, cosine: np.ndarray
) -> pl.DataFrame:
    """The texts of a group that have a `nearest` one (its place in the group, else -1)."""
    paired = np.flatnonzero(nearest >= 0)
    row, kept = rows[paired], rows[nearest[paired]]
    return pl.DataFrame(
        {
            "row": row,
            "duplicate_of": kept,
            "cosine": np.minimum(cosine[paired], 1),  # of vectors in float32, it may be 1 + 4e-8
            "text": [texts[place] for place in row],
            "kept_text": [texts[place] for place in kept],
        },
        schema=DUPLICATE_SCHEMA,
    )
