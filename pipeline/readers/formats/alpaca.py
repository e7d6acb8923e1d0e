"""Alpaca: `{"instruction": …, "input": …, "output": …}`; Dolly's `context` and `response` too."""

from typing import Any

from pipeline.readers.candidate import Candidate
from pipeline.readers.formats.roles import labelled

NO_INPUT = frozenset({"", "<noinput>", "<no input>", "noinput", "no input", "no input."})
"""Spellings of "there is no input", lower case. 111 of 9,229 rows of Alpaca have one of them."""


def read(row: Any) -> list[Candidate] | None:
    """The conversation of a row, or None when it is no Alpaca."""
    if not isinstance(row, dict) or "instruction" not in row:
        return None
    answer = row.get("output", row.get("response"))
    context = row.get("input", row.get("context")) or ""
    if not all(isinstance(text, str) for text in (row["instruction"], answer, context)):
        return None
    question = row["instruction"]
    if context.strip().lower() not in NO_INPUT:
        question = f"{question}\n\n{context}" if question.strip() else context
    turns = [{"role": "user", "content": question}, {"role": "assistant", "content": answer}]
    return [labelled(row, turns)]
