"""Two columns, a question and its answer, under any of the names that files use."""

from functools import lru_cache
from typing import Any, NamedTuple

from pipeline.readers.candidate import Candidate, Refused, Turn
from pipeline.readers.formats.asked import QUESTION_COLUMNS, asked_turns
from pipeline.readers.formats.other_columns import first_column, labelled_candidate
from pipeline.readers.formats.roles import column_side
from pipeline.readers.formats.special_tokens import without_end
from pipeline.readers.formats.turns import cell_turns, reply_turn
from schemas.reasons import Rejection

ANSWER_COLUMNS = (
    "answer", "completion", "response", "std_answer", "best_answer", "output", "assistant",
)  # fmt: skip
"""Any question goes with any answer. Of several columns the first in this order is taken, then the
first whose name sounds like an answer."""


class SideColumns(NamedTuple):
    """The columns that may hold the question, and those that may hold the answer, in order."""

    questions: tuple[str, ...]
    answers: tuple[str, ...]


def to_candidates(row: Any) -> list[Candidate | Refused] | None:
    """The conversation of a row, or None when it has no such columns."""
    if not isinstance(row, dict):
        return None
    columns = side_columns(tuple(row))
    question, answer = first_column(row, columns.questions), first_column(row, columns.answers)
    if question is None or answer is None:
        return None
    reply = answer_turns(row[answer])
    asked = cell_turns(row[question], "user")
    for name, turns_of_cell in ((question, asked), (answer, reply)):
        if isinstance(turns_of_cell, Refused):
            return [turns_of_cell]
        if turns_of_cell is None:
            why = f"{name} is neither a text nor a message; write it as a text"
            return [Refused(Rejection.unreadable, why)]
    if not asked:
        return [Refused(Rejection.no_user_turn, f"{question} is null")]
    if not reply or isinstance(reply, Refused):
        return [Refused(Rejection.no_assistant_turn, f"{answer} is null")]
    used: tuple[str, ...] = (question, answer)
    if isinstance(row[question], str):
        asked, asking = asked_turns(row, question, row[question])
        used = (*asking, answer)
    if not isinstance(row[answer], dict | list) and isinstance(reply[0]["content"], str):
        reply = [reply[0] | {"content": _completion(reply[0]["content"])}]
    return [labelled_candidate(row, asked + reply, used=used)]


@lru_cache(maxsize=1024)
def side_columns(names: tuple[Any, ...]) -> SideColumns:
    """The columns of question and answer among these names; cached, as files have few sets."""
    spelled = {snake_case(name): name for name in reversed(names) if isinstance(name, str)}
    questions = [spelled[name] for name in QUESTION_COLUMNS if name in spelled]
    answers = [spelled[name] for name in ANSWER_COLUMNS if name in spelled]
    texts = [name for name in names if isinstance(name, str)]
    questions += [name for name in texts if column_side(name) == "user"]
    answers += [name for name in texts if column_side(name) == "assistant"]
    return SideColumns(tuple(dict.fromkeys(questions)), tuple(dict.fromkeys(answers)))


def answer_turns(cell: Any) -> list[Turn] | Refused | None:
    """The turns of an answer: a text, a message, or a list with one answer in it.

    `{"text": ["noon"], "answer_start": [5]}`, as SQuAD writes it, is its text.
    """
    if isinstance(cell, str):
        return [reply_turn(cell)]
    if isinstance(cell, dict) and isinstance(cell.get("text"), list) and "role" not in cell:
        cell = cell["text"]
    if isinstance(cell, list) and cell and all(isinstance(item, str) for item in cell):
        answers = list(dict.fromkeys(cell))
        if len(answers) > 1:
            why = f"holds {len(answers)} different answers; keep the one to learn"
            return Refused(Rejection.unsupported, why)
        cell = answers[0]
    return cell_turns(cell, "assistant")


def snake_case_columns(row: dict[str, Any]) -> dict[str, Any]:
    """A row with its column names in one spelling: `Best Answer ` becomes `best_answer`."""
    return {snake_case(str(name)): cell for name, cell in row.items()}


@lru_cache(maxsize=1024)
def snake_case(name: str) -> str:
    """A column name in one spelling; cached, as the rows of a file have the same few names."""
    return "_".join(name.lower().split())


def _completion(text: str) -> str:
    """A completion without the one blank before it, or what a template puts behind it."""
    text = without_end(text).rstrip()
    return text if text.startswith("  ") else text.removeprefix(" ")
