"""Rows of benchmarks: they test a model, and training on them would spoil the test.

`--map user=prompt,assistant=canonical_solution` reads such rows all the same.
"""

from typing import Any

from pipeline.readers.candidate import Refused
from schemas.reasons import Rejection

KINDS = (
    ({"task_id", "canonical_solution"}, "a programming task of a benchmark"),
    ({"choices", "question_id"}, "the answers of a benchmark without their questions"),
    ({"turns", "question_id"}, "questions of a benchmark without answers"),
    ({"prompt_template", "system_prompt"}, "a prompt for a model that judges"),
    ({"choices", "answer"}, "a question of a test with choices"),
    ({"choices", "answerKey"}, "a question of a test with choices"),
    ({"endings", "label"}, "a question of a test with choices"),
    ({"mc1_targets"}, "a question of a test with choices"),
)
"""The fields that give a benchmark away, and what to call it."""

TELLTALES = frozenset(field for fields, _ in KINDS for field in fields) - {"answer", "label"}


def read(row: Any) -> list[Refused] | None:
    """Why a row of a benchmark is refused; None for other rows."""
    if not isinstance(row, dict) or row.keys().isdisjoint(TELLTALES):
        return None
    for fields, kind in KINDS:
        if all(row.get(field) is not None for field in fields):
            why = f"is {kind}; use it to evaluate, or name its columns with --map"
            return [Refused(Rejection.not_chat, why)]
    return None
