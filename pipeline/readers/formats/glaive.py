"""Glaive's function calls: `{"system": "SYSTEM: …", "chat": "USER: … <functioncall> …"}`."""

import json
import re
from typing import Any

from pipeline.readers.candidate import Candidate, Refused, Turn
from pipeline.readers.formats.calls import to_calls
from pipeline.readers.formats.other_columns import labelled_candidate
from pipeline.readers.formats.special_tokens import without_end

SPEAKERS = re.compile(r"^[ \t]*(USER|ASSISTANT|FUNCTION RESPONSE):[ \t]*", re.MULTILINE)
ROLES_OF_SPEAKERS = {"USER": "user", "ASSISTANT": "assistant", "FUNCTION RESPONSE": "tool"}
CALL_MARK = "<functioncall>"
OBJECT = re.compile(r"\s*(\{.*\})", re.DOTALL)
QUOTED_ARGUMENTS = re.compile(r"\"arguments\"\s*:\s*'(.*)'", re.DOTALL)
CALL_MARKS = (CALL_MARK, "FUNCTION RESPONSE:")


def to_candidates(row: Any) -> list[Candidate | Refused] | None:
    """The conversation of a row, or None when it is not Glaive's."""
    chat = row.get("chat") if isinstance(row, dict) else None
    if not isinstance(chat, str) or not any(mark in chat for mark in CALL_MARKS):
        return None
    pieces = SPEAKERS.split(chat)
    if len(pieces) < 3 or pieces[0].strip():
        return None
    turns: list[Turn] = []
    for speaker, text in zip(pieces[1::2], pieces[2::2], strict=True):
        content = without_end(text).strip()
        turns.append(_turn(ROLES_OF_SPEAKERS[speaker], content))
    others = dict(row)
    system = row.get("system")
    if isinstance(system, str):
        others["system"], tools = _system_and_tools(system)
        if tools and not row.get("tools"):
            others["tools"] = tools
    return [labelled_candidate(others, turns, used=("chat",))]


def _turn(role: str, text: str) -> Turn:
    if role != "assistant" or CALL_MARK not in text:
        return {"role": role, "content": text}
    said, *called = text.split(CALL_MARK)
    pieces = [said.strip()]
    calls: list[Any] = []
    for piece in called:
        match = OBJECT.match(piece)
        read = _calls(match[1]) if match else None
        if match is None or read is None:
            return {"role": role, "content": text}
        calls += read
        pieces.append(piece[match.end() :].strip())
    content = "\n".join(filter(None, pieces)) or None
    return {"role": role, "content": content, "tool_calls": calls}


def _calls(text: str) -> list[dict[str, Any]] | None:
    """The call of a text; its arguments are JSON between single quotes, inside of JSON."""
    quoted = QUOTED_ARGUMENTS.search(text)
    if quoted:
        arguments = quoted[1].replace("\\'", "'")
        text = f'{text[: quoted.start()]}"arguments": {arguments}{text[quoted.end() :]}'
    return to_calls(text)


def _system_and_tools(text: str) -> tuple[str, list[Any]]:
    """The system text without its heading, and the tools that it describes as JSON."""
    text = text.removeprefix("SYSTEM:").strip()
    start = text.find("{")
    tools: list[Any] = []
    decoder, place = json.JSONDecoder(), start
    while 0 <= place < len(text):
        try:
            tool, place = decoder.raw_decode(text, place)
        except (ValueError, RecursionError):
            return text, []
        tools.append(tool)
        while place < len(text) and text[place] in " \n\r\t,":
            place += 1
    if not tools or not all(isinstance(tool, dict) and "name" in tool for tool in tools):
        return text, []
    return text[:start].strip().removesuffix("-").strip(), tools
