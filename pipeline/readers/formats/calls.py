"""Tool calls and tool definitions, in any spelling, as the API takes them."""

import json
from typing import Any


def calls(given: Any) -> list[dict[str, Any]] | None:
    """The calls of one turn, or None when what is given is something else.

    Known are a call, a list of calls, and the JSON text of either; a call is OpenAI's object or
    just `{"name": …, "arguments": …}` with the arguments as an object or as its JSON text.
    """
    parsed = _parsed(given)
    found = [_call(one) for one in (parsed if isinstance(parsed, list) else [parsed])]
    return [one for one in found if one] if found and all(found) else None


def _call(given: Any) -> dict[str, Any] | None:
    given = _parsed(given)
    if not isinstance(given, dict):
        return None
    function = _parsed(given.get("function", given))
    if not isinstance(function, dict) or not isinstance(function.get("name"), str):
        return None
    arguments = function.get("arguments", function.get("parameters"))
    if not isinstance(arguments, str):
        arguments = _text({} if arguments is None else arguments)
        if arguments is None:
            return None
    named = {"id": given["id"]} if isinstance(given.get("id"), str) else {}
    return named | {"function": {"name": function["name"], "arguments": arguments}}


def _text(value: Any) -> str | None:
    """The JSON text of a value; None where it nests deeper than Python calls."""
    try:
        return json.dumps(value, ensure_ascii=False)
    except RecursionError:
        return None


def definitions(given: Any) -> Any:
    """Tools as a list of `{"type": "function", "function": …}`; what is no list stays as it is."""
    if given is None:
        return None
    tools = _parsed(given)
    if isinstance(tools, dict):
        tools = [tools]
    return [_definition(tool) for tool in tools] if isinstance(tools, list) else given


def _definition(tool: Any) -> Any:
    bare = isinstance(tool, dict) and "name" in tool and "function" not in tool
    return {"type": "function", "function": tool} if bare else tool


def _parsed(given: Any) -> Any:
    """The value of a JSON text; anything else as it is."""
    if not isinstance(given, str):
        return given
    try:
        return json.loads(given)
    except (ValueError, RecursionError):
        return given
