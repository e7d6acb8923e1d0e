"""What the response of a model says, in the shape of any API; `payloads` reads the request."""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from pipeline.readers.candidate import Turn
from pipeline.readers.formats.payloads import (
    DEEPEST,
    WRAPPERS_OF_PAYLOADS,
    is_payload,
    parsed_cell,
)
from pipeline.readers.formats.roles import role_of
from pipeline.readers.formats.streams import STREAM_KEYS, events_of_text, joined_chunks
from pipeline.readers.formats.turns import reply_turn, to_turns

TEXT_KEYS = (
    "output_text", "generated_text", "answer", "response", "text", "completion", "result",
    "generation", "output", "reply", "outputs",
)  # fmt: skip

RESPONSE_OBJECTS = frozenset(
    ("chat.completion", "chat.completion.chunk", "text_completion", "response")
)
"""What OpenAI writes under `object`."""


API_KEYS = frozenset(("choices", "candidates", "error"))
"""A response of an API that has one of these and no reply is no JSON that somebody asked for."""


class Failed(NamedTuple):
    """A response that is an error."""

    why: str


def is_api_response(value: Any) -> bool:
    """Whether a value can be nothing but the response of an API, whatever the question was.

    A model that is asked for JSON may answer `{"message": {"content": …}}`, or with an error of
    its own making; no one but an API answers with choices, candidates or the assistant's role.
    """
    if not isinstance(value, dict):
        return joined_chunks(value) is not None
    if value.get("object") in RESPONSE_OBJECTS or _is_assistants(value):
        return True
    choice = _first(value.get("choices"))
    if isinstance(choice, dict) and (choice.keys() & {"message", "delta", "finish_reason"}):
        return True
    candidate = _first(value.get("candidates"))
    if isinstance(candidate, dict) and isinstance(candidate.get("content"), dict):
        return "parts" in candidate["content"]
    return isinstance(value.get("content"), list) and "stop_reason" in value


def response_turns(value: Any, depth: int = 0) -> list[Turn] | Failed | None:
    """The turns that a response holds; `Failed` for an error, None when it is something else.

    A plain text is a reply.
    """
    is_json_text, value = isinstance(value, str), parsed_cell(value)
    if isinstance(value, str):
        events = events_of_text(value)
        message = joined_chunks(events)
        if message is None:
            return [reply_turn(value)] if value.strip() else None
        return response_turns(message, depth + 1)
    if isinstance(value, list):
        return _listed(value, depth)
    if not isinstance(value, dict) or depth > DEEPEST:
        return None
    if (error := value.get("error")) and (isinstance(error, dict) or not is_json_text):
        return Failed(error_text(error))
    known = _known_shape(value, depth)
    if known is not None:
        return known
    if "role" in value or value.get("type") in ("ai", "AIMessage"):
        return to_turns([value]) if not is_json_text or _is_assistants(value) else None
    for key in () if is_json_text else TEXT_KEYS:
        if isinstance(value.get(key), str) and value[key].strip():
            return [reply_turn(value[key])]
    inner = (
        value[key]
        for key in (*STREAM_KEYS, *WRAPPERS_OF_PAYLOADS, *TEXT_KEYS)
        if is_payload(value.get(key))
    )
    return next((turns for cell in inner if (turns := response_turns(cell, depth + 1))), None)


def _is_assistants(value: dict[str, Any]) -> bool:
    """Whether an object is a message of the assistant."""
    is_message = "content" in value or "tool_calls" in value or "parts" in value
    if not is_message:
        return False
    return role_of(value.get("role")) == "assistant" or value.get("type") in ("ai", "AIMessage")


def _known_shape(value: dict[str, Any], depth: int) -> list[Turn] | Failed | None:
    """The turns of a response whose keys tell which API it is of."""
    choice = _first(value.get("choices"))
    if isinstance(choice, dict):  # OpenAI
        if isinstance(choice.get("text"), str):
            return [reply_turn(choice["text"])]
        return to_turns([choice.get("message") or choice.get("delta")])
    candidate = _first(value.get("candidates"))
    if isinstance(candidate, dict) and isinstance(candidate.get("content"), dict):  # Gemini
        return to_turns([{"role": "model", **candidate["content"]}])
    output = value.get("output")
    if isinstance(output, list):  # OpenAI's Responses API
        return to_turns(output)
    if isinstance(output, dict) and isinstance(output.get("message"), dict):  # Bedrock
        return to_turns([output["message"]])
    if isinstance(value.get("content"), list) and "role" not in value:  # Anthropic
        return to_turns([{"role": "assistant", "content": value["content"]}])
    if isinstance(value.get("message"), dict):  # Ollama, Cohere
        return to_turns([{"role": "assistant", **value["message"]}])
    if isinstance(value.get("messages"), list):  # LangGraph: the whole conversation
        return to_turns(value["messages"])
    generations = value.get("generations")
    return _listed(generations, depth) if isinstance(generations, list) else None


def _listed(values: list[Any], depth: int) -> list[Turn] | Failed | None:
    """The turns of a list: of messages, of alternatives of which the first counts, or of lists."""
    if not values or depth > DEEPEST:
        return None
    if (message := joined_chunks(values)) is not None:
        return response_turns(message, depth + 1)
    first = values[0]
    if len(values) > 1 and all(isinstance(value, str) for value in values):
        return None  # Several answers, of which nobody says which one counts.
    if isinstance(first, list) or (isinstance(first, Mapping) and "generated_text" in first):
        return response_turns(first, depth + 1)
    turns = to_turns(values)
    return turns or response_turns(first, depth + 1)


def _first(values: Any) -> Any:
    return values[0] if isinstance(values, list) and values else None


def json_reply(cell: Any) -> list[Turn] | None:
    """The reply of a model that was asked for JSON: a cell that is the text of some object."""
    value = parsed_cell(cell)
    if not isinstance(cell, str) or value is cell:
        return None
    is_empty_response = isinstance(value, dict) and not value.keys().isdisjoint(API_KEYS)
    return None if is_empty_response else [reply_turn(cell)]


def json_string(text: str) -> str | None:
    """The text that is written between JSON's quotes; None for any other text."""
    if len(text) < 2 or not (text[0] == text[-1] == '"'):
        return None
    try:
        value = json.loads(text)
    except ValueError:
        return None
    return value if isinstance(value, str) else None


def error_text(error: Any) -> str:
    """What an error says, in a few words."""
    message = error.get("message") if isinstance(error, dict) else error
    return " ".join(str(message or error).split())[:80]
