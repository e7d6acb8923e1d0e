"""Texts in the eyes of a model's tokenizer: windows that fit, and what its vocabulary lacks.

A model looks at its window and silently at no more: of 10,000 long prompts 704 had the same
beginning as a different one, and a cosine of 1.0. So a long text is the mean of its windows.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from pipeline.features.vector_cache import Encoded

UNKNOWN = ("[UNK]", "<unk>")
"""What WordPiece and SentencePiece tokenizers put for what their vocabulary lacks."""


class Windowed(NamedTuple):
    """A text as a model reads it."""

    windows: list[str]
    unknown: float
    """Share of its characters, outside white space, that are in unknown tokens."""


def encode_windows(
    texts: list[str],
    tokenizer: Any,
    window: int,
    prefix: str,
    embed: Callable[[list[str]], np.ndarray],
) -> Encoded:
    """Unit vectors of texts of any length: of a long one the mean of its windows' vectors.

    Args:
        texts: n texts.
        tokenizer: a `tokenizers.Tokenizer` that neither cuts nor pads.
        window: tokens that the model can see at once, special ones included.
        prefix: what the model wants before each text.
        embed: makes unit vectors, float32 (m, d), of m texts that fit into the window.
    """
    room = window - len(tokenizer.encode(prefix).ids)
    read = [windowed(text, tokenizer, room) for text in texts]
    vectors = embed([prefix + piece for one in read for piece in one.windows])
    begins = np.cumsum([0, *[len(one.windows) for one in read[:-1]]])
    means = np.add.reduceat(vectors.astype(np.float64), begins, axis=0)
    unit = means / np.linalg.norm(means, axis=1, keepdims=True)
    unknown = np.array([one.unknown for one in read], np.float32)
    return Encoded(unit.astype(np.float32), unknown)


def windowed(text: str, tokenizer: Any, window: int) -> Windowed:
    """Cut a text into windows, between words where there are any."""
    encoding = tokenizer.encode(text, add_special_tokens=False)
    lacking = {tokenizer.token_to_id(token) for token in UNKNOWN}
    characters = [end - start for start, end in encoding.offsets]
    unknown = sum(
        size for size, token in zip(characters, encoding.ids, strict=True) if token in lacking
    )
    pieces = _cut(text, [start for start, _ in encoding.offsets], window)
    return Windowed(pieces, unknown / max(sum(characters), 1))


def _cut(text: str, starts: list[int], window: int) -> list[str]:
    """The text in pieces of at most `window` tokens, which start at the characters `starts`."""
    pieces, first = list[str](), 0
    while len(starts) - first > window:
        words = range(first + window, first + window // 2, -1)
        end = next((cut for cut in words if _is_between(text, starts[cut])), first + window)
        pieces.append(text[starts[first] : starts[end]])
        first = end
    return [*pieces, text[starts[first] :] if starts else text]


def _is_between(text: str, place: int) -> bool:
    return text[place - 1].isspace() or text[place].isspace()
