"""Open WebUI's export: `{"chat": {"history": {"messages": {…}}}}`; LM Studio's too."""

import re
from typing import Any

from pipeline.readers.candidate import Candidate, Refused
from pipeline.readers.formats.branches import Branch, branch_to
from pipeline.readers.formats.left_out import fields_left_out
from pipeline.readers.formats.other_columns import holds_media, labelled_candidate
from pipeline.readers.formats.parts import kind_of_files, text_of_part
from pipeline.readers.formats.turns import to_turns

TREE_FIELDS = frozenset(
    ("id", "parentId", "childrenIds", "timestamp", "models", "model", "modelName", "modelIdx",
     "done", "userContext", "lastSentence", "info", "usage")
)  # fmt: skip
"""Fields that say how the tree hangs together, and what the reply cost."""

THOUGHTS = re.compile(
    r"<details type=\"reasoning\"[^>]*>\s*(?:<summary>.*?</summary>)?(.*?)</details>\s*", re.DOTALL
)
"""How the page shows what was thought; each line of it is quoted."""

QUOTE_MARK = re.compile(r"^> ?", re.MULTILINE)


def to_candidates(row: Any) -> list[Candidate | Refused] | None:
    """The branch of a chat that was shown, or None when a row is no export of these programs."""
    if not isinstance(row, dict):
        return None
    chat = row.get("chat")
    if not isinstance(chat, dict):
        return _lm_studio(row)
    branch = _shown(chat)
    if branch is None:
        return None
    files = [file for message in branch.messages for file in _list(message.get("files"))]
    if kind := kind_of_files(files):
        return [holds_media(kind)]
    messages = [_plain(message) for message in branch.messages]
    turns = to_turns(messages) if messages else None
    if turns is None:
        return None
    labels = {name: chat[name] for name in ("title", "system", "params") if name in chat}
    params = labels.pop("params", None)
    if isinstance(params, dict) and params.get("system"):
        labels["system"] = params["system"]
    fields = (*branch.left_out("chat"), *fields_left_out("chat.messages", messages))
    return [labelled_candidate({**labels, **row}, turns, used=("chat",), fields=fields)]


def _shown(chat: dict[str, Any]) -> Branch | None:
    """The messages from the first to the current one; the list of them where there is no tree."""
    history = chat.get("history")
    tree = history.get("messages") if isinstance(history, dict) else None
    if isinstance(history, dict) and isinstance(tree, dict) and tree:
        return branch_to(tree, history.get("currentId"), lambda node: node.get("parentId"))
    messages = chat.get("messages")
    if not isinstance(messages, list) or not all(isinstance(item, dict) for item in messages):
        return None
    return Branch(messages, has_others=False)


def _plain(message: dict[str, Any]) -> dict[str, Any]:
    """A message without the fields of the tree, and with its thoughts in a field of their own."""
    plain = {name: message[name] for name in message if name not in TREE_FIELDS}
    content = plain.get("content")
    if not isinstance(content, str) or not content.startswith("<details"):
        return plain
    thoughts = [QUOTE_MARK.sub("", text).strip() for text in THOUGHTS.findall(content)]
    if not thoughts:
        return plain
    return plain | {"content": THOUGHTS.sub("", content), "reasoning": "\n".join(thoughts)}


def _lm_studio(row: dict[str, Any]) -> list[Candidate | Refused] | None:
    """The conversation of an export of LM Studio's; None for any other row."""
    messages = _versions(row.get("messages"))
    turns = to_turns(messages) if messages else None
    if turns is None:
        return None
    has_others = any(len(message["versions"]) > 1 for message in row["messages"])
    fields = Branch([], has_others).left_out("messages")
    return [labelled_candidate(row, turns, used=("messages",), fields=fields)]


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
        version = versions[place if isinstance(place, int) and 0 <= place < len(versions) else 0]
        if not isinstance(version, dict):
            return None
        content = version.get("content") or _blocks(version.get("steps"))
        shown.append({"role": version.get("role"), "content": content})
    return shown


def _blocks(steps: Any) -> list[Any]:
    """The parts of a version in steps, of which some were thought."""
    parts: list[Any] = []
    for step in _list(steps):
        blocks = step.get("content") if isinstance(step, dict) else None
        style = step.get("style") if isinstance(step, dict) else None
        is_thought = isinstance(style, dict) and style.get("type") == "thinking"
        for block in _list(blocks):
            text = text_of_part(block) if is_thought else None
            parts.append(block if text is None else {"type": "thinking", "thinking": text})
    return parts


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
