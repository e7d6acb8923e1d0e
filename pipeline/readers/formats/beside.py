"""The columns that stand beside a conversation: its system text, tools and labels."""

from typing import Any

from pipeline.readers.candidate import Candidate
from pipeline.readers.formats.calls import definitions
from pipeline.readers.formats.turns import Turn

LABEL_LENGTH = 40
"""Characters; a longer `category` is a description and names no domain."""


def labelled(row: dict[str, Any], said: list[Turn], rejected: str | None = None) -> Candidate:
    """The candidate of a row with the columns that stand beside the conversation."""
    return Candidate(
        with_system(row, said),
        tools=definitions(row.get("tools") or row.get("functions")),
        language=row.get("language", row.get("lang")),
        domain=row.get("domain", _category(row.get("category"))),
        rejected=rejected,
    )


def with_system(row: dict[str, Any], said: list[Turn]) -> list[Turn]:
    """The turns with the text of a `system` column before them, unless they begin with one."""
    system = row.get("system", row.get("system_prompt"))
    begins = bool(said) and said[0]["role"] in ("system", "developer")
    if begins or not isinstance(system, str) or not system.strip():
        return said
    return [{"role": "system", "content": system}, *said]


def with_history(row: dict[str, Any], said: list[Turn]) -> list[Turn] | None:
    """The turns after the pairs of a `history` column; None when that is no list of pairs."""
    history = row.get("history") or []
    if not isinstance(history, list):
        return None
    before = list[Turn]()
    for pair in history:
        if not isinstance(pair, list) or len(pair) != 2:
            return None
        before += [
            {"role": who, "content": text}
            for who, text in zip(("user", "assistant"), pair, strict=True)
        ]
    return before + said


def _category(value: Any) -> str | None:
    """A category such as `open_qa` is a domain; a sentence is not."""
    plain = isinstance(value, str) and len(value) <= LABEL_LENGTH and "\n" not in value
    return value if plain else None
