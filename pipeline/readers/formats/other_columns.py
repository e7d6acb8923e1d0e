"""The columns around a conversation: system text, history, tools and labels."""

from collections.abc import Iterable
from typing import Any

from pipeline.readers.candidate import Candidate, Turn
from pipeline.readers.formats.calls import tool_definitions

DOMAIN_LENGTH = 40
"""Characters; a longer `category` is a description and does not name a domain."""


def labelled_candidate(
    row: dict[str, Any], turns: list[Turn], rejected: str | None = None
) -> Candidate:
    """The candidate of these turns with the row's system text, tools, language and domain.

    `rejected` is the reply that a preference row turns down.
    """
    tools = tool_definitions(row.get("tools") or row.get("functions"))
    language = first_cell(row, ("language", "lang"))
    return Candidate(with_system(row, turns), tools, language, _domain(row), rejected)


def with_system(row: dict[str, Any], turns: list[Turn]) -> list[Turn]:
    """The turns with the text of a `system` column before them, unless they begin with one."""
    system = first_cell(row, ("system", "system_prompt"))
    if not isinstance(system, str) or not system.strip():
        return turns
    begins_with_system = bool(turns) and turns[0]["role"] in ("system", "developer")
    return turns if begins_with_system else [{"role": "system", "content": system}, *turns]


def with_history(row: dict[str, Any], turns: list[Turn]) -> list[Turn] | None:
    """The turns after the pairs of a `history` column; None when that is not a list of pairs."""
    history = row.get("history")
    if not history:
        return turns
    if not isinstance(history, list):
        return None
    earlier: list[Turn] = []
    for pair in history:
        if not isinstance(pair, list) or len(pair) != 2:
            return None
        question, answer = pair
        earlier.append({"role": "user", "content": question})
        earlier.append({"role": "assistant", "content": answer})
    return earlier + turns


def first_cell(row: dict[str, Any], names: Iterable[str]) -> Any:
    """The first cell under these names that is not null; None when there is none."""
    for name in names:  # A loop: three times as fast as `next` of a generator, and asked often.
        if (cell := row.get(name)) is not None:
            return cell
    return None


def first_column(row: dict[str, Any], names: Iterable[str]) -> str | None:
    """The first of these columns whose cell is not null, else the first that exists at all."""
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
    if isinstance(category, str) and len(category) <= DOMAIN_LENGTH and "\n" not in category:
        return category
    return None
