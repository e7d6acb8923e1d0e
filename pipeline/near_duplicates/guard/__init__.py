"""What tells two questions apart that an embedding finds alike: numbers, negation, opposites."""

from pipeline.near_duplicates.guard.order import ORDER_COLUMNS, Orders
from pipeline.near_duplicates.guard.signatures import (
    CONTRASTS,
    LANGUAGES,
    WORDS,
    Signatures,
    difference,
    signatures_of,
)

__all__ = [
    "CONTRASTS",
    "LANGUAGES",
    "ORDER_COLUMNS",
    "WORDS",
    "Orders",
    "Signatures",
    "difference",
    "signatures_of",
]
