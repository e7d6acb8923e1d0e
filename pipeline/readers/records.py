"""Rows become records: a format makes candidates of a row, and each candidate is validated."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress
from functools import lru_cache, partial
from typing import Any

from pydantic import ValidationError

from pipeline.readers.candidate import Candidate, LeftOut, LeftOutCounts, Refused, Turn
from pipeline.readers.formats import formats_of, oasst, read_as
from pipeline.readers.formats.left_out import is_label
from pipeline.readers.formats.mapped import apply_mapping
from pipeline.readers.reading import DETECT, Reading
from pipeline.readers.speech import in_order
from prompts.pack import language_code
from schemas.reasons import Rejection
from schemas.record import Record, plain_record

JSON_KINDS = {list: "a list", str: "a text", bool: "true or false", type(None): "null"}
"""What a JSON value that is not an object is called."""


def to_records(
    row: Any, source: str, reading: Reading = DETECT, left_out: LeftOutCounts | None = None
) -> list[Record | Refused]:
    """Every record that a row holds, or why it holds none; never empty.

    Args:
        row: Parsed JSON, or a table's row as a dict.
        source: Its place, `file:line`.
        reading: What the user says of its file.
        left_out: Counts of the columns of which nothing is in the records, which grow.

    Raises:
        UserError: the format or the mapping that the user names does not exist.
    """
    return validate_candidates(candidates_of(row, reading), source, reading.domain, left_out)


def validate_candidates(
    candidates: Sequence[Candidate | Refused],
    source: str,
    domain: str | None = None,
    left_out: LeftOutCounts | None = None,
) -> list[Record | Refused]:
    """The candidates as records, or why one cannot be a record; as many as there are candidates.

    Args:
        candidates: What a reader made of a row, or of rows that belong together.
        source: The place of the row, `file:line`. Several candidates get numbers: `file:line#2`.
        domain: The domain of candidates that have none.
        left_out: Counts of what is in no record, which grow.
    """
    left_out = LeftOutCounts() if left_out is None else left_out
    if len(candidates) == 1:
        record = _validated(candidates[0], source, domain, left_out.cuts)
        if isinstance(candidates[0], Candidate):
            if candidates[0].cuts:
                left_out.cuts.update(candidates[0].cuts)
            if candidates[0].left_out:
                left_out.count(_left_out(candidates, [record]))
        return [record]
    records = [
        _validated(candidate, f"{source}#{number}", domain, left_out.cuts)
        for number, candidate in enumerate(candidates, 1)
    ]
    left_out.count(_left_out(candidates, records))
    for candidate in candidates:
        if isinstance(candidate, Candidate):
            left_out.cuts.update(candidate.cuts)
    return records


def _left_out(
    candidates: Sequence[Candidate | Refused], records: Sequence[Record | Refused]
) -> Iterable[LeftOut]:
    """What the records of one row leave out, each column once; a refused row keeps everything."""
    read = [
        candidate.left_out
        for candidate, record in zip(candidates, records, strict=True)
        if isinstance(candidate, Candidate) and isinstance(record, Record)
    ]
    if len(read) == 1:
        return read[0]
    return {part.column: part for parts in read for part in parts}.values()


def candidates_of(row: Any, reading: Reading) -> Sequence[Candidate | Refused]:
    """What a row holds, before it is validated; never empty. Arguments as `to_records`."""
    candidates = _candidates(row, reading)
    if reading.template is None:
        return candidates
    return reading.template.applied(row, candidates, partial(_candidates, reading=reading))


def _candidates(row: Any, reading: Reading) -> Sequence[Candidate | Refused]:
    if reading.mapping and not reading.is_of_messages:
        return apply_mapping(row, reading.mapping)
    if reading.format:
        return read_as(reading.format, row)
    if reading.trees == "all" and (paths := oasst.every_path(row)):
        return paths
    for format_to_candidates in formats_of(row):
        if candidates := format_to_candidates(row):
            return candidates
    return [Refused(Rejection.unknown_format, _unknown(row))]


def _unknown(row: Any) -> str:
    """What a row is that no format knows; --map is named only where it could read the row."""
    if not isinstance(row, dict):
        kind = JSON_KINDS.get(type(row), "a number")
        return f"is {kind}, not an object with fields"
    if row and all(str(name).isdecimal() for name in row):
        return (
            f"is a row of a table without a header, of {len(row)} columns; say what they hold:"
            " --map user=1,assistant=2"
        )
    keys = ", ".join(sorted(map(str, row)))[:80]
    texts = sum(isinstance(cell, str) and not is_label(cell) for cell in row.values())
    hint = "; if it is a conversation, name its columns with --map" if texts > 1 else ""
    return f"has {keys or 'no fields'}, none of which is known to hold a conversation{hint}"


def _validated(
    candidate: Candidate | Refused, source: str, domain: str | None, cuts: Counter[str]
) -> Record | Refused:
    if isinstance(candidate, Refused):
        return candidate
    turns = in_order(candidate.turns, cuts)
    if isinstance(turns, Refused):
        return turns
    record = _record(turns, {"source": source, **_labels(candidate, domain)})
    if isinstance(record, Refused):
        return record
    if missing := _missing_side(tuple([turn["role"] for turn in turns])):
        return missing
    if _nothing_to_learn(turns):
        why = "has no reply that is to be learnt: each is marked as bad, or has the weight 0"
        return Refused(Rejection.no_assistant_turn, why)
    return record


def _record(turns: list[Turn], labels: dict[str, Any]) -> Record | Refused:
    """The record of turns that are in order."""
    if "tools" not in labels and _are_plain(turns):
        with suppress(TypeError):  # Half of a character.
            record = plain_record(turns, labels)
            return record if len(labels) == 1 or _can_be_stored(record) else UNSTORABLE
    try:
        record = Record.model_validate({"messages": turns, **labels})
    except ValidationError as error:
        return Refused(Rejection.unreadable, _sentence(error))
    return record if _can_be_stored(record) else UNSTORABLE


def _are_plain(turns: list[Turn]) -> bool:
    """Whether each turn is a role and a text, and nothing else."""
    return all([len(turn) == 2 and type(turn["content"]) is str for turn in turns])


UNSTORABLE = Refused(
    Rejection.unreadable,
    "holds half of a character (a lone surrogate), or an integer over 64 bits",
)


def _labels(candidate: Candidate, domain: str | None) -> dict[str, Any]:
    """What stands beside the turns, where there is something: most rows have nothing."""
    labels: dict[str, Any] = {}
    if candidate.tools is not None:
        labels["tools"] = _tools(candidate.tools)
    if candidate.language is not None:
        labels["language"] = _language(candidate.language)
    if label := _label(candidate.domain) or domain:
        labels["domain"] = label
    if candidate.rejected is not None:
        labels["rejected"] = candidate.rejected
    if candidate.meta:
        labels["meta"] = {"columns": candidate.meta}
    return labels


def _nothing_to_learn(turns: list[Turn]) -> bool:
    """Whether no reply is to be learnt."""
    for turn in turns:
        if "learn" in turn:
            return not any(turn.get("learn", True) for turn in turns if turn["role"] == "assistant")
    return False


@lru_cache(maxsize=4096)
def _missing_side(roles: tuple[str, ...]) -> Refused | None:
    """Why turns of these roles are no conversation; None when both sides speak."""
    if "user" not in roles:
        return Refused(Rejection.no_user_turn, "has no message of a user")
    if "assistant" not in roles:
        return Refused(Rejection.no_assistant_turn, "has no reply of an assistant")
    return None


def _can_be_stored(record: Record) -> bool:
    """Whether a file can hold the record's texts; `"\\ud800"` is valid JSON, but not a text."""
    try:
        if record.language or record.domain or record.rejected:
            f"{record.language}{record.domain}{record.rejected}".encode()
        return bool(record.id)
    except (TypeError, UnicodeEncodeError):
        return False


def _language(value: Any) -> str | None:
    """A language label as ISO 639-1, if it is a code or an English name: `EN`, `German`."""
    label = _label(value)
    if label is None:
        return None
    return language_code(label) or re.split(r"[-_]", label.lower())[0]


def _label(value: Any) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def _tools(value: Any) -> Any:
    """Tools as a list. Some files write them as JSON text, with `[]` for none."""
    if isinstance(value, str):
        try:
            return json.loads(value) or ()
        except (ValueError, RecursionError):
            return ()
    return value or ()


def _sentence(error: ValidationError) -> str:
    """What a validator found, in words that name the turn and not the field of a model."""
    place = error.errors()[0]["loc"]
    if place[0] == "tools":
        return "tools is not a list of tool definitions; write them as OpenAI's API takes them"
    turn = f"turn {int(place[1]) + 1}" if len(place) > 1 and isinstance(place[1], int) else "a turn"
    if "tool_calls" in place:
        return f"{turn} calls a tool without a name; a call is a name and arguments"
    field = place[2] if len(place) > 2 else "content"
    return f"{turn} has a {field} that is not a text"
