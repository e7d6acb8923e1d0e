"""The columns that stand beside a conversation: its system text, tools and labels."""

from collections.abc import Iterable
from typing import Any

from pipeline.readers.candidate import Candidate
from pipeline.readers.formats.calls import definitions
from pipeline.readers.formats.turns import Turn

LABEL_LENGTH = 40
"""Characters; a longer `category` is a description and names no domain."""


def labelled(row: dict[str, Any], said: list[Turn], rejected: str | None = None) -> Candidate:
    """The candidate of a row with the columns that stand beside the conversation."""
    tools = definitions(row.get("tools") or row.get("functions"))
    language = first_cell(row, ("language", "lang"))
    return Candidate(with_system(row, said), tools, language, _domain(row), rejected)


def with_system(row: dict[str, Any], said: list[Turn]) -> list[Turn]:
    """The turns with the text of a `system` column before them, unless they begin with one."""
    system = first_cell(row, ("system", "system_prompt"))
    if not isinstance(system, str) or not system.strip():
        return said
    begins = bool(said) and said[0]["role"] in ("system", "developer")
    return said if begins else [{"role": "system", "content": system}, *said]


def with_history(row: dict[str, Any], said: list[Turn]) -> list[Turn] | None:
    """The turns after the pairs of a `history` column; None when that is no list of pairs."""
    history = row.get("history")
    if not history:
        return said
    if not isinstance(history, list):
        return None
    before: list[Turn] = []
    for pair in history:
        if not isinstance(pair, list) or len(pair) != 2:
            return None
        before += [
            {"role": who, "content": text}
            for who, text in zip(("user", "assistant"), pair, strict=True)
        ]
    return before + said


def first_cell(row: dict[str, Any], names: Iterable[str]) -> Any:
    """The first cell under these names that says something; a table gives rows null ones."""
    for name in names:  # A loop: three times as fast as `next` of a generator, and asked often.
        if (cell := row.get(name)) is not None:
            return cell
    return None


def first_given(row: dict[str, Any], names: Iterable[str]) -> str | None:
    """The first of the columns that says something, else the first that is there at all."""
    empty = None
    for name in names:
        if name in row:
            if row[name] is not None:
                return name
            empty = empty or name
    return empty


def _domain(row: dict[str, Any]) -> Any:
    """A category such as `open_qa` is a domain too; a sentence is not."""
    if domain := row.get("domain"):
        return domain
    category = row.get("category")
    plain = isinstance(category, str) and len(category) <= LABEL_LENGTH and "\n" not in category
    return category if plain else None
