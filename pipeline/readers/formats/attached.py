"""The files of a message in the export of an assistant: their texts, and what has none."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from pipeline.readers.formats.parts import kind_of_files


class AttachedFiles(NamedTuple):
    """The files of one message."""

    texts: list[str]
    """The texts that the program took from them."""
    has_others: bool
    """Whether some file has no text."""
    media: str | None
    """`a picture`, `sound` or `a video` if one of them is that."""


def attached_files(message: dict[str, Any], fields: Iterable[str], text: str) -> AttachedFiles:
    """The files of a message.

    Args:
        message: The message.
        fields: Its fields that hold lists of files.
        text: The field of a file that has its text.
    """
    files = [file for name in fields for file in _list(message.get(name))]
    cells = [file.get(text) if isinstance(file, dict) else None for file in files]
    texts = [cell for cell in cells if isinstance(cell, str) and cell.strip()]
    return AttachedFiles(texts, len(texts) < len(files), kind_of_files(files))


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
