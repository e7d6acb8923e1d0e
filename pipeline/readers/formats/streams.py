"""A response that was logged as it was streamed: chunks, or the text of server-sent events."""

import json
from collections.abc import Iterable
from typing import Any

EVENT = "data:"
"""What each line of server-sent events begins with."""

DONE = "[DONE]"

STREAM_KEYS = ("streamed_data", "chunks", "events", "stream")
"""Keys of a response whose chunks a proxy has kept in a list."""

ANTHROPIC_EVENTS = frozenset(
    ("message_start", "content_block_start", "content_block_delta", "content_block_stop")
)


def events_of_text(text: str) -> list[Any] | None:
    """The chunks in the text of server-sent events; None for any other text."""
    if not text.lstrip().startswith((EVENT, "event:")):
        return None
    lines = (line.strip() for line in text.splitlines())
    bodies = [line.removeprefix(EVENT).strip() for line in lines if line.startswith(EVENT)]
    try:
        chunks = [json.loads(body) for body in bodies if body and body != DONE]
    except (ValueError, RecursionError):
        return None
    return chunks or None


def joined_chunks(chunks: Any) -> dict[str, Any] | None:
    """The message that chunks add up to; None when a list holds no chunks.

    OpenAI's chunks have a `delta`, its Responses API ends with the whole response, Anthropic names
    its events, and Gemini sends candidates of which each has the next parts.
    """
    if not isinstance(chunks, list) or not chunks:
        return None
    if not all(isinstance(chunk, dict) for chunk in chunks):
        return None
    whole = chunks[-1].get("response")
    if chunks[-1].get("type") == "response.completed" and isinstance(whole, dict):
        return whole
    if any(chunk.get("type") in ANTHROPIC_EVENTS for chunk in chunks):
        return _of_blocks(chunks)
    if (deltas := [*_firsts(chunks, "choices", "delta")]) and _have_only(chunks, "choices"):
        return _of_deltas(deltas)
    if len(chunks) > 1 and (contents := [*_firsts(chunks, "candidates", "content")]):
        parts = [part for content in contents for part in _list(content.get("parts"))]
        return {"role": "model", "parts": _one_text(parts)}
    return None


def _firsts(chunks: list[Any], key: str, inner: str) -> Iterable[dict[str, Any]]:
    """What the first alternative of each chunk says."""
    for chunk in chunks:
        choice = next(iter(_list(chunk.get(key))), None)
        if isinstance(choice, dict) and isinstance(choice.get(inner), dict):
            yield choice[inner]


def _have_only(chunks: list[Any], key: str) -> bool:
    """Whether each chunk is one of a stream: the last may count tokens and have no choice."""
    return all(isinstance(chunk.get(key), list) for chunk in chunks)


def _of_deltas(deltas: list[dict[str, Any]]) -> dict[str, Any]:
    message: dict[str, Any] = {"role": "assistant"}
    calls: dict[Any, dict[str, Any]] = {}
    for delta in deltas:
        for name in ("content", "reasoning_content", "reasoning", "refusal"):
            if isinstance(delta.get(name), str):
                message[name] = message.get(name, "") + delta[name]
        for call in _list(delta.get("tool_calls")):
            if isinstance(call, dict):
                _add_call(calls, call)
    message.setdefault("content", None)
    if calls:
        message |= {"tool_calls": list(calls.values()), "content": message["content"] or None}
    return message


def _add_call(calls: dict[Any, dict[str, Any]], piece: dict[str, Any]) -> None:
    """Add a piece of a call: the first has id and name, the others more of the arguments."""
    place = piece.get("index")
    place = place if isinstance(place, int) else len(calls)
    call = calls.setdefault(place, {"function": {"name": "", "arguments": ""}})
    if isinstance(piece.get("id"), str) and piece["id"]:
        call["id"] = piece["id"]
    function = piece.get("function")
    for name in ("name", "arguments"):
        if isinstance(function, dict) and isinstance(function.get(name), str):
            call["function"][name] += function[name]


def _of_blocks(events: list[dict[str, Any]]) -> dict[str, Any]:
    blocks: dict[Any, dict[str, Any]] = {}
    for event in events:
        place = event.get("index")
        place = place if isinstance(place, int) else 0
        start, delta = event.get("content_block"), event.get("delta")
        if isinstance(start, dict):
            blocks[place] = {**start, "pieces": ""}
        elif isinstance(delta, dict) and place in blocks:
            for name in ("text", "thinking"):
                if isinstance(delta.get(name), str):
                    blocks[place][name] = f"{blocks[place].get(name) or ''}{delta[name]}"
            if isinstance(delta.get("partial_json"), str):
                blocks[place]["pieces"] += delta["partial_json"]
    return {"role": "assistant", "content": [_with_input(block) for block in blocks.values()]}


def _with_input(block: dict[str, Any]) -> dict[str, Any]:
    """A block with the arguments of its call, which come as pieces of JSON text."""
    pieces = block.pop("pieces")
    return block | {"input": pieces} if pieces else block


def _one_text(parts: list[Any]) -> list[Any]:
    """Parts where plain texts that follow each other are one: chunks end within words."""
    joined: list[Any] = []
    for part in parts:
        last: Any = joined[-1] if joined else None
        if _is_text(part) and _is_text(last) and part.get("thought") == last.get("thought"):
            joined[-1] = last | {"text": last["text"] + part["text"]}
        else:
            joined.append(part)
    return joined


def _is_text(part: Any) -> bool:
    return isinstance(part, dict) and isinstance(part.get("text"), str)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
