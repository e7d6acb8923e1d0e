"""Tool definitions of every provider become OpenAI's."""

import json
from typing import Any

import pytest
from openai.types.chat import ChatCompletionToolParam
from pydantic import TypeAdapter

from pipeline.readers import to_records
from schemas.record import Record

TOOLS: TypeAdapter[Any] = TypeAdapter(list[ChatCompletionToolParam])

SCHEMA = {"type": "object", "properties": {"id": {"type": "string"}}, "required": ["id"]}
OPENAI_TOOL = {
    "type": "function",
    "function": {"name": "track", "description": "Track it", "parameters": SCHEMA},
}
DEFINITIONS = {
    "openai": [OPENAI_TOOL],
    "bare": [OPENAI_TOOL["function"]],
    "json": json.dumps([OPENAI_TOOL["function"]]),
    "responses": [{"type": "function", **OPENAI_TOOL["function"]}],  # type: ignore[dict-item]
    "anthropic": [{"name": "track", "description": "Track it", "input_schema": SCHEMA}],
    "gemini": [{"functionDeclarations": [OPENAI_TOOL["function"]]}],
    "bedrock": {
        "tools": [
            {
                "toolSpec": {
                    "name": "track",
                    "description": "Track it",
                    "inputSchema": {"json": SCHEMA},
                }
            }
        ]
    },
    "cohere": [
        {
            "name": "track",
            "description": "Track it",
            "parameter_definitions": {"id": {"type": "str", "required": True}},
        }
    ],
}


@pytest.mark.parametrize("tools", DEFINITIONS.values(), ids=DEFINITIONS)
def test_tools_of_every_provider_are_openais(tools: Any) -> None:
    messages = [{"role": "user", "content": "Hi?"}, {"role": "assistant", "content": "Yes."}]
    [read] = to_records({"messages": messages, "tools": tools}, "f:1")
    assert isinstance(read, Record), read
    assert list(read.tools) == [OPENAI_TOOL]
    TOOLS.validate_python(list(read.tools))
