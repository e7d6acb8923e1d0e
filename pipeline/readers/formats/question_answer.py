"""Two columns, a question and its answer, under any of the names that files use."""

from typing import Any

from pipeline.readers.candidate import Candidate
from pipeline.readers.formats.roles import labelled

COLUMNS = (
    ("question", "answer"),
    ("prompt", "completion"),
    ("prompt", "response"),
    ("query", "response"),
    ("request", "response"),
    ("input", "output"),
)


def read(row: Any) -> list[Candidate] | None:
    """The conversation of a row, or None when it has no such columns."""
    if not isinstance(row, dict):
        return None
    names = {str(name).strip().lower(): name for name in row}
    for question, answer in COLUMNS:
        if question in names and answer in names:
            texts = row[names[question]], row[names[answer]]
            if all(isinstance(text, str) for text in texts):
                turns = zip(("user", "assistant"), texts, strict=True)
                return [labelled(row, [{"role": who, "content": said} for who, said in turns])]
    return None
