"""Harmony, the template of gpt-oss: messages with channels for thoughts, calls and replies."""

import re

from pipeline.readers.candidate import Turn

MESSAGE = re.compile(
    r"<\|start\|>(?P<who>[^<]*)(?:<\|channel\|>(?P<channel>[^<]*))?(?:<\|constrain\|>[^<]*)?"
    r"(?:<\|message\|>(?P<text>.*?)(?:<\|(?:end|return|call)\|>|(?=<\|start\|>)|\Z)|\Z)",
    re.S,
)
RECIPIENT = re.compile(r"\bto=(?P<name>[\w.-]+)")
ROLES = frozenset(("system", "developer", "user"))


def harmony_turns(text: str) -> list[Turn] | None:
    """The turns of a text in Harmony's template; None for any other text.

    What the assistant thinks becomes `reasoning` of what it says or calls next. A prompt that
    waits for a reply ends with an empty turn of the assistant.
    """
    if "<|start|>" not in text or "<|message|>" not in text:
        return None
    turns: list[Turn] = []
    thoughts: list[str] = []
    for message in MESSAGE.finditer(text):
        header = f"{message['who']} {message['channel'] or ''}"
        content = (message["text"] or "").strip()
        words = header.split()
        speaker = words[0].lower() if words else ""
        if speaker in ROLES:
            turns.append({"role": speaker, "content": content})
        elif speaker != "assistant":
            turns.append({"role": "tool", "content": content, "name": _tool_name(words[0])})
        elif "analysis" in words and not _recipient(header):
            thoughts.append(content)
        else:
            turns.append(_reply(content, _recipient(header), thoughts))
            thoughts = []
    if thoughts:
        turns.append({"role": "assistant", "content": "", "reasoning": "\n".join(thoughts)})
    return turns


def _reply(content: str, recipient: str | None, thoughts: list[str]) -> Turn:
    turn: Turn = {"role": "assistant", "content": content}
    if recipient:
        call = {"name": _tool_name(recipient), "arguments": content or "{}"}
        turn = {"role": "assistant", "content": None, "tool_calls": [{"function": call}]}
    return turn | {"reasoning": "\n".join(thoughts)} if thoughts else turn


def _recipient(header: str) -> str | None:
    match = RECIPIENT.search(header)
    return match["name"] if match and match["name"] != "assistant" else None


def _tool_name(name: str) -> str:
    return name.removeprefix("functions.")
