"""What a request to a model asked, and what the response says, in the shape of any API.

OpenAI's chat, completions and responses, Anthropic, Gemini, Bedrock, Cohere, Ollama, Hugging Face,
LangChain: all of them hold messages, only under other names.
"""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from pipeline.readers.candidate import Turn
from pipeline.readers.formats.parts import text_of_parts
from pipeline.readers.formats.turns import reply_turn, to_turns

WRAPPERS_OF_PAYLOADS = ("body", "data", "payload", "json", "kwargs", "params", "value", "content")
"""Keys that only wrap a payload; looked into at most `DEEPEST` times."""

DEEPEST = 4

MESSAGE_KEYS = ("messages", "contents", "input", "inputs", "prompt", "chat_history", "conversation")
QUESTION_KEYS = ("message", "question", "query", "text", "user_input", "user_message")
SYSTEM_KEYS = ("system", "systemInstruction", "system_instruction", "instructions", "preamble")
TOOL_KEYS = ("tools", "functions", "toolConfig")
TEXT_KEYS = (
    "output_text", "generated_text", "answer", "response", "text", "completion", "result",
    "generation", "output", "reply", "outputs",
)  # fmt: skip


class RequestPart(NamedTuple):
    """What a request asked."""

    turns: list[Turn]
    tools: Any = None


class Failed(NamedTuple):
    """A response that is an error."""

    why: str


def parsed_cell(cell: Any) -> Any:
    """The value of a cell that is the JSON text of an object or a list; any other cell as it is."""
    if not isinstance(cell, str):
        return cell
    text = cell.strip()
    if text[:1] + text[-1:] not in ("{}", "[]"):
        return cell
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return cell


def request_part(value: Any, depth: int = 0) -> RequestPart | None:
    """The turns and tools of a request; None when it is something else.

    A plain text is no request by itself.
    """
    is_json_text, value = isinstance(value, str), parsed_cell(value)
    if isinstance(value, list):
        if len(value) == 1 and isinstance(value[0], list):  # LangChain's batches
            value = value[0]
        turns = to_turns(value) if value else None
        return RequestPart(turns) if turns else None
    if not isinstance(value, dict) or depth > DEEPEST:
        return None
    turns = _asked(value, depth, is_json_text)
    if turns is None:
        wrapped = (value[key] for key in WRAPPERS_OF_PAYLOADS if _is_object(value.get(key)))
        inner = next(wrapped, None)
        return request_part(inner, depth + 1) if inner is not None else None
    system = next((text for key in SYSTEM_KEYS if (text := text_of_parts(value.get(key)))), None)
    if system and system.strip() and turns[0]["role"] not in ("system", "developer"):
        turns = [{"role": "system", "content": system}, *turns]
    tools = next((value[key] for key in TOOL_KEYS if value.get(key)), None)
    return RequestPart(turns, tools)


def _asked(value: dict[str, Any], depth: int, is_json_text: bool) -> list[Turn] | None:
    """The turns that a request object holds, without its system text.

    JSON in a cell of text may be what somebody asks about, so `{"text": …}` is no request there.
    """
    if "role" in value and (turns := to_turns([value])):
        return turns
    for key in MESSAGE_KEYS:
        cell = value.get(key)
        is_prompt = key in ("input", "inputs", "prompt") and not is_json_text
        if isinstance(cell, str) and cell.strip() and is_prompt:
            inner = request_part(cell, depth + 1)
            return inner.turns if inner else [{"role": "user", "content": cell}]
        if cell and not isinstance(cell, str) and (inner := request_part(cell, depth + 1)):
            question = value.get("message") if key == "chat_history" else None
            asked: list[Turn] = [{"role": "user", "content": question}] if question else []
            return inner.turns + asked
    if is_json_text:
        return None
    question = next((value[key] for key in QUESTION_KEYS if isinstance(value.get(key), str)), None)
    return [{"role": "user", "content": question}] if question and question.strip() else None


def response_turns(value: Any, depth: int = 0) -> list[Turn] | Failed | None:
    """The turns that a response holds; `Failed` for an error, None when it is something else.

    A plain text is a reply.
    """
    is_json_text, value = isinstance(value, str), parsed_cell(value)
    if isinstance(value, str):
        return [reply_turn(value)] if value.strip() else None
    if isinstance(value, list):
        return _listed(value, depth)
    if not isinstance(value, dict) or depth > DEEPEST:
        return None
    if value.get("error"):
        return Failed(_error_text(value["error"]))
    known = _known_shape(value, depth)
    if known is not None:
        return known
    if "role" in value or value.get("type") in ("ai", "AIMessage"):
        return to_turns([value])
    for key in () if is_json_text else TEXT_KEYS:
        if isinstance(value.get(key), str) and value[key].strip():
            return [reply_turn(value[key])]
    inner = (
        value[key] for key in (*WRAPPERS_OF_PAYLOADS, *TEXT_KEYS) if _is_object(value.get(key))
    )
    return next((turns for cell in inner if (turns := response_turns(cell, depth + 1))), None)


def _known_shape(value: dict[str, Any], depth: int) -> list[Turn] | Failed | None:
    """The turns of a response whose keys tell which API it is of."""
    choices = value.get("choices")
    if isinstance(choices, list) and choices and isinstance(choices[0], dict):  # OpenAI
        choice = choices[0]
        if isinstance(choice.get("text"), str):
            return [reply_turn(choice["text"])]
        return to_turns([choice.get("message") or choice.get("delta")])
    candidates = value.get("candidates")
    if isinstance(candidates, list) and candidates and isinstance(candidates[0], dict):  # Gemini
        return to_turns([{"role": "model", **(candidates[0].get("content") or {})}])
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
    first = values[0]
    if isinstance(first, list) or (isinstance(first, Mapping) and "generated_text" in first):
        return response_turns(first, depth + 1)
    turns = to_turns(values)
    return turns or response_turns(first, depth + 1)


def _is_object(value: Any) -> bool:
    return isinstance(value, dict | list) or (isinstance(value, str) and value[:1] in ("{", "["))


def _error_text(error: Any) -> str:
    message = error.get("message") if isinstance(error, dict) else error
    return " ".join(str(message).split())[:80]
