"""The turns before the ones of a row, in a column of their own: pairs, messages, or their text."""

import json
from typing import Any

from pipeline.readers.candidate import Turn
from pipeline.readers.formats.roles import column_side
from pipeline.readers.formats.transcript import transcript_turns
from pipeline.readers.formats.turns import as_text, to_turns


def history_turns(cell: Any) -> list[Turn] | None:
    """The turns of a history; None when it is none, or when it is empty.

    Understood are a list of pairs of question and answer, a list of messages, a list of texts that
    take turns, the JSON text of any of these, and a transcript with names before each turn.
    """
    if isinstance(cell, str):
        cell = _parsed(cell)
    if isinstance(cell, str):
        return transcript_turns(cell)
    if isinstance(cell, dict):
        cell = _lists_by_side(cell)
    if not isinstance(cell, list) or not cell:
        return None
    if all(isinstance(item, list | tuple) for item in cell):
        return _pairs(cell)
    if all(isinstance(item, str) for item in cell):
        return _alternating(cell)
    if all(isinstance(item, dict) for item in cell):
        return to_turns(cell) or _pairs_of_columns(cell)
    return None


def _pairs_of_columns(rows: list[dict[str, Any]]) -> list[Turn] | None:
    """The turns of objects with a column of the user and one of the assistant each."""
    pairs: list[Any] = []
    for row in rows:
        sides = {column_side(name): name for name in row if isinstance(name, str)}
        if not {"user", "assistant"} <= sides.keys():
            return None
        pairs.append([row[sides["user"]], row[sides["assistant"]]])
    return _pairs(pairs)


def _lists_by_side(cell: dict[str, Any]) -> Any:
    """Two lists of the same length, one of each side, as a list of pairs; else the cell itself."""
    sides = {column_side(name): texts for name, texts in cell.items()}
    asked, answered = sides.get("user"), sides.get("assistant")
    if isinstance(asked, list) and isinstance(answered, list) and len(asked) == len(answered):
        return [list(pair) for pair in zip(asked, answered, strict=True)]
    return cell


def _pairs(pairs: list[Any]) -> list[Turn] | None:
    texts: list[Any] = []
    for pair in pairs:
        if len(pair) != 2 or not all(text is None or isinstance(text, str) for text in pair):
            return None
        texts += pair
    return _alternating(texts)


def _alternating(texts: list[Any]) -> list[Turn] | None:
    """Texts of user and assistant in turn; the last one is a reply."""
    if len(texts) % 2:
        return None
    roles = ("user", "assistant") * (len(texts) // 2)
    return [
        {"role": role, "content": as_text(text) or ""}
        for role, text in zip(roles, texts, strict=True)
    ]


def _parsed(text: str) -> Any:
    if text.lstrip()[:1] != "[":
        return text
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text
