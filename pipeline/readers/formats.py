"""The format of one row: the first that recognises it turns it into a record.

A format is a function that takes a row (parsed JSON, or a CSV row as a dict) and returns messages
in OpenAI's chat form, or None when the row is not its own.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from pipeline.readers import alpaca, messages, question_answer, sharegpt
from schemas.reasons import Rejection
from schemas.record import Record

Reader = Callable[[Any], list[dict[str, Any]] | None]

FORMATS: dict[str, Reader] = {
    "messages": messages.read,
    "sharegpt": sharegpt.read,
    "alpaca": alpaca.read,
    "question_answer": question_answer.read,
}
"""In the order in which they are asked."""


@dataclass(frozen=True)
class Refused:
    """Why a row cannot be a record, in one sentence."""

    reason: Rejection
    why: str


def to_record(row: Any, source: str) -> Record | Refused:
    """The record of one row, or why there is none."""
    for read in FORMATS.values():
        turns = read(row)
        if turns is not None:
            return _validated(row, turns, source)
    keys = ", ".join(sorted(map(str, row)))[:80] if isinstance(row, dict) else type(row).__name__
    known = ", ".join(FORMATS)
    return Refused(Rejection.unknown_format, f"has {keys or 'no fields'}; none of {known} fits")


def _validated(row: Any, turns: list[dict[str, Any]], source: str) -> Record | Refused:
    labels = row if isinstance(row, dict) else {}
    try:
        record = Record.model_validate(
            {
                "messages": turns,
                "tools": _tools(labels.get("tools")),
                "source": source,
                "language": _label(labels.get("language")),
                "domain": _label(labels.get("domain")),
            }
        )
    except ValidationError as error:
        return Refused(Rejection.unreadable, _sentence(error))
    if not _is_text(record):
        return Refused(Rejection.unreadable, "holds half of a character (a lone surrogate)")
    roles = {message.role for message in record.messages}
    if "user" not in roles:
        return Refused(Rejection.no_user_turn, "has no message of a user")
    if "assistant" not in roles:
        return Refused(Rejection.no_assistant_turn, "has no reply of an assistant")
    return record


def _is_text(record: Record) -> bool:
    """`"\\ud800"` is good JSON and no text: no file can hold it."""
    labels = f"{record.language}{record.domain}"
    try:
        f"{record.messages_json}{record.tools_json}{labels}".encode()
    except UnicodeEncodeError:
        return False
    return True


def _label(value: Any) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def _tools(value: Any) -> Any:
    """Tools as a list; some tools write them as a JSON string, `[]` for none."""
    if isinstance(value, str):
        return messages.parse_json(value) or ()
    return value or ()


def _sentence(error: ValidationError) -> str:
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"])
    return f"{place}: {first['msg'].removeprefix('Value error, ')}"
