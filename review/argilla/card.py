"""A card: one record as reviewers see it."""

import json
import re
from typing import Any

from schemas.base import Model
from schemas.message import Message, Part
from schemas.record import load_messages

MOST_TURNS = 500
"""Argilla refuses a chat with more messages."""

CUT = "\n… (cut here: too long for this server)"


class Card(Model):
    """What is sent of one record."""

    id: str
    conversation: tuple[dict[str, str], ...]
    """Turns as `{"role": ..., "content": ...}`, escaped so that texts are shown as they are."""
    why: str
    """A line about the record, in Markdown: its labels, and why it is shown."""
    reply: str
    """The last reply of the assistant, which the reply box is filled with. Not escaped."""
    metadata: dict[str, str | int]
    cut: bool
    """Whether something was too long to be shown in full."""


def make_card(row: dict[str, Any], sample: int, size: int, text_limit: int) -> Card:
    """Lay out one kept record (`id, messages, tools, language, domain, origin, reply_tokens`).

    Args:
        row: The record.
        sample: How many records were drawn.
        size: How many they were drawn from.
        text_limit: Most characters that the server accepts in one message.
    """
    messages = load_messages(row["messages"])
    turns = _turns(messages, row["tools"])
    shown = turns[-MOST_TURNS:]
    texts = [_escape(text) for _, text in shown]
    place = last_reply_place(messages)
    return Card(
        id=row["id"],
        conversation=tuple(
            {"role": role, "content": _shorten(text, text_limit)}
            for (role, _), text in zip(shown, texts, strict=True)
        ),
        why=_why(row, sample, size),
        reply="" if place is None else messages[place].text,
        metadata={
            "language": row["language"],
            "domain": row["domain"],
            "origin": row["origin"],
            "tokens": row["reply_tokens"],
        },
        cut=len(shown) < len(turns) or any(len(text) > text_limit for text in texts),
    )


def last_reply_place(messages: tuple[Message, ...]) -> int | None:
    """Index of the assistant's last message, which is the one that is reviewed; None if none."""
    places = [i for i, message in enumerate(messages) if message.role == "assistant"]
    return places[-1] if places else None


def _turns(messages: tuple[Message, ...], tools: str | None) -> list[tuple[str, str]]:
    """Role and text of each turn; the tools that the assistant may call come first."""
    turns: list[tuple[str, str]] = []
    for message in messages:
        if message.reasoning:
            turns.append(("reasoning", message.reasoning))
        turns.append((message.role, _render(message)))
    if tools:
        turns.insert(0, ("tools", "\n\n".join(map(_render_tool, json.loads(tools)))))
    return turns


def _render_tool(tool: dict[str, Any]) -> str:
    """Name and description on a line, the rest as JSON on the next: complete, and easy to read."""
    function = dict(tool.get("function") or tool)
    heads = [str(function.pop(key)) for key in ("name", "description") if key in function]
    title = " — ".join(heads)
    rest = json.dumps(function, ensure_ascii=False) if function else ""
    return "\n".join(line for line in (title, rest) if line)


def _render(message: Message) -> str:
    """A turn as text: content, parts that are not text, and tool calls, each on its own line."""
    if isinstance(message.content, str):
        pieces = [message.content]
    else:
        pieces = [_render_part(part) for part in message.content or ()]
    pieces += [f"→ {call.function.name}({call.function.arguments})" for call in message.tool_calls]
    text = "\n".join(piece for piece in pieces if piece)
    return text if text.strip() else "(empty)"


def _render_part(part: Part) -> str:
    if part.type == "text":
        return part.text or ""
    return f"[{part.type}] {part.model_dump_json(exclude={'type'}, exclude_none=True)}"


def _escape(text: str) -> str:
    """Escape what the page would take for a tag: its sanitiser would remove `<T>`."""
    return text.replace("&", "&amp;").replace("<", "&lt;")


def _shorten(text: str, limit: int) -> str:
    """Cut an escaped text to `limit` characters, never inside an escape."""
    if len(text) <= limit:
        return text
    return re.sub(r"&[a-z]*$", "", text[: limit - len(CUT)]) + CUT


def _why(row: dict[str, Any], sample: int, size: int) -> str:
    labels = [f"**{name}** {_plain(str(row[name]))}" for name in ("language", "domain", "origin")]
    drawn = f"drawn at random, as one of {sample:,} out of {size:,} records"
    return f"{' · '.join(labels)} · **tokens** {row['reply_tokens']} · {drawn}"


def _plain(label: str) -> str:
    """Keep a label, which comes from a file, from being read as Markdown or HTML."""
    return re.sub(r"([\\`*_{}\[\]()#+!|~>-])", r"\\\1", _escape(label.replace("\n", " ")))
