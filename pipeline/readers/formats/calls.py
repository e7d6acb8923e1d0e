"""Tool calls and tool definitions, in any spelling, as OpenAI's API takes them."""

import json
from typing import Any


def to_calls(given: Any) -> list[dict[str, Any]] | None:
    """The tool calls of one turn, or None when what is given is something else.

    Understood are a call, a list of calls, and the JSON text of either. A call is OpenAI's object,
    or just `{"name": …, "arguments": …}` with the arguments as an object or as its JSON text.
    """
    parsed = _parsed(given)
    calls = [_call(item) for item in (parsed if isinstance(parsed, list) else [parsed])]
    return [call for call in calls if call] if calls and all(calls) else None


def _call(given: Any) -> dict[str, Any] | None:
    given = _parsed(given)
    if not isinstance(given, dict):
        return None
    function = _parsed(given.get("function", given))
    if not isinstance(function, dict) or not isinstance(function.get("name"), str):
        return None
    arguments = function.get("arguments", function.get("parameters"))
    if not isinstance(arguments, str):
        arguments = _json_text({} if arguments is None else arguments)
        if arguments is None:
            return None
    call_id = {"id": given["id"]} if isinstance(given.get("id"), str) else {}
    return call_id | {"function": {"name": function["name"], "arguments": arguments}}


def _json_text(value: Any) -> str | None:
    """The JSON text of a value; None where it is nested more deeply than Python can recurse."""
    try:
        return json.dumps(value, ensure_ascii=False)
    except RecursionError:
        return None


def tool_definitions(given: Any) -> Any:
    """Tools as a list of `{"type": "function", "function": …}`; anything else as it is."""
    if given is None:
        return None
    tools = _parsed(given)
    if isinstance(tools, dict):
        tools = [tools]
    return [_definition(tool) for tool in tools] if isinstance(tools, list) else given


def _definition(tool: Any) -> Any:
    is_bare = isinstance(tool, dict) and "name" in tool and "function" not in tool
    return {"type": "function", "function": tool} if is_bare else tool


def _parsed(given: Any) -> Any:
    """The value of a JSON text; anything else as it is."""
    if not isinstance(given, str):
        return given
    try:
        return json.loads(given)
    except (ValueError, RecursionError):
        return given
