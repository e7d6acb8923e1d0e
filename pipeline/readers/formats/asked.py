"""What a user asks in a row of columns: a task, a question, and the text that it is about.

Rows spread one question over several columns. All of it is what the reply answers, so all of it is
put into the user's turn: the task first, then the question, then the text.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from pipeline.readers.candidate import Turn
from pipeline.readers.formats.beside import column_key
from pipeline.readers.formats.left_out import is_empty, is_label
from pipeline.readers.formats.parts import text_of_parts
from pipeline.readers.formats.roles import column_side, name_words
from pipeline.readers.formats.transcript import prompt_turns

QUESTION_COLUMNS = (
    "question", "prompt", "query", "request", "input", "user", "human", "context",
    "message", "text",
)  # fmt: skip
"""The column with the question is the first of these, else the first that sounds like one."""

TASK_NAMES = frozenset(("instruction", "instructions", "task", "prompt", "taskdescription"))
"""Columns that say what to do, and go before the question."""

INPUT_COLUMNS = ("input", "context")
"""The first of these that is not null is always part of the question, also where this repeats
it."""

CONTEXT_WORDS = frozenset(
    (
        "context", "contexts", "passage", "passages", "document", "documents", "doc", "docs",
        "reference", "references", "article", "articles", "background", "knowledge", "evidence",
        "chunk", "chunks", "paragraph", "paragraphs", "excerpt", "excerpts", "snippet", "snippets",
        "text", "input", "facts", "retrieved", "sources", "material",
    )
)  # fmt: skip
"""Last words of the names of columns with the text that a question is about."""

NO_INPUT = frozenset(
    {"", "<noinput>", "<no input>", "noinput", "no input", "no input.", "n/a", "none", "none."}
    | {"no input required", "no input required.", "no input needed", "no input needed."}
    | {"[no input]", "(no input)", "<no input required>", "not applicable", "<none>", "<empty>"}
)
"""Ways to write "there is no input", lower case. 111 of 9,229 rows of Alpaca have one of them."""


class AskedText(NamedTuple):
    """The user's turn of a row, and the columns that it was made of."""

    text: str
    columns: tuple[str, ...]


class AskingColumns(NamedTuple):
    """The columns of a row that may be part of the question, each kind in order."""

    tasks: tuple[str, ...]
    questions: tuple[str, ...]
    contexts: tuple[str, ...]


@lru_cache(maxsize=1024)
def asking_columns(names: tuple[Any, ...]) -> AskingColumns:
    """The columns among these names that may be part of a question."""
    texts = [name for name in names if isinstance(name, str)]
    tasks = [name for name in texts if column_key(name) in TASK_NAMES]
    contexts = [name for name in texts if _is_context(name)]
    questions = [name for name in texts if column_side(name) == "user"]
    return AskingColumns(tuple(tasks), tuple(questions), tuple(contexts))


def asked_turns(row: dict[str, Any], question: str, text: str) -> tuple[list[Turn], Sequence[str]]:
    """The turns that a row asks with, and the columns that they were made of.

    A question that is a transcript of several turns stays as it is; any other gets the task before
    it and the texts that it is about behind it.

    Args:
        row: The row.
        question: The column of the question.
        text: The question itself.
    """
    turns = prompt_turns(text)
    if len(turns) > 1:
        return turns, (question,)
    asked = with_context(row, question, turns[0]["content"])
    if asked.text == turns[0]["content"]:
        return turns, asked.columns
    return prompt_turns(asked.text), asked.columns


@lru_cache(maxsize=1024)
def columns_around(names: tuple[Any, ...], question: str) -> AskingColumns:
    """The columns besides that of the question, each kind in order and each column once."""
    columns = asking_columns(names)
    tasks = tuple(name for name in columns.tasks if name != question)
    contexts = tuple(name for name in columns.contexts if name not in (question, *tasks))
    known = (question, *tasks, *contexts)
    questions = tuple(name for name in columns.questions if name not in known)
    return AskingColumns(tasks, questions, contexts)


def with_context(row: dict[str, Any], question: str, text: str) -> AskedText:
    """A question with the task before it and the texts that it is about behind it.

    Args:
        row: The row.
        question: The column of the question.
        text: The question itself, which may be blank.
    """
    before, others, contexts = columns_around(tuple(row), question)
    if others:
        others = tuple(name for name in others if not is_label(row[name]))
    names = [
        name for name in (*before, *others, *contexts) if row[name] and not is_empty(row[name])
    ]
    if not names:
        blank = [name for name in contexts if row[name] is not None]
        return AskedText(text, (question, *blank))
    used, pieces = [question], [text] if text.strip() else []
    first_input = next((name for name in INPUT_COLUMNS if row.get(name) is not None), None)
    for name in names:
        piece = _piece(row[name], is_input=name == first_input)
        if piece is None:
            continue
        if piece.strip().lower() in NO_INPUT:
            used.append(name)
            continue
        repeats = name != first_input and any(piece in known for known in pieces)
        if not repeats:
            if name != first_input and any(known in piece for known in pieces):
                continue  # The question in a template: the question alone is asked.
            pieces.insert(0 if name in before else len(pieces), piece)
        used.append(name)
    return AskedText("\n\n".join(pieces), tuple(used))


def _is_context(name: str) -> bool:
    words = name_words(name)
    is_context = bool(words) and words[-1] in CONTEXT_WORDS
    return is_context and column_side(name) != "assistant"


def _piece(cell: Any, is_input: bool) -> str | None:
    """The text of a cell, passages a blank line apart; None when it is empty or something else.

    A link or a number is what a question is about only in a column that is called its input.
    """
    if is_empty(cell):
        return None
    if isinstance(cell, str):
        is_word = cell.isascii() and len(cell.split(None, 1)) == 1
        return None if is_word and not is_input else cell
    if isinstance(cell, list):
        texts = [_passage(item) for item in cell]
        return "\n\n".join(text for text in texts if text) if all(texts) else None
    return None


def _passage(item: Any) -> str | None:
    """The text of one passage: itself, or an object with its title and its text."""
    if isinstance(item, str):
        return item.strip() or None
    if not isinstance(item, dict):
        return None
    fields = ("page_content", "passage", "document", "body", "chunk", "snippet")
    text = next((item[name] for name in fields if isinstance(item.get(name), str)), None)
    text = text or text_of_parts([item])
    title = item.get("title")
    return f"{title}\n{text}" if isinstance(title, str) and title.strip() and text else text
