"""Thoughts at the beginning of a reply, between the markers of reasoning models."""

import re

THOUGHTS = re.compile(
    r"\s*(?:"
    r"<(?P<tag>think|thinking|thought|thoughts|reasoning|reason|seed:think)>(?P<a>.*?)</(?P=tag)>"
    r"|<\|begin_of_(?P<word>thought|reasoning|thinking)\|>(?P<b>.*?)<\|end_of_(?P=word)\|>"
    r"|\[THINK\](?P<c>.*?)\[/THINK\]"
    r"|◁think▷(?P<d>.*?)◁/think▷"
    r")\s*",
    re.S | re.I,
)
"""Markers of DeepSeek, Qwen and their kin; of OpenThoughts and Sky-T1; of Mistral; of Kimi."""

SOLUTION = re.compile(
    r"\s*(?:<\|begin_of_(?P<word>solution|answer)\|>(?P<a>.*?)<\|end_of_(?P=word)\|>"
    r"|<(?P<tag>answer|solution|response|output)>(?P<b>.*?)</(?P=tag)>)\s*",
    re.S | re.I,
)
"""What some put around the reply behind the thoughts; only there is it a marker."""

CLOSED_ONLY = re.compile(r"(?P<thoughts>[^<]*(?:<(?!/think>)[^<]*)*)</think>\s*", re.S)
"""Thoughts whose opening marker stood in the prompt."""

FIRST_SIGNS = frozenset("<[◁")


def may_have_thoughts(text: str) -> bool:
    """Whether it is worth looking for thoughts: a quick test that most replies fail."""
    return text.lstrip()[:1] in FIRST_SIGNS or "</think>" in text


def without_thoughts(text: str) -> tuple[str | None, str]:
    """The thoughts at the beginning of a reply, None if there are none, and the reply itself."""
    if not may_have_thoughts(text):
        return None, text
    if match := THOUGHTS.match(text):
        thoughts = next(match[name] for name in "abcd" if match[name] is not None).strip()
        reply = text[match.end() :]
        whole = SOLUTION.fullmatch(reply)
        if whole:
            reply = next(whole[name] for name in "ab" if whole[name] is not None).strip()
        return thoughts or None, reply
    if "</think>" in text and "<think>" not in text and (match := CLOSED_ONLY.match(text)):
        return match["thoughts"].strip() or None, text[match.end() :]
    return None, text
