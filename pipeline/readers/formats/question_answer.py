"""Two columns, a question and its answer, under any of the names that files use."""

from functools import lru_cache
from typing import Any

from pipeline.readers.candidate import Candidate, Refused
from pipeline.readers.formats.beside import first_given, labelled, with_history
from pipeline.readers.formats.transcript import asked, without_end
from pipeline.readers.formats.turns import Turn, spoken
from schemas.reasons import Rejection

QUESTIONS = ("question", "prompt", "query", "request", "input", "user", "human", "context")
ANSWERS = ("answer", "completion", "response", "std_answer", "best_answer", "output", "assistant")
"""Any question goes with any answer. Of several the first that stands here is taken."""


def read(row: Any) -> list[Candidate | Refused] | None:
    """The conversation of a row, or None when it has no such columns."""
    if not isinstance(row, dict):
        return None
    cells = lowered(row)
    question = first_given(cells, QUESTIONS)
    answer = first_given(cells, ANSWERS)
    if question is None or answer is None:
        return None
    before, reply = spoken(cells[question], "user"), spoken(cells[answer], "assistant")
    for name, said in ((question, before), (answer, reply)):
        if said is None:
            why = f"{name} is neither a text nor a message; write it as a text"
            return [Refused(Rejection.unreadable, why)]
    if not before:
        return [Refused(Rejection.no_user_turn, f"{question} is null")]
    if not reply:
        return [Refused(Rejection.no_assistant_turn, f"{answer} is null")]
    if isinstance(cells[question], str):
        before = _asked(cells[question], cells.get("context") if question != "context" else None)
    if isinstance(cells[answer], str):
        reply = [{"role": "assistant", "content": _completion(cells[answer])}]
    said = with_history(cells, before + reply)
    if said is None:
        return [Refused(Rejection.unreadable, "history is no list of question and answer")]
    return [labelled(cells, said)]


def lowered(row: dict[str, Any]) -> dict[str, Any]:
    """A row with its names in one spelling: `Best Answer ` is `best_answer`."""
    return {spelled(str(name)): cell for name, cell in row.items()}


@lru_cache(maxsize=1024)
def spelled(name: str) -> str:
    """A name in one spelling; the rows of a file have the same few."""
    return "_".join(name.lower().split())


def _asked(text: str, context: Any) -> list[Turn]:
    said = asked(text)
    if len(said) == 1 and isinstance(context, str) and context.strip():
        return [{"role": "user", "content": f"{said[0]['content']}\n\n{context}"}]
    return said


def _completion(text: str) -> str:
    """A completion without the one blank before it, or what a template puts behind it."""
    text = without_end(text).rstrip()
    return text if text.startswith("  ") else text.removeprefix(" ")
