"""The questions that a model is measured with, as files of benchmarks hold them."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from pipeline.features.texts import texts
from pipeline.ingest import read_file
from pipeline.readers import find_files
from pipeline.readers.containers.unpacked import unpacked
from pipeline.readers.formats import alpaca
from pipeline.readers.formats.question_answer import lowered
from pipeline.readers.formats.turns import turn, turns
from schemas.errors import UserError
from schemas.record import Record

QUESTION_SCHEMA: dict[str, type[pl.DataType]] = {"line": pl.String, "question": pl.String}

COLUMNS = (
    "question", "instruction", "prompt", "problem", "query", "turns", "messages", "conversations",
    "ctx", "text", "input",
)  # fmt: skip
"""Where a question stands that has no answer beside it; the first that says something counts."""

MEND = "name its column question, prompt, instruction or messages"


class Benchmark(NamedTuple):
    """Questions, and the rows in which none was found."""

    questions: pl.DataFrame
    """`QUESTION_SCHEMA`; `line` is `file:line`."""
    unread: list[str]
    """The places, `file:line`, of the other rows."""


def read_benchmark(path: Path) -> Benchmark:
    """The questions of a file or folder.

    Conversations in any format, questions without an answer in one of `COLUMNS`, or a `.txt` of
    one question a line.

    Raises:
        UserError: it cannot be read, or holds no question.
    """
    rows, unread = list[tuple[str, str]](), list[str]()
    for file in find_files([path]):
        for place, asked in _rows(file):
            said = [(place, question) for question in asked if question.strip()]
            rows += said
            if not said:
                unread.append(place)
    if not rows:
        where = f": none was found in {unread[0]}" if unread else ""
        raise UserError(f"{path} holds no question{where}", f"give conversations, or {MEND}")
    return Benchmark(pl.DataFrame(rows, schema=QUESTION_SCHEMA, orient="row"), unread)


def _rows(file: Path) -> Iterator[tuple[str, list[str]]]:
    """The place of each row of a file, and the questions in it."""
    if file.suffix == ".txt" and not _is_json(file):
        for number, line in enumerate(_text(file).splitlines(), 1):
            if line.strip():
                yield f"{file.name}:{number}", [line]
        return
    for row in read_file(file):
        if isinstance(row, Record):
            yield row.source, [texts(row.messages_json)["question"]]
        else:
            yield row.source, _bare(row.text)


def _is_json(file: Path) -> bool:
    with file.open("rb") as opened:
        return opened.read(4096).lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[")


def _text(file: Path) -> str:
    with unpacked(file) as (stream, _):
        content = stream.read()
    try:
        text = content.decode()
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise UserError(f"{file} is no text in UTF-8", "save it as UTF-8, one question a line")
    return text


def _bare(text: str) -> list[str]:
    """The questions of a row that is no conversation, given as JSON."""
    try:
        row = json.loads(text)
    except ValueError:
        return []
    if not isinstance(row, dict):
        return []
    cells = lowered(row)
    for name in COLUMNS:
        said = _instruction(cells) if name == "instruction" else _said(cells.get(name))
        if whole := "\n".join(said).strip():
            # MT-bench: a model answers the first turn alone, before it is asked the second.
            return [whole, said[0]] if name == "turns" and len(said) > 1 else [whole]
    return []


def _instruction(cells: dict[str, Any]) -> list[str]:
    """Instruction and input, joined as Alpaca's are when they are read as a conversation."""
    said = alpaca.question(cells) if "instruction" in cells else None
    return [said] if said else []


def _said(value: Any) -> list[str]:
    """What the user says in a text, a list of texts, or a list of messages."""
    if isinstance(value, str):
        value = turns(value) or [value]
    return [text for one in value if (text := _spoken(one))] if isinstance(value, list) else []


def _spoken(one: Any) -> str:
    """A text, or that of a user's message; Arena-Hard's messages name no speaker."""
    if isinstance(one, str):
        return one.strip()
    message = (turn(one) or turn({**one, "role": "user"})) if isinstance(one, dict) else None
    if message is None or message["role"] != "user":
        return ""
    said = message["content"]
    parts = said if isinstance(said, list) else [{"text": said}]
    return "\n".join(str(part["text"]) for part in parts if part.get("text")).strip()
