"""Items of a list of messages that are no messages themselves, or have one inside.

OpenAI's Responses API lists calls, results and thoughts beside messages; LangChain wraps each
message in an object that names its class.
"""

import json
from typing import Any

from pipeline.readers.candidate import Turn
from pipeline.readers.formats.calls import to_calls
from pipeline.readers.formats.parts import text_of_parts


def unwrapped(message: Any) -> Any:
    """A message of LangChain without what is around it: `{"type", "data"}`, `{"lc", "kwargs"}`."""
    if not isinstance(message, dict):
        return None
    inner = message.get("kwargs") if "lc" in message else message.get("data")
    if not isinstance(inner, dict):
        return message
    name = message.get("id")
    kind = message.get("type")
    if "lc" in message and isinstance(name, list) and name:
        kind = name[-1]
    return {**inner, "type": kind} if isinstance(kind, str) else message


def responses_item(message: dict[str, Any]) -> list[Turn] | None:
    """The turns of an item of OpenAI's Responses API that is no message; None for any other.

    Items such as `web_search_call` say only that something was done, and are no turn.
    """
    kind = message.get("type")
    if not isinstance(kind, str) or "role" in message or "from" in message:
        return None
    if kind in ("function_call", "custom_tool_call"):
        calls = to_calls(message)
        return [{"role": "assistant", "content": None, "tool_calls": calls}] if calls else None
    if kind in ("function_call_output", "custom_tool_call_output"):
        output = message.get("output")
        text = output if isinstance(output, str) else text_of_parts(output)
        text = json_text(output) if text is None else text
        return [{"role": "tool", "content": text, "tool_call_id": message.get("call_id")}]
    if kind == "reasoning":
        text = text_of_parts(message.get("content") or message.get("summary") or "")
        return [{"role": "reasoning", "content": text or ""}]
    return [] if kind.endswith("_call") and "status" in message else None


def cohere_results(message: dict[str, Any]) -> list[Turn]:
    """The turns of tools in `tool_results`, of which each has its call and what came out."""
    results = message.get("tool_results")
    turns: list[Turn] = []
    for result in results if isinstance(results, list) else ():
        if not isinstance(result, dict) or "outputs" not in result:
            continue
        call = result["call"] if isinstance(result.get("call"), dict) else {}
        turn: Turn = {"role": "tool", "content": json_text(result["outputs"])}
        turns.append(turn | ({"name": call["name"]} if isinstance(call.get("name"), str) else {}))
    return turns


def json_text(value: Any) -> str:
    """A value as JSON text; only its kind where it is nested too deeply."""
    try:
        return json.dumps(value, ensure_ascii=False)
    except RecursionError:
        return type(value).__name__
