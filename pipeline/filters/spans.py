"""Places in a text that are found to be private, and the text without them."""

from collections.abc import Iterable
from typing import NamedTuple


class Span(NamedTuple):
    """A place in a text, and what is written there instead when it is masked."""

    begin: int
    end: int
    mask: str


def disjoint(spans: Iterable[Span]) -> list[Span]:
    """The spans in order of place; of overlapping ones the first, then the longest."""
    apart: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.begin, -span.end)):
        if not apart or span.begin >= apart[-1].end:
            apart.append(span)
    return apart


def masked(text: str, spans: list[Span]) -> str:
    """The text with the mask of each span in its place; the spans are disjoint and in order."""
    for span in reversed(spans):
        text = text[: span.begin] + span.mask + text[span.end :]
    return text
