"""The content of a message: a text, or a list of parts in the spelling of any provider.

OpenAI, Anthropic, Gemini, Bedrock, Cohere and the common trainers write tool calls, their results
and thoughts as parts; here they are told apart.
"""

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from pipeline.readers.candidate import Turn
from pipeline.readers.containers.python_literal import python_value
from pipeline.readers.formats.beside import MEDIA_ENDINGS
from pipeline.readers.formats.calls import to_calls

THOUGHT_TYPES = frozenset({"reasoning", "thinking", "thought", "redacted_thinking"})
"""Types of parts that were thought before the reply."""

THOUGHT_FIELDS = ("reasoning", "thinking", "text", "value", "content")

CALL_TYPES = frozenset({"tool_call", "tool_use", "toolUse", "functionCall", "function_call"})
"""Types of parts that call a tool; Gemini and Bedrock have a field of that name instead."""

RESULT_TYPES = frozenset({"tool_result", "toolResult", "functionResponse", "function_response"})
"""Types of parts with what a tool answered; the same."""

SILENT_TYPES = frozenset({"cachePoint", "step_start", "step_finish"})
"""Types of parts that say nothing."""

TEXT_FIELDS = ("text", "value", "content", "refusal")
"""Where a part has its text; the first that is a string counts."""

TYPES_OF_TEXT = frozenset({"text", "input_text", "output_text"})
MEDIA_TYPES = frozenset({"image", "image_url", "input_audio", "video", "file"})

MEDIA_WORDS = {"image": "a picture", "audio": "sound", "video": "a video"}
"""What a part holds by a word in its type or its field: `input_image`, `image_url`."""

FILE_WORDS = ("file", "document", "inline_data", "inlinedata")

FILE_NAME_FIELDS = ("file_name", "filename", "fileName", "name")
"""Where the description of a file has its name."""

MEDIA_KINDS = (("image/", "a picture"), ("audio/", "sound"), ("video/", "a video"))
"""The same by the beginning of its MIME type."""


class ReadContent(NamedTuple):
    """What a message says, apart from its calls, its results and its thoughts."""

    content: Any
    """A text, None, or a list of parts where some are not texts."""
    calls: list[Any]
    reasoning: str | None
    results: list[Turn]
    """Turns of tools, in order."""


def read_content(given: Any) -> ReadContent:
    """The text, the tool calls and results, and the thoughts of a message's content."""
    if isinstance(given, bool | int | float):
        return ReadContent(None if given != given else json.dumps(given), [], None, [])
    if isinstance(given, dict):
        given = [given]
    if not isinstance(given, list):
        return ReadContent(given, [], None, [])
    parts: list[Any] = []
    calls: list[Any] = []
    thoughts: list[str] = []
    results: list[Turn] = []
    for part in given:
        kind, inner = _kind(part)
        if kind in CALL_TYPES:
            calls += to_calls(inner) or [inner]
        elif kind in RESULT_TYPES:
            results.append(_result(inner))
        elif kind in THOUGHT_TYPES:
            thoughts += filter(None, [_thought(inner)])
        elif kind not in SILENT_TYPES:
            text = text_of_part(part)
            parts.append(part if text is None else {"type": "text", "text": text})
    reasoning = "\n".join(thoughts) or None
    if all(text_of_part(part) is not None for part in parts):
        content = "\n".join(part["text"] for part in parts if part["text"])
        is_said = parts or not (calls or results)
        return ReadContent(content if is_said else None, calls, reasoning, results)
    return ReadContent(parts, calls, reasoning, results)


def text_of_parts(given: Any) -> str | None:
    """A content that is nothing but text; None for anything else."""
    if isinstance(given, Mapping) and isinstance(given.get("parts"), list):
        given = given["parts"]  # Gemini's system instruction.
    content = read_content(given).content
    return content if isinstance(content, str) else None


def parts_of_text(text: str) -> list[Any] | None:
    """The parts that a text is the JSON or the Python literal of; None for any other text.

    Each must be of a known type, for somebody may ask about any list of objects.
    """
    if text[-2:] != "}]" or "type" not in text:
        return None
    try:
        parts = json.loads(text)
    except (ValueError, RecursionError):
        parts = python_value(text)
    return parts if isinstance(parts, list) and all(map(_is_typed, parts)) else None


def _is_typed(part: Any) -> bool:
    kind = part.get("type") if isinstance(part, dict) else None
    if not isinstance(kind, str):
        return False
    is_text = kind in TYPES_OF_TEXT and isinstance(part.get("text"), str)
    return is_text or _known_kind(kind) is not None or (kind in MEDIA_TYPES and kind in part)


def text_of_part(part: Any) -> str | None:
    """The text of a part, whatever its type is called; None for a part that is no text."""
    if isinstance(part, str):
        return part
    if not isinstance(part, Mapping) or media_kind(part):
        return None
    for name in TEXT_FIELDS:
        text = part.get(name)
        if isinstance(text, Mapping):  # OpenAI's Assistants API: `{"text": {"value": …}}`.
            text = text.get("value")
        if isinstance(text, str):
            return text
    return None


def media_kind(part: Any) -> str | None:
    """`a picture`, `sound`, `a video` or `a file` for a part that holds one; None for others."""
    if not isinstance(part, Mapping):
        return None
    words = f"{part.get('type', '')} {' '.join(map(str, part))}".lower()
    kind = next((what for word, what in MEDIA_WORDS.items() if word in words), None)
    if kind or not any(word in words for word in FILE_WORDS):
        return kind
    whole = str(part)[:1000].lower()
    return next((what for beginning, what in MEDIA_KINDS if beginning in whole), "a file")


def kind_of_files(cell: Any) -> str | None:
    """What the first file of a cell holds, if it is a picture, sound or a video; else None."""
    for item in cell if isinstance(cell, list) else [cell]:
        if isinstance(item, str):
            held = None if " " in item.strip() else _kind_of_name(item)
        else:
            held = media_kind(item)
            held = _kind_of_name(_file_name(item)) if held in (None, "a file") else held
        if held:
            return held
    return None


def _kind_of_name(name: str) -> str | None:
    """What a file of this name holds; None for anything but a picture, sound or a video."""
    name = name.strip().lower()
    kinds = MEDIA_ENDINGS.items()
    return next((kind for kind, endings in kinds if name.endswith(endings)), None)


def _file_name(item: Any) -> str:
    """The name of a file that is described by an object; blank where it has none."""
    names = (item.get(field) for field in FILE_NAME_FIELDS) if isinstance(item, Mapping) else ()
    return next((name for name in names if isinstance(name, str)), "")


def _kind(part: Any) -> tuple[str, Any]:
    """What a part is, and where its fields are: in itself, or in a field of that name."""
    if not isinstance(part, dict):
        return "", part
    kind = part.get("type")
    if isinstance(kind, str) and (known := _known_kind(kind)):
        if known == "tool_call" and "toolName" not in part:  # llamafactory: JSON text.
            return known, part.get("value", part.get("tool_call", part.get("text", part)))
        return known, part
    if part.get("thought") is True:  # Gemini
        return "thought", part
    for name in ("functionCall", "function_call", "toolUse", "functionResponse",
                 "function_response", "toolResult", "cachePoint"):  # fmt: skip
        if isinstance(part.get(name), dict):
            return name, part[name]
    if isinstance(part.get("reasoningContent"), dict):  # Bedrock
        return "reasoning", part["reasoningContent"].get("reasoningText") or {}
    return "", part


@lru_cache(maxsize=1024)
def _known_kind(kind: str) -> str | None:
    """The type of a part in one spelling, if it is more than text; None for any other.

    Anthropic's own tools are `server_tool_use` and `web_search_tool_result`; Vercel's AI SDK
    writes hyphens.
    """
    kind = kind.replace("-", "_")
    if kind in CALL_TYPES | RESULT_TYPES | THOUGHT_TYPES | SILENT_TYPES:
        return kind
    endings = ("tool_use", "tool_result")
    return next((ending for ending in endings if kind.endswith(f"_{ending}")), None)


def split_at_results(given: list[Any]) -> list[list[Any]]:
    """The parts of one message in pieces, of which each ends with results of tools.

    An assistant that calls a tool, sees its result and answers, all in one message, has said two
    things: the call, and the answer behind the result.
    """
    pieces: list[list[Any]] = [[]]
    was_result = False
    for part in given:
        is_result = _kind(part)[0] in RESULT_TYPES
        if was_result and not is_result:
            pieces.append([])
        pieces[-1].append(part)
        was_result = is_result
    return pieces


def _result(given: Mapping[str, Any]) -> Turn:
    """The turn of a tool that answers a call."""
    names = ("content", "response", "output", "result", "value", "text")
    output = next((given[name] for name in names if given.get(name) is not None), "")
    text = output if isinstance(output, str) else _result_text(output)
    turn: Turn = {"role": "tool", "content": text}
    ids = ("tool_use_id", "toolUseId", "tool_call_id", "toolCallId", "call_id", "id")
    call_id = next((given[name] for name in ids if isinstance(given.get(name), str)), None)
    turn |= {"tool_call_id": call_id} if call_id else {}
    name = given.get("name", given.get("toolName"))
    return turn | {"name": name} if isinstance(name, str) and name else turn


def _result_text(output: Any) -> str:
    """What a tool answered, as text: parts of text one after the other, anything else as JSON."""
    if isinstance(output, list) and output:
        texts = [text_of_part(part) for part in output]
        if all(text is not None for text in texts):
            return "\n".join(filter(None, texts))
        if len(output) == 1 and isinstance(output[0], dict) and "json" in output[0]:  # Bedrock
            output = output[0]["json"]
    if isinstance(output, dict) and len(output) == 1:
        inner = next(iter(output.values()))
        if isinstance(inner, str):
            return inner
    try:
        return json.dumps(output, ensure_ascii=False)
    except (TypeError, RecursionError):
        return str(type(output).__name__)


def _thought(part: Any) -> str | None:
    if isinstance(part, str):
        return part
    return next((part[name] for name in THOUGHT_FIELDS if isinstance(part.get(name), str)), None)
