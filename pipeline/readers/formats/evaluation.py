"""Rows of benchmarks: they test a model, and training on them would spoil the test.

`--map user=prompt,assistant=canonical_solution` reads such rows all the same.
"""

from typing import Any

from pipeline.readers.candidate import Refused
from schemas.reasons import Rejection

BENCHMARK_ROWS = (
    ({"task_id", "canonical_solution"}, "a programming task of a benchmark"),
    ({"choices", "question_id"}, "the answers of a benchmark without their questions"),
    ({"turns", "question_id"}, "questions of a benchmark without answers"),
    ({"prompt_template", "system_prompt"}, "a prompt for a model that judges"),
    ({"choices", "answer"}, "a question of a test with choices"),
    ({"choices", "answerKey"}, "a question of a test with choices"),
    ({"endings", "label"}, "a question of a test with choices"),
    ({"mc1_targets"}, "a question of a test with choices"),
)
"""The columns by which a row of a benchmark is known, and what to call it."""

TELLTALE_COLUMNS = frozenset(column for columns, _ in BENCHMARK_ROWS for column in columns) - {
    "answer",
    "label",
}
"""A row with none of these is not of a benchmark; `answer` and `label` are common elsewhere."""


def to_candidates(row: Any) -> list[Refused] | None:
    """Why a row of a benchmark is refused; None for other rows."""
    if not isinstance(row, dict) or row.keys().isdisjoint(TELLTALE_COLUMNS):
        return None
    for columns, what in BENCHMARK_ROWS:
        if all(row.get(column) is not None for column in columns):
            why = f"is {what}; use it to evaluate, or name its columns with --map"
            return [Refused(Rejection.not_chat, why)]
    return None
