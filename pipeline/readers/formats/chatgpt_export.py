"""ChatGPT's export, `conversations.json`: `{"mapping": {…}, "current_node": …}`."""

from typing import Any

from pipeline.readers.candidate import Candidate, LeftOut, Refused, Turn
from pipeline.readers.formats.other_columns import holds_media, labelled_candidate
from pipeline.readers.formats.parts import media_kind, text_of_part
from pipeline.readers.formats.roles import role_of
from schemas.reasons import Rejection

LONGEST_BRANCH = 100_000
"""Messages; a branch that is longer runs in a circle."""

TEXT_KINDS = frozenset(("text", "multimodal_text"))
TREE_COLUMNS = ("mapping", "current_node")


def to_candidates(row: Any) -> list[Candidate | Refused] | None:
    """The conversation that was shown last, or None when a row is no export of ChatGPT's."""
    if not isinstance(row, dict) or not isinstance(row.get("mapping"), dict):
        return None
    messages = _branch(row["mapping"], row.get("current_node"))
    if not messages:
        return [Refused(Rejection.no_user_turn, "has no message in the branch that was shown")]
    turns: list[Turn] = []
    thoughts: list[str] = []
    skipped = False
    for message in messages:
        kind = message["content"].get("content_type", "text")
        role = role_of((message.get("author") or {}).get("role"))
        if role == "assistant" and kind == "thoughts":
            thoughts += _thoughts(message["content"])
        elif not _is_shown(message, role, kind):
            skipped = skipped or _says_something(message["content"])
        elif isinstance(turn := _turn(message["content"], role), Refused):
            return [turn]
        elif turn["content"]:
            if role == "assistant" and thoughts:
                turn, thoughts = turn | {"reasoning": "\n".join(thoughts)}, []
            turns.append(turn)
    fields = (LeftOut("mapping.tool and hidden messages", is_text=False),) if skipped else ()
    columns = (name for name in TREE_COLUMNS if name in row)
    return [labelled_candidate(row, turns, used=tuple(columns), fields=fields)]


def _branch(mapping: dict[str, Any], node_id: Any) -> list[dict[str, Any]]:
    """The messages from the first to the current node; to the last leaf where none is named."""
    if node_id not in mapping:
        node_id = next(reversed(mapping), None)
    branch: list[dict[str, Any]] = []
    for _ in range(LONGEST_BRANCH):
        node = mapping.get(node_id) if isinstance(node_id, str) else None
        if not isinstance(node, dict):
            break
        message = node.get("message")
        if isinstance(message, dict) and isinstance(message.get("content"), dict):
            branch.append(message)
        node_id = node.get("parent")
    return branch[::-1]


def _is_shown(message: dict[str, Any], role: Any, kind: Any) -> bool:
    """Whether people saw a message: no tool's, no call of a tool, nothing hidden."""
    metadata = message.get("metadata") or {}
    is_hidden = metadata.get("is_visually_hidden_from_conversation") is True
    to_all = message.get("recipient") in (None, "all")
    return (
        role in ("system", "user", "assistant") and kind in TEXT_KINDS and to_all and not is_hidden
    )


def _turn(content: dict[str, Any], role: Any) -> Turn | Refused:
    parts = content.get("parts")
    parts = parts if isinstance(parts, list) else [content.get("text")]
    texts: list[str] = []
    for part in parts:
        kind = part.get("content_type", "") if isinstance(part, dict) else ""
        if "image" in kind or "audio" in kind or "video" in kind:
            return holds_media(media_kind({"type": kind}) or "a picture")
        if (text := text_of_part(part)) is not None:
            texts.append(text)
    return {"role": role, "content": "\n".join(text for text in texts if text)}


def _says_something(content: dict[str, Any]) -> bool:
    parts = content.get("parts") or [content.get("text")]
    return any(isinstance(part, str) and part.strip() for part in parts)


def _thoughts(content: dict[str, Any]) -> list[str]:
    thoughts = content.get("thoughts")
    listed = thoughts if isinstance(thoughts, list) else []
    return [part["content"] for part in listed if isinstance(part, dict) and part.get("content")]
