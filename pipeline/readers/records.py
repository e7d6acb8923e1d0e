"""Rows become records: a format reads the row, and what it finds is validated."""

import json
import re
from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError

from pipeline.readers.candidate import Candidate, Refused
from pipeline.readers.formats import formats_of, oasst, read_as
from pipeline.readers.formats.mapped import apply_mapping
from pipeline.readers.reading import FOUND, Reading
from prompts.pack import language_code
from schemas.reasons import Rejection
from schemas.record import Record


def to_records(row: Any, source: str, reading: Reading = FOUND) -> list[Record | Refused]:
    """Every record that a row holds, or why it holds none; never empty.

    A row with several conversations numbers them: `file:line#2`.
    """
    found = _candidates(row, reading)
    several = len(found) > 1
    return [
        _validated(one, f"{source}#{number}" if several else source, reading.domain)
        for number, one in enumerate(found, 1)
    ]


def _candidates(row: Any, reading: Reading) -> Sequence[Candidate | Refused]:
    if isinstance(row, Refused):
        return [row]
    if reading.mapping and not reading.of_messages:
        return apply_mapping(row, reading.mapping)
    if reading.format:
        return read_as(reading.format, row)
    if reading.trees == "all" and (every := oasst.read_all(row)):
        return every
    for read in formats_of(row):
        found = read(row)
        if found:
            return found
    keys = ", ".join(sorted(map(str, row)))[:80] if isinstance(row, dict) else type(row).__name__
    why = f"has {keys or 'no fields'}; if it is a conversation, name its columns with --map"
    return [Refused(Rejection.unknown_format, why)]


def _validated(found: Candidate | Refused, source: str, domain: str | None) -> Record | Refused:
    if isinstance(found, Refused):
        return found
    try:
        record = Record.model_validate(
            {
                "messages": found.turns,
                "tools": _tools(found.tools),
                "source": source,
                "language": _language(found.language),
                "domain": _label(found.domain) or domain,
                "rejected": found.rejected,
            }
        )
    except ValidationError as error:
        return Refused(Rejection.unreadable, _sentence(error))
    if not _is_text(record):
        why = "holds half of a character (a lone surrogate), or an integer over 64 bits"
        return Refused(Rejection.unreadable, why)
    roles = {message.role for message in record.messages}
    if "user" not in roles:
        return Refused(Rejection.no_user_turn, "has no message of a user")
    if "assistant" not in roles:
        return Refused(Rejection.no_assistant_turn, "has no reply of an assistant")
    return record


def _is_text(record: Record) -> bool:
    """`"\\ud800"` is good JSON and no text: no file can hold it."""
    try:
        f"{record.language}{record.domain}{record.rejected}".encode()
        return bool(record.id)
    except (TypeError, UnicodeEncodeError):
        return False


def _language(value: Any) -> str | None:
    """A language label as ISO 639-1 where it is one, or an English name of one: `EN`, `German`."""
    label = _label(value)
    if label is None:
        return None
    return language_code(label) or re.split(r"[-_]", label.lower())[0]


def _label(value: Any) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def _tools(value: Any) -> Any:
    """Tools as a list; some tools write them as a JSON string, `[]` for none."""
    if isinstance(value, str):
        try:
            return json.loads(value) or ()
        except (ValueError, RecursionError):
            return ()
    return value or ()


def _sentence(error: ValidationError) -> str:
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"])
    return f"{place}: {first['msg'].removeprefix('Value error, ')}"
