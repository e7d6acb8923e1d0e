"""The columns of a row that its format did not use: each goes into `meta`, or is named.

The rule that keeps readers honest: what a row holds is in the record or the user hears of it.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from pipeline.readers.candidate import LeftOut
from pipeline.readers.formats.beside import column_key
from pipeline.readers.formats.learning import mark_of
from pipeline.readers.formats.turns import unread_fields

LABEL_LENGTH = 100
"""Characters of the longest label: an id, a date, a link, a word."""

TEXT_WORDS = 5
"""A cell with as many words holds sentences."""

WIDE_CHARACTERS = 10
"""Characters outside of Latin, Greek and Cyrillic that count as a text: Chinese has no blanks."""


PLAIN_FIELDS = 2
"""A message with so many fields says who speaks and what, and nothing else."""


def meta_and_left_out(
    row: Mapping[str, Any], names: Iterable[str]
) -> tuple[dict[str, Any] | None, tuple[LeftOut, ...]]:
    """What a row holds in the columns that nothing used: labels, and columns left out."""
    meta: dict[str, Any] = {}
    left_out: list[LeftOut] = []
    for name in names:
        cell = row[name]
        if is_empty(cell):
            continue
        if is_label(cell):
            meta[name] = cell
        else:
            left_out.append(LeftOut(name, is_text(cell)))
    return meta or None, tuple(left_out)


def fields_left_out(column: str, messages: Any) -> tuple[LeftOut, ...]:
    """The fields of a list of messages that are not read, once each, with their column's name."""
    if not isinstance(messages, list) or not messages or not isinstance(messages[0], dict):
        return ()
    try:
        if max(map(len, messages)) == PLAIN_FIELDS:
            return ()
    except TypeError:  # Something in the list has no length.
        pass
    fields: dict[str, bool] = {}
    for message in messages:
        if not isinstance(message, dict) or len(message) == PLAIN_FIELDS:
            continue
        for name in unread_fields(tuple(message)):
            if not is_empty(message[name]) and mark_of(column_key(name), message[name]) is None:
                fields[name] = fields.get(name, False) or is_text(message[name])
    return tuple(LeftOut(f"{column}.{name}", text) for name, text in fields.items())


def is_empty(cell: Any) -> bool:
    """Whether a cell holds nothing: null, a blank text, or a list or object of such cells."""
    if cell is None:
        return True
    if isinstance(cell, str):
        return not cell or cell.isspace()
    if isinstance(cell, float):
        return cell != cell
    return isinstance(cell, list | dict) and not cell


def is_label(cell: Any) -> bool:
    """Whether a cell is an id, a number, a date, a link or a word, and no sentence."""
    if isinstance(cell, bool | int | float):
        return True
    if not isinstance(cell, str) or len(cell) > LABEL_LENGTH or not cell.isascii():
        return False
    return len(cell.split()) == 1


def is_text(cell: Any) -> bool:
    """Whether a cell holds sentences somewhere."""
    unseen: list[Any] = [cell]
    while unseen:  # A list that grows: a file may nest more deeply than Python can recurse.
        value = unseen.pop()
        if isinstance(value, str):
            wide = 0 if value.isascii() else sum(map("\u2e80".__le__, value))
            if len(value.split(None, TEXT_WORDS)) >= TEXT_WORDS or wide >= WIDE_CHARACTERS:
                return True
        elif isinstance(value, list | dict):
            unseen += _inner(value)
    return False


def _inner(value: list[Any] | dict[Any, Any]) -> Iterable[Any]:
    return value.values() if isinstance(value, dict) else value
