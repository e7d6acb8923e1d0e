"""In which languages a model may judge: different texts that it takes for the same.

    python -m benchmarks.languages --data DIR [--model NAME] [--languages CODE ...]

DIR holds `lingua-languages` (150 sentences in each of 75 languages: all different, so each twin is
false) and `stsb-multilingual` (1,000 pairs of sentences in eleven languages, scored 0 to 5 by
people). A row a language: characters that the vocabulary lacks; sentences with a false twin by the
model's vectors alone, and as curate judges; of pairs scored below 3 and of those scored 5 the share
above the threshold, again by both.
"""

import argparse
import tempfile
from pathlib import Path

import numpy as np
import polars as pl

from pipeline.features import Features
from pipeline.features.embed import Embedder, EmbeddingSettings
from pipeline.features.language import identify
from pipeline.features.models import models
from pipeline.near_duplicates.vectors import MODEL, with_vectors

DIFFERENT, SAME = 3, 5
"""Scores: below 3 a pair is not equivalent ("roughly" begins there), 5 means the same."""

SENTENCES = Path("lingua-languages") / "languages.csv.gz"
PAIRS = Path("stsb-multilingual") / "train.csv.gz"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--model", default=EmbeddingSettings().model)
    parser.add_argument("--engine", choices=["torch", "onnx"], default="onnx")
    parser.add_argument("--threshold", type=float, help="instead of the model's own")
    parser.add_argument("--languages", nargs="+", metavar="CODE", help="only these")
    parser.add_argument("--cache", type=Path, help="where vectors are kept for the next time")
    options = parser.parse_args()
    threshold = options.threshold or models()[options.model].threshold
    embedding = EmbeddingSettings(model=options.model, engine=options.engine)
    with tempfile.TemporaryDirectory() as folder:
        judge = Judge(embedding, options.cache or Path(folder))
        print(f"{options.model}, threshold {threshold}")
        print(table(judge, options.data, options.languages, threshold))


class Judge:
    """Cosines of texts by a model alone, and as curate compares them."""

    def __init__(self, embedding: EmbeddingSettings, cache: Path) -> None:
        self._features = Features(embedding=embedding)
        self._embedder = Embedder(embedding, cache)

    def unknown(self, texts: list[str]) -> float:
        """The mean share of characters that the model's vocabulary lacks."""
        return float(self._embedder.encoded(texts).unknown.mean())

    def alone(self, texts: list[str]) -> np.ndarray:
        """Cosines of the model's vectors, whatever the language."""
        vectors = self._embedder.vectors(texts)
        return vectors @ vectors.T

    def by_model(self, texts: list[str]) -> np.ndarray:
        """Which texts curate compares by the model."""
        return self._vectors(texts)["encoder"].to_numpy() == MODEL

    def as_curate(self, texts: list[str]) -> np.ndarray:
        """Cosines within an encoder; texts of two encoders are never compared: -1."""
        frame = self._vectors(texts)
        cosines = np.full((len(texts), len(texts)), -1.0)
        for rows in (np.flatnonzero(known) for known in _both(frame["encoder"] == MODEL)):
            if len(rows):
                vectors = np.stack(frame["vector"].gather(rows).to_list())
                cosines[np.ix_(rows, rows)] = vectors @ vectors.T
        return cosines

    def _vectors(self, texts: list[str]) -> pl.DataFrame:
        found = identify(texts, self._features.language)
        frame = pl.DataFrame({"question": texts, "question_language": found})
        return with_vectors(frame, self._features, self._embedder)


def _both(known: pl.Series) -> tuple[np.ndarray, np.ndarray]:
    return known.to_numpy(), ~known.to_numpy()


def table(judge: Judge, data: Path, only: list[str] | None, threshold: float) -> str:
    """One line a language, those with most unknown characters last."""
    sentences = pl.read_csv(data / SENTENCES).filter(kind="sentences")
    if only:
        sentences = sentences.filter(pl.col("language").is_in(only))
    pairs = pl.read_csv(data / PAIRS)
    lines = []
    for [language], rows in sentences.group_by("language"):
        texts = rows["text"].unique(maintain_order=True).to_list()
        scored = pairs.filter(language=language)
        line = [
            judge.unknown(texts),
            judge.by_model(texts).mean(),
            _twins(judge.alone(texts), threshold),
            _twins(judge.as_curate(texts), threshold),
            *(_shares(judge, scored, threshold) if len(scored) else []),
        ]
        lines.append((line[0], f"{language:<9}" + "".join(f"{share:>9.1%}" for share in line)))
    heads = ("unknown", "by model", "alone", "curate", "diff.", "curate", "same", "curate")
    head = f"{'language':<9}" + "".join(f"{name:>9}" for name in heads)
    return "\n".join([head, *[line for _, line in sorted(lines)]])


def _twins(cosines: np.ndarray, threshold: float) -> float:
    """The share of texts with another one above the threshold."""
    np.fill_diagonal(cosines, -1)
    return float((cosines.max(axis=1) > threshold).mean())


def _shares(judge: Judge, pairs: pl.DataFrame, threshold: float) -> list[float]:
    """Shares above the threshold: different pairs, alone and as curate; the same of equal ones."""
    found = []
    for chosen in (pairs.filter(pl.col("score") < DIFFERENT), pairs.filter(score=SAME)):
        texts = [*chosen["sentence1"], *chosen["sentence2"]]
        for cosines in (judge.alone(texts), judge.as_curate(texts)):
            found.append(float((np.diagonal(cosines, len(chosen)) > threshold).mean()))
    return found


if __name__ == "__main__":
    main()
