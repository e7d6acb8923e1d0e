"""Which kind of JSON a text is: one value a line, or values that run over several lines."""

from typing import Literal

from pipeline.readers.containers.json_documents import reads_well
from pipeline.readers.containers.json_value import NotJson, parse_json

Layout = Literal["JSON Lines", "JSON"]


def layout_of(head: bytes, whole: bool) -> Layout | None:
    """How the JSON that begins with `head` is laid out, or None when it is not JSON.

    `whole`: `head` is the whole file. If it is not, its last line may be cut off.
    """
    lines = [line.strip() for line in head.split(b"\n")]
    alone = [_stands_alone(line) for line in (lines if whole else lines[:-1]) if line]
    mostly = sum(alone) * 2 >= len(alone) > 0
    if head.lstrip()[:1] not in (b"{", b"["):
        return "JSON Lines" if mostly else None  # Output of a shell around the rows, for example.
    if all(alone):
        return "JSON Lines" if len(alone) > 1 or (alone and not whole) else "JSON"
    is_array = next(filter(None, lines)) == b"["
    return "JSON Lines" if mostly and not is_array and not reads_well(head, whole) else "JSON"


def _stands_alone(line: bytes) -> bool:
    """Whether a line is an object or a list by itself."""
    if line[:1] not in (b"{", b"[") or line[-1:] not in (b"}", b"]"):
        return False
    try:
        parse_json(line)
    except NotJson:
        return False
    return True
