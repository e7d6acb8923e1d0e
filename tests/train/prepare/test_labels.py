"""Only what the assistant writes, and the token that ends its turn, is trained on."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.message import Function, Message, Part, ToolCall
from schemas.record import Record
from train.prepare.labels import (
    IGNORED_LABEL,
    PrefixChanged,
    RenderedRecord,
    TemplateRefused,
    chat_turns,
    render_record,
)

DROPS_OLD_TURNS = (
    "{% for m in messages %}<|im_start|>{{ m.role }}\n"
    "{% if m.role != 'assistant' or loop.last %}{{ m.content }}{% endif %}<|im_end|>\n"
    "{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)

ENDS_TWICE = (
    "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|><|im_end|>\n"
    "{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


def learnt(rendered: RenderedRecord, tokenizer: Any) -> str:
    return str(tokenizer.decode([label for label in rendered.labels if label != IGNORED_LABEL]))


def test_labels_are_those_that_one_would_write_by_hand(
    talk: Any, make_tokenizer: Any, stops: frozenset[int]
) -> None:
    tokenizer = make_tokenizer()
    rendered = render_record(talk("a", "b"), tokenizer, stops)
    start, end = tokenizer.convert_tokens_to_ids(["<|im_start|>", "<|im_end|>"])
    ids = [i for i, label in enumerate(rendered.labels) if label != IGNORED_LABEL]
    assert rendered.text == "<|im_start|>user\na<|im_end|>\n<|im_start|>assistant\nb<|im_end|>\n"
    assert [rendered.input_ids[i] for i in ids] == [tokenizer.convert_tokens_to_ids("b"), end]
    assert ids == [len(rendered.input_ids) - 3, len(rendered.input_ids) - 2], (
        "the last line feed is not"
    )
    assert rendered.input_ids.count(start) == 2
    assert rendered.turn_ends == (end,)


@pytest.mark.parametrize("trim_offsets", [False, True])
def test_every_reply_of_a_long_conversation_is_learnt_and_nothing_else(
    talk: Any, make_tokenizer: Any, stops: frozenset[int], trim_offsets: bool
) -> None:
    replies = ["Grüß  dich! 👍🏽", "你好，世界。\n\n\tzwei Zeilen  ", "नमस्ते 🇮🇳"]
    turns = [turn for reply in replies for turn in ("Frage 👩‍👩‍👧 吗?", reply)]
    tokenizer = make_tokenizer(trim_offsets=trim_offsets)
    rendered = render_record(talk(*turns, system="Sei <höflich>."), tokenizer, stops)
    assert learnt(rendered, tokenizer) == "".join(f"{reply}<|im_end|>" for reply in replies)
    assert tokenizer.decode(rendered.input_ids) == rendered.text


@settings(max_examples=100, deadline=None)
@given(reply=st.text(max_size=40).map(str.strip), question=st.text(max_size=20))
def test_any_reply_is_learnt_whole(
    talk: Any, make_tokenizer: Any, stops: frozenset[int], reply: str, question: str
) -> None:
    tokenizer = make_tokenizer()
    rendered = render_record(talk(question, reply, question, reply), tokenizer, stops)
    assert learnt(rendered, tokenizer) == f"{reply}<|im_end|>" * 2


def test_every_stop_token_at_the_end_of_a_turn_is_learnt(
    talk: Any, make_tokenizer: Any, stops: frozenset[int]
) -> None:
    tokenizer = make_tokenizer(ENDS_TWICE)
    rendered = render_record(talk("a", "b"), tokenizer, stops)
    assert learnt(rendered, tokenizer) == "b<|im_end|><|im_end|>"


def test_a_template_that_rewrites_earlier_turns_is_refused_by_name(
    talk: Any, make_tokenizer: Any, stops: frozenset[int]
) -> None:
    tokenizer = make_tokenizer(DROPS_OLD_TURNS)
    render_record(talk("a", "b"), tokenizer, stops)
    with pytest.raises(PrefixChanged, match="turn 2 "):
        render_record(talk("a", "b", "c", "d"), tokenizer, stops)


def test_half_a_surrogate_pair_is_a_finding_about_the_record(
    talk: Any, make_tokenizer: Any, stops: frozenset[int]
) -> None:
    with pytest.raises(TemplateRefused, match="surrogate"):
        render_record(talk("a", "b\ud800"), make_tokenizer(), stops)


def test_an_image_is_refused_and_text_parts_are_joined() -> None:
    parts = (Part(type="text", text="one"), Part(type="text", text="two"))
    assert chat_turns([Message(role="user", content=parts)])[0]["content"] == "one\ntwo"
    with pytest.raises(TemplateRefused, match="not text"):
        chat_turns([Message(role="user", content=(Part(type="image_url"),))])


def test_tool_calls_reach_the_template_with_their_arguments_as_an_object() -> None:
    call = ToolCall(id="1", function=Function(name="add", arguments='{"a": 1}'))
    record = Record(
        messages=(
            Message(role="user", content="1+1?"),
            Message(role="assistant", tool_calls=(call,)),
            Message(role="tool", content="2", tool_call_id="1"),
        ),
        source="test",
    )
    turns = chat_turns(record.messages)
    assert turns[1]["content"] == ""
    assert turns[1]["tool_calls"][0]["function"] == {"name": "add", "arguments": {"a": 1}}
    assert turns[2]["tool_call_id"] == "1"


THINKS = (
    "{% for m in messages %}<|im_start|>{{ m.role }}\n"
    "{% if m.reasoning_content %}<think>{{ m.reasoning_content }}</think>{% endif %}"
    "{{ m.content }}<|im_end|>\n"
    "{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        (THINKS, "<think>Add them.</think>Five.<|im_end|>"),
        (None, "<think>\nAdd them.\n</think>\n\nFive.<|im_end|>"),
    ],
    ids=["a template that knows reasoning", "one that does not"],
)
def test_reasoning_is_learnt_whether_or_not_the_template_knows_it(
    make_tokenizer: Any, stops: frozenset[int], template: str | None, expected: str
) -> None:
    tokenizer = make_tokenizer(template) if template else make_tokenizer()
    messages = (
        Message(role="user", content="2 and 3?"),
        Message(role="assistant", content="Five.", reasoning="Add them."),
    )
    rendered = render_record(Record(messages=messages, source="x"), tokenizer, stops)
    assert learnt(rendered, tokenizer) == expected


def test_a_reply_that_is_context_only_is_seen_and_not_learnt(
    make_tokenizer: Any, stops: frozenset[int]
) -> None:
    tokenizer = make_tokenizer()
    messages = (
        Message(role="user", content="a"),
        Message(role="assistant", content="rude", learn=False),
        Message(role="user", content="b"),
        Message(role="assistant", content="kind"),
    )
    rendered = render_record(Record(messages=messages, source="x"), tokenizer, stops)
    assert "rude" in rendered.text
    assert learnt(rendered, tokenizer) == "kind<|im_end|>"
    assert rendered.turn_ends[0] is None
