"""The content of a message: a text, or a list of parts in the spelling of any provider."""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from pipeline.readers.formats.calls import to_calls

THOUGHT_TYPES = frozenset({"reasoning", "thinking", "thought", "redacted_thinking"})
"""Types of parts that were thought before the reply."""

CALL_TYPES = frozenset({"tool_call"})
"""Types of parts that call a tool."""

TEXT_FIELDS = ("text", "value", "content")
"""Where a part has its text; the first that is a string counts."""

MEDIA_WORDS = {"image": "a picture", "audio": "sound", "video": "a video"}
"""What a part holds by a word in its type or its field: `input_image`, `image_url`."""


class ReadContent(NamedTuple):
    """What a message says, apart from its calls and its thoughts."""

    content: Any
    """A text, None, or a list of parts where some are not texts."""
    calls: list[Any]
    reasoning: str | None


def read_content(given: Any) -> ReadContent:
    """The text, the tool calls and the thoughts of a message's content."""
    if isinstance(given, bool | int | float):
        return ReadContent(None if given != given else json.dumps(given), [], None)
    if isinstance(given, dict):
        given = [given]
    if not isinstance(given, list):
        return ReadContent(given, [], None)
    parts: list[Any] = []
    calls: list[Any] = []
    thoughts: list[str] = []
    for part in given:
        kind = part.get("type") if isinstance(part, dict) else None
        if isinstance(kind, str) and kind in CALL_TYPES:
            call = part.get("value", part.get("tool_call", part.get("text")))
            calls += to_calls(call) or [call]
        elif isinstance(kind, str) and kind in THOUGHT_TYPES:
            thoughts += filter(None, [_thought(part)])
        else:
            text = text_of_part(part)
            parts.append(part if text is None else {"type": "text", "text": text})
    reasoning = "\n".join(thoughts) or None
    if all(text_of_part(part) is not None for part in parts):
        content = "\n".join(part["text"] for part in parts if part["text"])
        return ReadContent(content if parts or not calls else None, calls, reasoning)
    return ReadContent(parts, calls, reasoning)


def text_of_parts(given: Any) -> str | None:
    """A content that is nothing but text; None for anything else."""
    content = read_content(given).content
    return content if isinstance(content, str) else None


def text_of_part(part: Any) -> str | None:
    """The text of a part, whatever its type is called; None for a part that is no text."""
    if isinstance(part, str):
        return part
    if not isinstance(part, Mapping) or media_kind(part):
        return None
    return next((part[name] for name in TEXT_FIELDS if isinstance(part.get(name), str)), None)


def media_kind(part: Any) -> str | None:
    """`a picture`, `sound`, `a video` or `a file` for a part that holds one; None for others."""
    if not isinstance(part, Mapping):
        return None
    words = f"{part.get('type', '')} {' '.join(map(str, part))}".lower()
    kind = next((what for word, what in MEDIA_WORDS.items() if word in words), None)
    return kind or ("a file" if "file" in words or "document" in words else None)


def _thought(part: Mapping[str, Any]) -> str | None:
    fields = ("reasoning", "thinking", "text", "value", "content")
    return next((part[name] for name in fields if isinstance(part.get(name), str)), None)
