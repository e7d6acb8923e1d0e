"""One column of text with a template baked in: `<s>[INST] … [/INST] …`, `User: … Bot: …`."""

from typing import Any

from pipeline.readers.candidate import Candidate, Refused
from pipeline.readers.formats.other_columns import labelled_candidate
from pipeline.readers.formats.transcript import transcript_turns

TRANSCRIPT_COLUMNS = (
    "text", "transcript", "conversation", "conversations", "dialogue", "dialog", "chat",
)  # fmt: skip


def to_candidates(row: Any) -> list[Candidate | Refused] | None:
    """The conversation of a row, or None when no column has the tags of a known template."""
    if not isinstance(row, dict):
        return None
    for column in TRANSCRIPT_COLUMNS:
        text = row.get(column)
        if isinstance(text, str) and (turns := transcript_turns(text)) is not None:
            return [labelled_candidate(row, turns, used=(column,))]
    return None
