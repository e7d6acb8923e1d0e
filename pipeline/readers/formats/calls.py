"""Tool calls and tool definitions, in any spelling, as OpenAI's API takes them."""

import copy
import json
from typing import Any

ARGUMENT_FIELDS = ("arguments", "parameters", "input", "args")
"""Where a call has its arguments: OpenAI, Cohere, Anthropic, Gemini and LangChain."""

CALL_ID_FIELDS = ("id", "call_id", "toolUseId", "tool_call_id", "toolCallId")

NAME_FIELDS = ("name", "toolName")

SCHEMA_FIELDS = ("parameters", "input_schema", "inputSchema", "parameters_json_schema")
"""Where a definition has the schema of its arguments: OpenAI, Anthropic, Bedrock, Gemini."""

LIST_FIELDS = ("functionDeclarations", "function_declarations", "tools")
"""Where a provider has a list of definitions inside of one object: Gemini, Bedrock."""

JSON_TYPES = frozenset(("string", "integer", "number", "boolean", "array", "object", "null"))

JSON_TYPES_OF_PYTHON = {
    "str": "string", "int": "integer", "float": "number", "bool": "boolean", "list": "array",
    "dict": "object",
}  # fmt: skip
"""Types that Cohere's definitions name as Python does."""


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
    if not isinstance(function, dict):
        return None
    called = next((function[field] for field in NAME_FIELDS if field in function), None)
    if not isinstance(called, str):
        return None
    arguments = next((function[name] for name in ARGUMENT_FIELDS if name in function), None)
    if not isinstance(arguments, str):
        arguments = _json_text({} if arguments is None else arguments)
        if arguments is None:
            return None
    ids = (given[name] for name in CALL_ID_FIELDS if isinstance(given.get(name), str))
    call_id = {"id": own_id} if (own_id := next(ids, None)) else {}
    return call_id | {"function": {"name": called, "arguments": arguments}}


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
    if not isinstance(tools, list):
        return given
    definitions: list[Any] = []
    for tool in tools:
        listed = _listed(tool)
        definitions += map(_definition, [tool] if listed is None else listed)
    return definitions


def _listed(tool: Any) -> list[Any] | None:
    """The definitions in an object that has a list of them; None for any other."""
    if not isinstance(tool, dict):
        return None
    return next((tool[name] for name in LIST_FIELDS if isinstance(tool.get(name), list)), None)


def _definition(tool: Any) -> Any:
    """A definition as OpenAI has it; one that is so already stays as it is."""
    if not isinstance(tool, dict) or "function" in tool:
        return tool
    inner = tool.get("toolSpec", tool)
    if not isinstance(inner, dict) or "name" not in inner:
        return tool
    schema = next((inner[name] for name in SCHEMA_FIELDS if name in inner), None)
    if isinstance(schema, dict) and isinstance(schema.get("json"), dict):
        schema = schema["json"]
    if isinstance(inner.get("parameter_definitions"), dict):
        schema = _cohere_schema(inner["parameter_definitions"])
    known = {*SCHEMA_FIELDS, "parameter_definitions", "type"}
    function = {name: value for name, value in inner.items() if name not in known}
    if schema is not None:
        function["parameters"] = _with_json_types(schema)
    return {"type": "function", "function": function}


def _with_json_types(schema: Any) -> Any:
    """A schema with its types in lower case; Gemini's are `OBJECT` and `STRING`."""
    if not isinstance(schema, dict) or not _is_upper_type(schema.get("type")):
        return schema
    try:
        whole = copy.deepcopy(schema)
    except RecursionError:
        return schema
    waiting: list[Any] = [whole]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            if _is_upper_type(value.get("type")):
                value["type"] = value["type"].lower()
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value
    return whole


def _is_upper_type(kind: Any) -> bool:
    return isinstance(kind, str) and kind.isupper() and kind.lower() in JSON_TYPES


def _cohere_schema(definitions: dict[str, Any]) -> dict[str, Any]:
    """`{"id": {"type": "str", "required": true}}` as a JSON schema."""
    fields = {name: field for name, field in definitions.items() if isinstance(field, dict)}
    properties = {name: _cohere_field(field) for name, field in fields.items()}
    required = [name for name, field in fields.items() if field.get("required") is True]
    return {"type": "object", "properties": properties, "required": required}


def _cohere_field(field: dict[str, Any]) -> dict[str, Any]:
    kind = field.get("type")
    shown = {key: value for key, value in field.items() if key not in ("required", "type")}
    if isinstance(kind, str):
        shown["type"] = JSON_TYPES_OF_PYTHON.get(kind, kind)
    return shown


def _parsed(given: Any) -> Any:
    """The value of a JSON text; anything else as it is."""
    if not isinstance(given, str):
        return given
    try:
        return json.loads(given)
    except (ValueError, RecursionError):
        return given
