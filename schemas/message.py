"""The messages of a conversation in OpenAI's chat form, and the id that is computed from them.

The shape is that of https://platform.openai.com/docs/api-reference/chat: content is a string, a
list of parts, or null beside tool calls.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import orjson
from pydantic import ConfigDict, Field, model_validator

from schemas.base import Model

Role = Literal["system", "developer", "user", "assistant", "tool"]


class Part(Model):
    """A piece of a message: text, or anything else (an image, a file), kept as it was given."""

    model_config = ConfigDict(extra="allow")

    type: str
    text: str | None = None


class Function(Model):
    """The function that a tool call names, with its arguments as a JSON string."""

    name: str
    arguments: str = "{}"


class ToolCall(Model):
    """A call that the assistant makes."""

    id: str | None = None
    type: Literal["function"] = "function"
    function: Function


class Message(Model):
    """One turn: who speaks, what they say, which tools are called."""

    role: Role
    content: str | tuple[Part, ...] | None = None
    name: str | None = None
    tool_calls: tuple[ToolCall, ...] = Field(default=())
    tool_call_id: str | None = None
    reasoning: str | None = None
    """What the assistant thought before it answered. Part of the id; not part of the reply."""
    learn: bool = True
    """Whether training learns this turn of the assistant; if not, it is context for later turns."""

    @model_validator(mode="after")
    def _null_content_only_beside_tool_calls(self) -> "Message":
        if self.content is None and not self.tool_calls:
            raise ValueError("content is null, which is allowed only beside tool_calls")
        return self

    @property
    def text(self) -> str:
        """The content as plain text; parts that are not text are left out."""
        if isinstance(self.content, str):
            return self.content
        return "\n".join(part.text for part in self.content or () if part.text)

    @property
    def is_plain(self) -> bool:
        """Whether this is a role and a text and nothing else, as most messages are."""
        beside = self.tool_calls or self.name is not None or self.tool_call_id is not None
        is_reply = self.reasoning is not None or not self.learn
        return not beside and not is_reply and isinstance(self.content, str)

    def canonical(self) -> dict[str, Any]:
        """Everything that tells this message from others, without ids that were generated."""
        turn: dict[str, Any] = {"role": self.role, "content": self._canonical_content()}
        if self.name:
            turn["name"] = self.name
        if self.tool_calls:
            turn["tool_calls"] = [
                {
                    "name": call.function.name,
                    "arguments": _canonical_json(call.function.arguments),
                }
                for call in self.tool_calls
            ]
        if self.reasoning and (reasoning := self.reasoning.strip()):
            turn["reasoning"] = reasoning
        if not self.learn:
            turn["learn"] = False
        return turn

    def openai(self) -> dict[str, Any]:
        """The message in OpenAI's chat format, as fine-tuning files have it.

        Reasoning goes out as `reasoning_content`, the name that chat templates read, and a turn
        that is not learnt with `weight` 0.
        """
        turn = self.model_dump(mode="json", exclude_none=True, exclude={"reasoning", "learn"})
        turn.setdefault("content", None)
        if not self.tool_calls:
            del turn["tool_calls"]
        if self.reasoning is not None:
            turn["reasoning_content"] = self.reasoning
        return turn if self.learn else turn | {"weight": 0}

    def _canonical_content(self) -> Any:
        if self.content is None or isinstance(self.content, str):
            return self.text.strip()
        if all(part.type == "text" for part in self.content):
            return self.text.strip()
        return [part.model_dump(mode="json", exclude_none=True) for part in self.content]


def conversation_id(messages: tuple[Message, ...], tools: tuple[dict[str, Any], ...] = ()) -> str:
    """SHA-256 (hex) of the canonical messages and tools: the same conversation, the same id.

    Raises:
        TypeError: they hold half of a character or an integer over 64 bits, which JSON cannot.
    """
    turns = [
        {"role": m.role, "content": str(m.content).strip()} if m.is_plain else m.canonical()
        for m in messages
    ]
    whole = {"messages": turns, "tools": tools}
    return hashlib.sha256(orjson.dumps(whole, option=orjson.OPT_SORT_KEYS)).hexdigest()


def plain_message(role: Role, content: str) -> Message:
    """`Message(role=role, content=content)` without validation, in half the time."""
    message = object.__new__(Message)
    fields = {**_PLAIN_DEFAULTS, "role": role, "content": content}
    object.__setattr__(message, "__dict__", fields)
    object.__setattr__(message, "__pydantic_fields_set__", {"role", "content"})
    object.__setattr__(message, "__pydantic_extra__", None)
    object.__setattr__(message, "__pydantic_private__", None)
    return message


def plain_id(turns: Sequence[Mapping[str, Any]]) -> str:
    """`conversation_id` of turns that are a role and a text and nothing else, without tools."""
    stripped = [{"role": turn["role"], "content": turn["content"].strip()} for turn in turns]
    whole = {"messages": stripped, "tools": ()}
    return hashlib.sha256(orjson.dumps(whole, option=orjson.OPT_SORT_KEYS)).hexdigest()


_PLAIN_DEFAULTS = {name: field.default for name, field in Message.model_fields.items()}
"""In the order of the fields, in which a message is dumped."""


def _canonical_json(text: str) -> str:
    """JSON in one spelling: key order and spacing do not make another call."""
    try:
        return orjson.dumps(json.loads(text), option=orjson.OPT_SORT_KEYS).decode()
    except (ValueError, RecursionError):
        return text.strip()
