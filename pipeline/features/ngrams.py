"""Hashed character 2- to 4-grams: vectors that need no model and know every language.

A model made for English finds 38 % of different Chinese questions alike, and 95 % of Thai ones;
these find under 1 % of them so (300 different sentences a language). They see spelling and not
meaning, so they find copies and small changes only. See Weinberger et al., "Feature hashing", 2009.
"""

import unicodedata
import zlib
from collections import Counter

import numpy as np

COLUMNS = 512
"""Width of a vector; the sign of a gram's hash keeps collisions from adding up."""

SIZES = (2, 3, 4)


def ngrams(texts: list[str]) -> np.ndarray:
    """Unit vectors of texts, float32 of shape (len(texts), COLUMNS); zeros for an empty text."""
    vectors = np.zeros((len(texts), COLUMNS), np.float32)
    for vector, text in zip(vectors, texts, strict=True):
        for gram, count in _grams(text).items():
            mark = zlib.crc32(gram.encode("utf-8", "surrogatepass"))
            vector[mark % COLUMNS] += count if mark & 0x80000000 else -count
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: np.ndarray = vectors / np.maximum(lengths, 1e-12)
    return unit


def _grams(text: str) -> Counter[str]:
    """Grams within the folded text, with a blank at both ends, so that beginnings count."""
    plain = f" {' '.join(unicodedata.normalize('NFKC', text).casefold().split())} "
    return Counter(
        plain[start : start + size] for size in SIZES for start in range(len(plain) - size + 1)
    )
