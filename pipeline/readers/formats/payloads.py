"""What a request to a model asked, in the shape of any API; `responses` reads what came back.

OpenAI's chat, completions and responses, Anthropic, Gemini, Bedrock, Cohere, Ollama, Hugging Face,
LangChain: all of them hold messages, only under other names.
"""

import json
from typing import Any, NamedTuple

from pipeline.readers.candidate import Turn
from pipeline.readers.formats.parts import text_of_parts
from pipeline.readers.formats.transcript import prompt_turns
from pipeline.readers.formats.turns import to_turns

WRAPPERS_OF_PAYLOADS = (
    "body", "data", "payload", "json", "kwargs", "params", "value", "content", "inputBodyJson",
    "outputBodyJson",
)  # fmt: skip
"""Keys that only wrap a payload; looked into at most `DEEPEST` times."""

DEEPEST = 4

MESSAGE_KEYS = ("messages", "contents", "input", "inputs", "prompt", "chat_history", "conversation")
LIST_KEYS = ("messages", "contents", "chat_history")
"""Those of them that hold messages also where they are JSON text."""

QUESTION_KEYS = ("message", "question", "query", "text", "user_input", "user_message")
SYSTEM_KEYS = ("system", "systemInstruction", "system_instruction", "instructions", "preamble")
TOOL_KEYS = ("tools", "functions", "toolConfig")


class RequestPart(NamedTuple):
    """What a request asked."""

    turns: list[Turn]
    tools: Any = None


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
        wrapped = (value[key] for key in WRAPPERS_OF_PAYLOADS if is_payload(value.get(key)))
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
            return inner.turns if inner else prompt_turns(cell)
        if (
            cell
            and (not isinstance(cell, str) or key in LIST_KEYS)
            and (inner := request_part(cell, depth + 1))
        ):
            question = value.get("message") if key == "chat_history" else None
            asked: list[Turn] = [{"role": "user", "content": question}] if question else []
            return inner.turns + asked
    if is_json_text:
        return None
    question = next((value[key] for key in QUESTION_KEYS if isinstance(value.get(key), str)), None)
    return [{"role": "user", "content": question}] if question and question.strip() else None


def is_payload(value: Any) -> bool:
    """Whether a value may hold a payload: an object, a list, or what begins as their JSON text."""
    return isinstance(value, dict | list) or (isinstance(value, str) and value[:1] in ("{", "["))
