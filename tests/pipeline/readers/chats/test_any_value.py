"""Readers of chats never raise for what a file holds."""

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.readers.chats.whatsapp_lines import chat_rows, is_chat_text
from schemas.errors import UserError

MESSENGER = {"sender_name": "Mara Vogt", "timestamp_ms": 1714731000000, "content": "Hot?"}
TELEGRAM = {"id": 1, "type": "message", "date": "2024-05-03T10:12:01", "from": "Mara",
            "from_id": "user1", "text": ["a", {"type": "link", "text": "b"}]}  # fmt: skip
DISCORD = {"id": "1", "type": "Default", "timestamp": "2024-05-03T10:12:01", "content": "Hot?",
           "author": {"id": "2", "name": "Mara", "nickname": "M", "isBot": False},
           "embeds": [{"title": "x", "fields": [{"name": "a", "value": "b"}]}]}  # fmt: skip
SILLY = {"name": "Mara", "is_user": True, "mes": "Hot?", "extra": {}, "swipes": ["a", "b"]}

EXPORTS: dict[str, Any] = {
    "Messenger": {"participants": [{"name": "x"}], "messages": [MESSENGER] * 3, "title": "x"},
    "Telegram": {"chats": {"list": [{"name": "x", "id": 1, "messages": [TELEGRAM] * 3}]}},
    "Discord": {"channel": {"name": "x"}, "messages": [DISCORD] * 3},
    "SillyTavern": [{"user_name": "a", "character_name": "b"}, *[SILLY] * 3],
    "rows of our own": [{"header": 1, "lines": [2]}, {"app": "WhatsApp", "messages": [{}]}],
}

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=3,
)


def places(value: Any) -> list[tuple[Any, Any]]:
    """Each container inside a value with each of its keys."""
    items = value.items() if isinstance(value, dict) else enumerate(value)
    found = [(value, key) for key, _ in items]
    inner = value.values() if isinstance(value, dict) else value
    return found + [place for item in inner if isinstance(item, dict | list)
                    for place in places(item)]  # fmt: skip


@pytest.mark.parametrize("app", EXPORTS)
@given(data=st.data())
@settings(max_examples=60)
def test_any_value_anywhere_in_an_export_is_a_row_or_a_refusal(talks, app: str, data) -> None:
    export = copy.deepcopy(EXPORTS[app])
    for _ in range(data.draw(st.integers(1, 3))):
        inside, key = data.draw(st.sampled_from(places(export)))
        inside[key] = data.draw(VALUES)
    try:
        talks(export, *data.draw(st.sampled_from([(), ("Mara",)])))
    except UserError as error:
        assert "list is empty" in error.message  # noqa: PT017 - other errors fail the test


BITS = st.sampled_from(
    ["[03.05.24, 10:12:33] ", "3/5/24, 10:12\u202fPM - ", "Mara: ", "hi", "\n", "\u200e", "<a b>",
     "99.99.9999, 24:59 - ", "0/0/0 0:00 - ", "x.pdf (y z)", ": ", "\r", "\0", "१२", "²"]
)  # fmt: skip


@given(st.lists(BITS | st.text(max_size=4)).map("".join))
@settings(max_examples=200)
def test_any_text_is_a_chat_or_none(talks, text: str) -> None:
    head = text.encode()
    if is_chat_text(head):
        assert talks(text, "Mara").rows
    assert len(list(chat_rows(iter([head])))) == 1  # type: ignore[arg-type]
