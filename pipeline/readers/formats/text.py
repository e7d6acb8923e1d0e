"""One column of text with the template baked in: `<s>[INST] … [/INST] …`, `User: … Bot: …`."""

from typing import Any

from pipeline.readers.candidate import Candidate
from pipeline.readers.formats.beside import labelled
from pipeline.readers.formats.transcript import whole

COLUMNS = ("text", "transcript", "conversation", "conversations", "dialogue", "dialog", "chat")


def read(row: Any) -> list[Candidate] | None:
    """The conversation of a row, or None when no column has the tags of a known template."""
    if not isinstance(row, dict):
        return None
    for column in COLUMNS:
        text = row.get(column)
        if isinstance(text, str) and (said := whole(text)) is not None:
            return [labelled(row, said)]
    return None
