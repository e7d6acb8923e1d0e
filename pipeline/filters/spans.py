"""Places in a text that hold something private, and the text with them masked."""

from collections.abc import Iterable
from typing import NamedTuple


class Span(NamedTuple):
    """A place in a text, and what masking writes there."""

    begin: int
    end: int
    mask: str


def disjoint(spans: Iterable[Span]) -> list[Span]:
    """The spans in order; of overlapping ones the one that begins first, then the longest."""
    apart: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.begin, -span.end)):
        if not apart or span.begin >= apart[-1].end:
            apart.append(span)
    return apart


def write_masks(text: str, spans: list[Span]) -> str:
    """The text with the mask of each span in its place. The spans must be disjoint and in order."""
    for span in reversed(spans):
        text = text[: span.begin] + span.mask + text[span.end :]
    return text
