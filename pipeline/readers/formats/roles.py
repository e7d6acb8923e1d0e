"""The words that files use for who is speaking, and the columns beside a conversation."""

from typing import Any

from pipeline.readers.candidate import Candidate

ROLES = {
    "system": "system",
    "developer": "developer",
    **dict.fromkeys(("user", "human", "prompter", "customer", "question"), "user"),
    **dict.fromkeys(
        ("assistant", "gpt", "bot", "model", "chatgpt", "chatbot", "agent", "answer"), "assistant"
    ),
    **dict.fromkeys(("tool", "function", "observation", "function_response"), "tool"),
}
"""In lower case; met in public files or known to the common trainers. An unknown word is left as it
is, so that validation names it rather than a guess hiding it."""


def labelled(row: dict[str, Any], turns: list[dict[str, Any]]) -> Candidate:
    """The candidate of a row with the columns that stand beside the conversation."""
    return Candidate(
        with_system(row, turns),
        tools=row.get("tools"),
        language=row.get("language"),
        domain=row.get("domain"),
    )


def with_system(row: dict[str, Any], turns: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The turns with the text of a `system` column before them, unless they begin with one."""
    system = row.get("system")
    begins = bool(turns) and turns[0]["role"] in ("system", "developer")
    if begins or not isinstance(system, str) or not system.strip():
        return turns
    return [{"role": "system", "content": system}, *turns]


def role(word: object) -> object:
    """OpenAI's name of a role, whatever the file calls it."""
    return ROLES.get(word.strip().lower(), word) if isinstance(word, str) else word
