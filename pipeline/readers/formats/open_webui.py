"""Open WebUI's export: `{"chat": {"history": {"messages": {…}}}}`; LM Studio's too."""

from typing import Any

from pipeline.readers.candidate import Candidate, LeftOut, Refused
from pipeline.readers.formats.left_out import fields_left_out
from pipeline.readers.formats.other_columns import labelled_candidate
from pipeline.readers.formats.turns import to_turns

LONGEST_CHAT = 100_000
"""Messages; a chat that is longer runs in a circle."""


def to_candidates(row: Any) -> list[Candidate | Refused] | None:
    """The branch of a chat that was shown, or None when a row is no export of these programs."""
    if not isinstance(row, dict):
        return None
    chat = row.get("chat")
    messages = _shown(chat) if isinstance(chat, dict) else _versions(row.get("messages"))
    turns = to_turns(messages) if messages else None
    if turns is None:
        return None
    column = "chat" if isinstance(chat, dict) else "messages"
    fields: tuple[LeftOut, ...] = ()
    others = row
    if isinstance(chat, dict):
        fields = fields_left_out("chat.messages", messages)
        labels = {name: chat[name] for name in ("title", "system", "params") if name in chat}
        params = labels.pop("params", None)
        if isinstance(params, dict) and params.get("system"):
            labels["system"] = params["system"]
        others = {**labels, **row}
    return [labelled_candidate(others, turns, used=(column,), fields=fields)]


def _shown(chat: dict[str, Any]) -> list[Any] | None:
    """The messages from the first to the current one; the list of them where there is no tree."""
    history = chat.get("history")
    tree = history.get("messages") if isinstance(history, dict) else None
    if not isinstance(history, dict) or not isinstance(tree, dict) or not tree:
        messages = chat.get("messages")
        return messages if isinstance(messages, list) else None
    own = history.get("currentId")
    own = own if own in tree else next(reversed(tree))
    branch: list[Any] = []
    for _ in range(LONGEST_CHAT):
        message = tree.get(own) if isinstance(own, str) else None
        if not isinstance(message, dict):
            break
        branch.append({name: message[name] for name in message if name not in TREE_FIELDS})
        own = message.get("parentId")
    return branch[::-1]


TREE_FIELDS = frozenset(
    ("id", "parentId", "childrenIds", "timestamp", "models", "model", "modelName", "modelIdx",
     "done", "userContext", "lastSentence", "info", "usage")
)  # fmt: skip
"""Fields that say how the tree hangs together, and what the reply cost."""


def _versions(messages: Any) -> list[Any] | None:
    """LM Studio's messages, of which each has several versions; None for any other list."""
    if not isinstance(messages, list) or not messages:
        return None
    shown = []
    for message in messages:
        versions = message.get("versions") if isinstance(message, dict) else None
        if not isinstance(versions, list) or not versions:
            return None
        place = message.get("currentlySelected")
        version = versions[place if isinstance(place, int) and place < len(versions) else 0]
        if not isinstance(version, dict):
            return None
        steps = version.get("steps")
        blocks = [step.get("content") for step in steps or [] if isinstance(step, dict)]
        content = [part for block in blocks if isinstance(block, list) for part in block]
        shown.append({"role": version.get("role"), "content": version.get("content") or content})
    return shown
