"""Texts as an embedding model reads them: windows that fit, and what its vocabulary lacks.

A model silently ignores what does not fit into its window. Of 10,000 long prompts 704 began like a
different one and so had a cosine of 1.0. That is why a long text gets the mean of the vectors of
its windows.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from pipeline.features.vector_cache import Encoded

_UNKNOWN_TOKENS = ("[UNK]", "<unk>")
"""What WordPiece and SentencePiece tokenizers write for what is not in their vocabulary."""


class Windowed(NamedTuple):
    """A text in windows that a model can read."""

    windows: list[str]
    unknown: float
    """Share of its characters, without white space, that are in unknown tokens: 0 to 1."""


def encode_windows(
    texts: list[str],
    tokenizer: Any,
    window: int,
    prefix: str,
    embed: Callable[[list[str]], np.ndarray],
) -> Encoded:
    """Unit vectors of texts of any length; that of a long text is the mean of its windows.

    Args:
        texts: n of them.
        tokenizer: a `tokenizers.Tokenizer` that neither truncates nor pads.
        window: tokens that the model can read at once, special ones included.
        prefix: what the model expects before each text.
        embed: turns m texts that fit into the window into unit vectors, float32 (m, d).
    """
    room = window - len(tokenizer.encode(prefix).ids)
    split = [windowed(text, tokenizer, room) for text in texts]
    vectors = embed([prefix + piece for text in split for piece in text.windows])
    begins = np.cumsum([0, *[len(text.windows) for text in split[:-1]]])
    means = np.add.reduceat(vectors.astype(np.float64), begins, axis=0)
    unit = means / np.linalg.norm(means, axis=1, keepdims=True)
    unknown = np.array([text.unknown for text in split], np.float32)
    return Encoded(unit.astype(np.float32), unknown)


def windowed(text: str, tokenizer: Any, window: int) -> Windowed:
    """Cut a text into windows, between words where there are any."""
    encoding = tokenizer.encode(text, add_special_tokens=False)
    unknown_ids = {tokenizer.token_to_id(token) for token in _UNKNOWN_TOKENS}
    lengths = [end - start for start, end in encoding.offsets]
    unknown = sum(
        length for length, id in zip(lengths, encoding.ids, strict=True) if id in unknown_ids
    )
    pieces = _cut(text, [start for start, _ in encoding.offsets], window)
    return Windowed(pieces, unknown / max(sum(lengths), 1))


def _cut(text: str, starts: list[int], window: int) -> list[str]:
    """The text in pieces of at most `window` tokens; `starts` holds the place of each token.

    A piece ends between two words, or inside of one where its second half has no such place.
    """
    pieces, first = list[str](), 0
    while len(starts) - first > window:
        ends = range(first + window, first + window // 2, -1)
        end = next((end for end in ends if _is_between_words(text, starts[end])), first + window)
        pieces.append(text[starts[first] : starts[end]])
        first = end
    return [*pieces, text[starts[first] :] if starts else text]


def _is_between_words(text: str, place: int) -> bool:
    return text[place - 1].isspace() or text[place].isspace()
