"""ChatGPT's export, `conversations.json`: `{"mapping": {…}, "current_node": …}`."""

from typing import Any

from pipeline.readers.candidate import Candidate, LeftOut, Refused, Turn
from pipeline.readers.formats.branches import branch_to
from pipeline.readers.formats.left_out import is_empty
from pipeline.readers.formats.other_columns import holds_media, labelled_candidate
from pipeline.readers.formats.parts import media_kind, text_of_part
from pipeline.readers.formats.roles import role_of
from schemas.reasons import Rejection

TEXT_KINDS = frozenset(("text", "multimodal_text"))
TREE_COLUMNS = ("mapping", "current_node")


def to_candidates(row: Any) -> list[Candidate | Refused] | None:
    """The conversation that was shown last, or None when a row is no export of ChatGPT's."""
    if not isinstance(row, dict) or not isinstance(row.get("mapping"), dict):
        return None
    branch = branch_to(row["mapping"], row.get("current_node"), lambda node: node.get("parent"))
    messages = [message for node in branch.messages if (message := _message(node))]
    if not messages:
        return [Refused(Rejection.no_user_turn, "has no message in the branch that was shown")]
    turns: list[Turn] = []
    thoughts: list[str] = []
    fields = list(branch.left_out("mapping"))
    for message in messages:
        kind = message["content"].get("content_type", "text")
        role = role_of(_inner(message, "author").get("role"))
        if role == "assistant" and kind == "thoughts":
            thoughts += _thoughts(message["content"])
        elif not _is_shown(message, role, kind):
            fields += _unshown(message["content"], kind)
        elif isinstance(turn := _turn(message["content"], role), Refused):
            return [turn]
        elif turn["content"]:
            if role == "assistant" and thoughts:
                turn, thoughts = turn | {"reasoning": "\n".join(thoughts)}, []
            turns.append(turn)
            if _inner(message, "metadata").get("attachments"):
                fields.append(LeftOut("mapping.attachments", is_text=True))
    used = tuple(name for name in TREE_COLUMNS if name in row)
    return [labelled_candidate(row, turns, used=used, fields=tuple(dict.fromkeys(fields)))]


def _message(node: dict[str, Any]) -> dict[str, Any] | None:
    """The message of a node of the tree; None where it has none, as the root."""
    message = node.get("message")
    return message if isinstance(message, dict) and _inner(message, "content") else None


def _inner(message: dict[str, Any], name: str) -> dict[str, Any]:
    """An object in a message; an empty one where there is something else."""
    inner = message.get(name)
    return inner if isinstance(inner, dict) else {}


def _is_shown(message: dict[str, Any], role: Any, kind: Any) -> bool:
    """Whether people saw a message: no tool's, no call of a tool, nothing hidden."""
    is_hidden = _inner(message, "metadata").get("is_visually_hidden_from_conversation") is True
    to_all = message.get("recipient") in (None, "all")
    is_said = role in ("system", "user", "assistant") and kind in TEXT_KINDS
    return is_said and to_all and not is_hidden


def _unshown(content: dict[str, Any], kind: Any) -> list[LeftOut]:
    """A message that is no turn, as a part that is left out; none where it says nothing."""
    if kind == "user_editable_context":
        return [LeftOut("mapping.custom instructions", is_text=True)]
    said = (content.get(name) for name in ("parts", "text", "result", "content"))
    is_said = kind != "reasoning_recap" and not all(map(is_empty, said))
    if not is_said or content.get("parts") == [""]:
        return []
    return [LeftOut("mapping.tool and hidden messages", is_text=False)]


def _turn(content: dict[str, Any], role: Any) -> Turn | Refused:
    parts = content.get("parts")
    parts = parts if isinstance(parts, list) else [content.get("text")]
    texts: list[str] = []
    for part in parts:
        kind = str(part.get("content_type", "")) if isinstance(part, dict) else ""
        if kind == "audio_transcription":
            return holds_media("sound")
        if "image" in kind or "audio" in kind or "video" in kind:
            return holds_media(media_kind({"type": kind}) or "a picture")
        if (text := text_of_part(part)) is not None:
            texts.append(text)
    return {"role": role, "content": "\n".join(text for text in texts if text)}


def _thoughts(content: dict[str, Any]) -> list[str]:
    thoughts = content.get("thoughts")
    listed = thoughts if isinstance(thoughts, list) else []
    texts = [part.get("content") for part in listed if isinstance(part, dict)]
    return [text for text in texts if isinstance(text, str) and text]
