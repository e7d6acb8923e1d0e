"""Two columns, a question and its answer, under any of the names that files use."""

from typing import Any

COLUMNS = (
    ("question", "answer"),
    ("prompt", "completion"),
    ("prompt", "response"),
    ("query", "response"),
    ("request", "response"),
    ("input", "output"),
)


def read(row: Any) -> list[dict[str, Any]] | None:
    """The messages of a row, or None when it has no such columns."""
    if not isinstance(row, dict):
        return None
    names = {str(name).strip().lower(): name for name in row}
    for question, answer in COLUMNS:
        if question in names and answer in names:
            texts = row[names[question]], row[names[answer]]
            if all(isinstance(text, str) for text in texts):
                return [
                    {"role": "user", "content": texts[0]},
                    {"role": "assistant", "content": texts[1]},
                ]
    return None
