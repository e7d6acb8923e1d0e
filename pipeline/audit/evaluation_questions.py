"""Reads the questions that a model will be evaluated with from the files of benchmarks."""

import csv
import io
import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from pipeline.features.texts import texts
from pipeline.ingest import RejectedRow, read_file
from pipeline.readers import find_files
from pipeline.readers.containers.columnar import kind_of
from pipeline.readers.containers.no_chat import refuse_file
from pipeline.readers.containers.table import delimiter_of
from pipeline.readers.containers.unpacked import open_unpacked, read_head
from pipeline.readers.formats.asked import with_context
from pipeline.readers.formats.question_answer import snake_case_columns
from pipeline.readers.formats.turns import to_turn, to_turns
from schemas.errors import UserError
from schemas.reasons import Rejection
from schemas.record import Record

QUESTION_SCHEMA: dict[str, type[pl.DataType]] = {"line": pl.String, "question": pl.String}

COLUMNS = (
    "question", "instruction", "prompt", "problem", "query", "turns", "messages", "conversations",
    "ctx", "text", "input",
)  # fmt: skip
"""Columns that may hold a question without an answer; the first that is not empty counts."""

MEND = "name its column question, prompt, instruction or messages"


class Benchmark(NamedTuple):
    """Questions, and the rows in which none was found."""

    questions: pl.DataFrame
    """`QUESTION_SCHEMA`; `line` is `file:line`."""
    unread: list[str]
    """The places, `file:line`, of rows without a question."""
    broken: list[str]
    """The places of rows that cannot be read, each with what is wrong: `file:line: why`."""


class Asked(NamedTuple):
    """What one row of a file asks."""

    place: str
    """`file:line`."""
    questions: list[str]
    fault: str = ""
    """Why the row cannot be read."""


def read_benchmark(path: Path) -> Benchmark:
    """Read the questions of a file or folder.

    It may hold conversations in any format, questions without an answer in one of `COLUMNS`, a JSON
    list of texts, or one question a line: in a `.txt`, from standard input, or below the name of a
    column.

    Raises:
        UserError: it cannot be read, or contains no question.
    """
    piped = str(path) == "-" or path.is_fifo()
    rows, unread, broken = list[tuple[str, str]](), list[str](), list[str]()
    for file in find_files([path]):
        for place, asked, fault in _rows(file, "standard input" if piped else str(file), piped):
            questions = [(place, question) for question in asked if question.strip()]
            rows += questions
            if fault and not questions:
                broken.append(f"{place}: {fault}")
            elif not questions:
                unread.append(place)
    if not rows:
        where = f": none was found in {unread[0]}" if unread else ""
        where = f": {broken[0]}" if broken else where
        raise UserError(f"{path} contains no question{where}", f"give conversations, or {MEND}")
    return Benchmark(pl.DataFrame(rows, schema=QUESTION_SCHEMA, orient="row"), unread, broken)


def _rows(file: Path, name: str, piped: bool) -> Iterator[Asked]:
    """What each row of a file asks; `name` is what messages call the file."""
    with open_unpacked(file) as (stream, _):
        head = read_head(stream)[0]
    refuse_file(name, head)
    if _has_columns(head, bare=piped or ".txt" in file.suffixes[-2:]):
        yield from map(_asked, read_file(file))
        return
    text = _text(file, name)
    column = text.split("\n", 1)[0].strip().strip('"').casefold() in COLUMNS
    if not (column or piped or ".txt" in file.suffixes[-2:]):
        raise UserError(
            f"{name} is neither JSON, nor a table, nor a .txt with one question a line", MEND
        )
    for line, question in _lines(text)[column:]:
        yield Asked(f"{file.name}:{line}", [question])


def _has_columns(head: bytes, bare: bool) -> bool:
    """Whether a file is JSON, Parquet, Arrow or a table, and not one question a line.

    Questions contain commas too: where `bare` questions are likely, only a file that has one of
    `COLUMNS` in its header is a table.
    """
    if head.lstrip()[:1] in (b"{", b"[") or kind_of(head):
        return True
    text = head.decode("utf-8", "replace")
    delimiter = None if "\0" in text else delimiter_of(text)
    if delimiter is None:
        return False
    names = text.split("\n", 1)[0].casefold().split(delimiter)
    return not bare or any(name.strip().strip('"') in COLUMNS for name in names)


def _lines(text: str) -> list[tuple[int, str]]:
    """The lines of a text that are not blank, with their numbers; as CSV if there are quotes."""
    lines = list(enumerate(text.splitlines(), 1))
    if '"' in text:
        # In a single column a comma separates nothing; to a strict reader prose with quotes is not
        # CSV.
        rows = csv.reader(io.StringIO(text, newline=""), delimiter="\x1f", strict=True)
        with suppress(csv.Error):
            lines = [(rows.line_num - cells[0].count("\n"), cells[0]) for cells in rows if cells]
    return [(number, line) for number, line in lines if line.strip()]


def _text(file: Path, name: str) -> str:
    with open_unpacked(file) as (stream, _):
        content = stream.read()
    try:
        text = content.decode()
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise UserError(f"{name} is not UTF-8 text", "save it as UTF-8, one question a line")
    return text


def _asked(row: Record | RejectedRow) -> Asked:
    if isinstance(row, Record):
        return Asked(row.source, [texts(row.messages_json)["question"]])
    try:
        value = json.loads(row.text)
    except ValueError:
        return Asked(row.source, [], row.why)
    if isinstance(value, dict):
        return Asked(row.source, _bare(value))
    if row.reason is Rejection.unreadable:  # the cells of a broken row of a table
        return Asked(row.source, [], row.why)
    listed = value if isinstance(value, list) else [value]
    return Asked(row.source, [text for text in listed if isinstance(text, str)])


def _bare(row: dict[str, Any]) -> list[str]:
    """The questions of a row that is not a conversation."""
    cells = snake_case_columns(row)
    for name in COLUMNS:
        asked = _instruction(cells) if name == "instruction" else _user_turns(cells.get(name))
        if whole := "\n".join(asked).strip():
            # MT-bench: a model answers the first turn alone, before it is asked the second.
            return [whole, asked[0]] if name == "turns" and len(asked) > 1 else [whole]
    return []


def _instruction(cells: dict[str, Any]) -> list[str]:
    """Instruction and input, joined as in a row of Alpaca's format."""
    instruction = cells.get("instruction")
    if not isinstance(instruction, str):
        return []
    return [with_context(cells, "instruction", instruction).text]


def _user_turns(value: Any) -> list[str]:
    """What the user says in a text, a list of texts, or a list of messages."""
    if isinstance(value, str):
        value = to_turns(value) or [value]
    if not isinstance(value, list):
        return []
    return [text for message in value if (text := _user_text(message))]


def _user_text(value: Any) -> str:
    """A text, or that of a user's message; the messages of Arena-Hard name no speaker."""
    if isinstance(value, str):
        return value.strip()
    message = (
        (to_turn(value) or to_turn({**value, "role": "user"})) if isinstance(value, dict) else None
    )
    if message is None or message["role"] != "user":
        return ""
    content = message["content"]
    parts = content if isinstance(content, list) else [{"text": content}]
    return "\n".join(str(part["text"]) for part in parts if part.get("text")).strip()
