"""Two columns, a question and its answer, under any of the names that files use."""

from functools import lru_cache
from typing import Any

from pipeline.readers.candidate import Candidate, Refused, Turn
from pipeline.readers.formats.other_columns import first_column, labelled_candidate, with_history
from pipeline.readers.formats.transcript import prompt_turns, without_end
from pipeline.readers.formats.turns import cell_turns
from schemas.reasons import Rejection

QUESTION_COLUMNS = (
    "question", "prompt", "query", "request", "input", "user", "human", "context",
)  # fmt: skip
ANSWER_COLUMNS = (
    "answer", "completion", "response", "std_answer", "best_answer", "output", "assistant",
)  # fmt: skip
"""Any question goes with any answer. Of several columns the first in this order is taken."""


def to_candidates(row: Any) -> list[Candidate | Refused] | None:
    """The conversation of a row, or None when it has no such columns."""
    if not isinstance(row, dict):
        return None
    cells = snake_case_columns(row)
    question, answer = first_column(cells, QUESTION_COLUMNS), first_column(cells, ANSWER_COLUMNS)
    if question is None or answer is None:
        return None
    asked, reply = cell_turns(cells[question], "user"), cell_turns(cells[answer], "assistant")
    for name, turns_of_cell in ((question, asked), (answer, reply)):
        if turns_of_cell is None:
            why = f"{name} is neither a text nor a message; write it as a text"
            return [Refused(Rejection.unreadable, why)]
    if not asked:
        return [Refused(Rejection.no_user_turn, f"{question} is null")]
    if not reply:
        return [Refused(Rejection.no_assistant_turn, f"{answer} is null")]
    if isinstance(cells[question], str):
        context = cells.get("context") if question != "context" else None
        asked = _question_turns(cells[question], context)
    if isinstance(cells[answer], str):
        reply = [{"role": "assistant", "content": _completion(cells[answer])}]
    turns = with_history(cells, asked + reply)
    if turns is None:
        return [Refused(Rejection.unreadable, "history is no list of question and answer")]
    return [labelled_candidate(cells, turns)]


def snake_case_columns(row: dict[str, Any]) -> dict[str, Any]:
    """A row with its column names in one spelling: `Best Answer ` becomes `best_answer`."""
    return {snake_case(str(name)): cell for name, cell in row.items()}


@lru_cache(maxsize=1024)
def snake_case(name: str) -> str:
    """A column name in one spelling; cached, as the rows of a file have the same few names."""
    return "_".join(name.lower().split())


def _question_turns(text: str, context: Any) -> list[Turn]:
    turns = prompt_turns(text)
    if len(turns) == 1 and isinstance(context, str) and context.strip():
        return [{"role": "user", "content": f"{turns[0]['content']}\n\n{context}"}]
    return turns


def _completion(text: str) -> str:
    """A completion without the one blank before it, or what a template puts behind it."""
    text = without_end(text).rstrip()
    return text if text.startswith("  ") else text.removeprefix(" ")
