"""What stands between two tags of a template becomes turns, with calls, results and thoughts."""

import json
import re
from typing import Any

from pipeline.readers.candidate import Turn
from pipeline.readers.formats.calls import to_calls
from pipeline.readers.formats.turns import reply_turn

CALLS = (
    re.compile(r"<tool_call>\s*(?P<json>\{.*?\})\s*(?:</tool_call>|\Z)", re.S),
    re.compile(
        r"<｜tool▁call▁begin｜>(?:function<｜tool▁sep｜>)?(?P<name>[^\s<]+)(?:<｜tool▁sep｜>)?\s*"
        r"(?:```json)?\s*(?P<args>\{.*?\})\s*(?:```)?\s*<｜tool▁call▁end｜>",
        re.S,
    ),
    re.compile(
        r"\[TOOL_CALLS\]\s*(?P<name>[\w.-]+)\[ARGS\]\s*(?P<args>\{.*?\})(?=\s*\[|\s*\Z)", re.S
    ),
    re.compile(r"\[TOOL_CALLS\]\s*(?P<json>\[.*\]|\{.*\})\s*\Z", re.S),
    re.compile(r"<\|tool_call\|>\s*(?P<json>\[.*\]|\{.*\})\s*\Z", re.S),
    re.compile(r"<\|START_ACTION\|>\s*(?P<json>\[.*?\])\s*<\|END_ACTION\|>", re.S),
    re.compile(r"<\|python_tag\|>\s*(?P<json>\{.*\})\s*\Z", re.S),
    re.compile(
        r"<start_function_call>\s*call:(?P<name>[\w.-]+)(?P<gemma>\{.*?\})\s*"
        r"(?:<end_function_call>|\Z)",
        re.S,
    ),
    re.compile(
        r"^Action: *(?P<name>[\w.-]+)[ \t]*\nAction Input: *(?P<args>\{.*\})\s*\Z", re.M | re.S
    ),
)
"""Calls of Qwen and Hermes, DeepSeek, Mistral (two), Granite, Cohere, Llama, Gemma, ReAct."""

CALL_SIGNS = (
    "tool_call", "tool▁call", "[TOOL_CALLS]", "START_ACTION", "<|python_tag|>",
    "<start_function_call>", "Action Input:",
)  # fmt: skip
"""A quick look: without one of these there is no call."""

MANY_CALLS = 200
"""More signs than that are no calls of one turn; looking for them would take long."""

CALL_FRAMES = (
    "<｜tool▁calls▁begin｜>",
    "<｜tool▁calls▁end｜>",
    "<|START_RESPONSE|>",
    "<|END_RESPONSE|>",
)
SYSTEM_IN_USER = re.compile(r"\s*<<SYS>>(?P<system>.*?)<</SYS>>(?P<user>.*)", re.S)
RESULT = re.compile(r"\s*<tool_response>(.*?)</tool_response>", re.S)
RESULTS = re.compile(r"(?:\s*<tool_response>.*?</tool_response>)+\s*", re.S)
COHERE_THOUGHTS = re.compile(r"\s*<\|START_THINKING\|>(?P<thoughts>.*?)<\|END_THINKING\|>", re.S)
BARE_KEY = re.compile(r"(?<=[{,])\s*([A-Za-z_]\w*)\s*:")


def spoken_turns(role: str, content: str) -> list[Turn]:
    """The turns of what one side says between two tags; mostly one.

    Llama 2 puts the system text into the user's first turn, Qwen the results of tools into a user's
    turn of their own.
    """
    if role == "assistant":
        return [assistant_turn(content)]
    if role == "user" and "<" in content:
        if results := result_texts(content):
            return [{"role": "tool", "content": result} for result in results]
        if parts := SYSTEM_IN_USER.fullmatch(content):
            return [
                {"role": "system", "content": parts["system"].strip()},
                {"role": "user", "content": parts["user"].strip()},
            ]
    return [{"role": role, "content": content}]


def assistant_turn(text: str) -> Turn:
    """The turn of an assistant's text: its thoughts and its calls in their own fields."""
    thoughts = COHERE_THOUGHTS.match(text) if "START_THINKING" in text else None
    if thoughts:
        text = text[thoughts.end() :].strip()
    turn = reply_turn(text)
    if thoughts and (said := thoughts["thoughts"].strip()):
        turn["reasoning"] = said
    content = turn["content"]
    for frame in CALL_FRAMES:
        if frame in content:
            content = content.replace(frame, "").strip()
    if any(0 < content.count(sign) <= MANY_CALLS for sign in CALL_SIGNS):
        content, calls = _without_calls(content)
        if calls:
            return turn | {"content": content.strip() or None, "tool_calls": calls}
    return turn | {"content": content}


def result_texts(text: str) -> list[str] | None:
    """The results in a user's turn that is nothing but `<tool_response>…</tool_response>`."""
    if "<tool_response>" not in text or not RESULTS.fullmatch(text):
        return None
    return [result.strip() for result in RESULT.findall(text)]


def _without_calls(text: str) -> tuple[str, list[dict[str, Any]]]:
    """The text without its calls, and these; a call that cannot be read stays in the text."""
    calls: list[dict[str, Any]] = []

    def taken(match: re.Match[str]) -> str:
        found = to_calls(_call(match.groupdict()))
        calls.extend(found or ())
        return "" if found else match[0]

    for pattern in CALLS:
        text = pattern.sub(taken, text)
    return text, calls


def _call(groups: dict[str, Any]) -> Any:
    if groups.get("json"):
        return _known_names(groups["json"])
    arguments = groups.get("args") or _gemma_arguments(groups.get("gemma") or "{}")
    return {"name": groups["name"], "arguments": arguments}


def _known_names(text: str) -> Any:
    """Calls as JSON; Cohere writes `tool_name` for `name`."""
    try:
        calls = json.loads(text)
    except (ValueError, RecursionError):
        return text
    for call in calls if isinstance(calls, list) else ():
        if isinstance(call, dict) and "tool_name" in call:
            call["name"] = call.pop("tool_name")
    return calls


def _gemma_arguments(text: str) -> str:
    """`{city:<escape>Kassel<escape>,days:2}` as JSON; what cannot be read stays as it is."""
    pieces = text.split("<escape>")
    pieces[1::2] = [json.dumps(piece, ensure_ascii=False) for piece in pieces[1::2]]
    pieces[::2] = [BARE_KEY.sub(r'"\1":', piece) for piece in pieces[::2]]
    written = "".join(pieces)
    try:
        json.loads(written)
    except (ValueError, RecursionError):
        return text
    return written
