"""Chats in a flat list of messages that make a tree: exports of llama.cpp's page, HuggingChat."""

from typing import Any

from pipeline.readers.candidate import Candidate, LeftOut, Refused
from pipeline.readers.formats.attached import attached_files
from pipeline.readers.formats.branches import branch_to
from pipeline.readers.formats.left_out import fields_left_out, is_label
from pipeline.readers.formats.other_columns import holds_media, labelled_candidate
from pipeline.readers.formats.turns import to_turns

TREE_FIELDS = frozenset(
    ("id", "parent", "children", "ancestors", "convId", "timestamp", "timings", "model",
     "createdAt", "updatedAt", "type", "extra", "files", "rootMessageId")
)  # fmt: skip
"""Fields that say how the tree hangs together, what the reply cost, or that are read here."""

FILE_FIELDS = ("extra", "files")


def to_candidates(row: Any) -> list[Candidate | Refused] | None:
    """The branch of a chat that was shown, or None when its messages are no tree."""
    messages = row.get("messages") if isinstance(row, dict) else None
    if not isinstance(messages, list) or not messages:
        return None
    if not isinstance(messages[0], dict) or "children" not in messages[0]:
        return None  # A cheap test: most lists of messages are no tree.
    if not all(map(_is_node, messages)):
        return None
    nodes = {message["id"]: message for message in messages}
    chat = row["conv"] if isinstance(row.get("conv"), dict) else {}
    branch = branch_to(nodes, chat.get("currNode"), _parent)
    fields = list(branch.left_out("messages"))
    shown: list[dict[str, Any]] = []
    for message in branch.messages:
        files = attached_files(message, FILE_FIELDS, "content")
        if files.media:
            return [holds_media(files.media)]
        if files.has_others:
            fields.append(LeftOut("messages.files", is_text=True))
        if message.get("type") != "root" and not _is_blank_system(message):
            shown.append(_plain(message, files.texts))
    turns = to_turns(shown)
    if not turns:
        return None
    labels = {f"conv.{name}": cell for name, cell in chat.items() if is_label(cell)}
    fields += fields_left_out("messages", shown)
    used, others = ("messages", "conv"), {**labels, **row}
    return [labelled_candidate(others, turns, used=used, fields=tuple(dict.fromkeys(fields)))]


def _is_node(message: Any) -> bool:
    if not isinstance(message, dict) or not isinstance(message.get("id"), str):
        return False
    has_parent = "parent" in message or isinstance(message.get("ancestors"), list)
    return has_parent and isinstance(message.get("children"), list)


def _parent(message: dict[str, Any]) -> Any:
    if "parent" in message:
        return message["parent"]
    return next(reversed(message["ancestors"]), None)


def _is_blank_system(message: dict[str, Any]) -> bool:
    speaker = message.get("role", message.get("from"))
    return speaker == "system" and not str(message.get("content") or "").strip()


def _plain(message: dict[str, Any], texts: list[str]) -> dict[str, Any]:
    """A message without the fields of the tree, and with the texts of its files behind it."""
    plain = {name: message[name] for name in message if name not in TREE_FIELDS}
    if texts and isinstance(plain.get("content"), str):
        plain["content"] = "\n\n".join([plain["content"], *texts])
    return plain
