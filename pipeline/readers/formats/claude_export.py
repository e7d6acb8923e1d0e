"""Claude's export, `conversations.json`: `{"chat_messages": [{"sender": "human", …}, …]}`."""

from typing import Any

from pipeline.readers.candidate import Candidate, LeftOut, Refused
from pipeline.readers.formats.attached import attached_files
from pipeline.readers.formats.branches import Branch, branch_to
from pipeline.readers.formats.left_out import fields_left_out, is_empty
from pipeline.readers.formats.other_columns import holds_media, labelled_candidate
from pipeline.readers.formats.parts import text_of_parts
from pipeline.readers.formats.turns import to_turns

COLUMN = "chat_messages"

FILE_FIELDS = ("attachments", "files", "files_v2")
"""Files of a message; an attachment has the text that was taken from it."""

READ_FIELDS = frozenset(
    ("uuid", "text", "content", "sender", "index", "created_at", "updated_at", "truncated",
     "parent_message_uuid", "stop_reason", "input_mode", *FILE_FIELDS)
)  # fmt: skip
"""Fields that are read, or say only where and when a message was written."""

SILENT_BLOCKS = frozenset(("token_budget", "flag"))
"""Blocks in which nobody says anything."""


def to_candidates(row: Any) -> list[Candidate | Refused] | None:
    """The branch of a chat that was shown, or None when a row is no export of Claude's."""
    messages = row.get(COLUMN) if isinstance(row, dict) else None
    if not isinstance(messages, list) or not all(isinstance(item, dict) for item in messages):
        return None
    branch = _shown(messages, row.get("current_leaf_message_uuid"))
    fields = list(branch.left_out(COLUMN))
    plain: list[dict[str, Any]] = []
    for message in branch.messages:
        files = attached_files(message, FILE_FIELDS, "extracted_content")
        if files.media:
            return [holds_media(files.media)]
        if files.has_others:
            fields.append(LeftOut(f"{COLUMN}.files", is_text=True))
        plain.append({"role": message.get("sender"), "content": _content(message, files.texts)})
    turns = to_turns(plain)
    if turns is None:
        return None
    others = [{name: m[name] for name in m if name not in READ_FIELDS} for m in branch.messages]
    fields += fields_left_out(COLUMN, others)
    used = (COLUMN, "current_leaf_message_uuid")
    return [labelled_candidate(row, turns, used=used, fields=tuple(dict.fromkeys(fields)))]


def _shown(messages: list[dict[str, Any]], last: Any) -> Branch:
    """The messages that were shown; all of them where they do not name their parents."""
    nodes = {str(message.get("uuid")): message for message in messages}
    if len(nodes) < len(messages) or not any(map(_parent, messages)):
        return Branch(messages, has_others=False)
    return branch_to(nodes, last, _parent)


def _parent(message: dict[str, Any]) -> Any:
    return message.get("parent_message_uuid")


def _content(message: dict[str, Any], texts: list[str]) -> Any:
    """What a message says, and behind it the texts of its files."""
    blocks = [block for block in _list(message.get("content")) if not _is_silent(block)]
    if is_empty(text_of_parts(blocks)) and all(_is_text(block) for block in blocks):
        blocks = [{"type": "text", "text": message.get("text") or ""}]
    return [*blocks, *({"type": "text", "text": text} for text in texts)]


def _is_silent(block: Any) -> bool:
    return isinstance(block, dict) and str(block.get("type")) in SILENT_BLOCKS


def _is_text(block: Any) -> bool:
    return isinstance(block, dict) and block.get("type") == "text"


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
