"""Reviewers see a record exactly as it is."""

import html
import json
from typing import Any

import pytest

from review.argilla.card import MOST_TURNS, make_card

LIMIT = 20_000


def row(messages: list[dict[str, Any]], **other: Any) -> dict[str, Any]:
    labels = {"language": "en", "domain": "code", "origin": "human", "reply_tokens": 3}
    return {"id": "f00d", "messages": json.dumps(messages), "tools": None, **labels, **other}


def card(messages: list[dict[str, Any]], limit: int = LIMIT, **other: Any):
    return make_card(row(messages, **other), sample=200, size=1000, text_limit=limit)


def turns(reply: str) -> list[dict[str, Any]]:
    return [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": reply}]


@pytest.mark.parametrize(
    "text",
    [
        "List<T> of &T",
        "</script><script>no</script>",
        "<think>no</think>",
        "a &lt; b",
        "שלום",
    ],
)
def test_what_looks_like_a_tag_is_shown_and_not_swallowed(text: str) -> None:
    made = card(turns(text))
    shown = made.conversation[1]["content"]
    assert "<" not in shown
    assert html.unescape(shown) == text
    assert made.reply == text
    assert not made.cut


def test_an_empty_turn_is_said_to_be_empty() -> None:
    made = card(turns(" \n"))
    assert made.conversation[1] == {"role": "assistant", "content": "(empty)"}


def test_tool_calls_tool_answers_and_offered_tools_are_shown() -> None:
    call = {"id": "1", "type": "function", "function": {"name": "add", "arguments": '{"a": 1}'}}
    messages = [
        {"role": "user", "content": "1 + 1?"},
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "content": "2", "tool_call_id": "1"},
        {"role": "assistant", "content": "Two"},
    ]
    add = {"name": "add", "description": "Sum", "parameters": {"a": "int"}}
    tools = json.dumps([{"type": "function", "function": add}, {"name": "sub"}])
    shown = card(messages, tools=tools).conversation
    assert [turn["role"] for turn in shown] == ["tools", "user", "assistant", "tool", "assistant"]
    assert shown[0]["content"] == 'add — Sum\n{"parameters": {"a": "int"}}\n\nsub'
    assert shown[2]["content"] == '→ add({"a": 1})'


def test_parts_that_are_no_text_are_named() -> None:
    parts = [
        {"type": "text", "text": "What is this?"},
        {"type": "image_url", "image_url": {"url": "https://example.org/cat.png"}},
    ]
    messages = [{"role": "user", "content": parts}, {"role": "assistant", "content": "A cat"}]
    shown = card(messages).conversation[0]["content"]
    assert shown.startswith("What is this?\n[image_url]")
    assert "https://example.org/cat.png" in shown


def test_the_reply_box_holds_the_last_reply_of_the_assistant() -> None:
    messages = [*turns("First"), *turns("Second"), {"role": "user", "content": "Thanks"}]
    assert card(messages).reply == "Second"


def test_what_is_too_long_for_the_server_is_cut_and_said_so() -> None:
    made = card(turns("<" * 100), limit=100)
    shown = made.conversation[1]["content"]
    assert made.cut
    assert len(shown) <= 100
    assert html.unescape(shown).rstrip(".").split("\n")[0].strip("<") == ""
    assert "cut here" in shown
    assert made.reply == "<" * 100
    assert card(turns("x") * MOST_TURNS).cut
    assert len(card(turns("x") * MOST_TURNS).conversation) == MOST_TURNS


def test_labels_from_files_are_not_read_as_markup() -> None:
    why = card(turns("x"), domain="<img src=x> [a](b) `c`").why
    assert "<img" not in why
    assert r"\[a\]\(b\) \`c\`" in why
    assert "one of 200 out of 1,000" in why
