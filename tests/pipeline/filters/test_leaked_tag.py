"""Tags of a template are dirt in a reply, and content where the question is about them."""

import pytest

from pipeline.filters.leaked_tag import LeakedTag


@pytest.mark.parametrize(
    "reply",
    [
        "It ships today.<|im_end|>",
        "It ships today.</s>",
        "[/INST] It ships today.",
        "It ships today.\n### Human: And tomorrow?",
        "It ships today.\nUser: And tomorrow?\nAssistant: Too.",
        "It ships today.\nUser: And what about tomorrow?",
        "Assistant: It ships today.",
        "<|start_header_id|>assistant<|end_header_id|> It ships.",
        "今天发货。<|endoftext|>",
    ],
)
def test_a_leaked_tag_is_dropped(says, talk, reply: str) -> None:
    assert says(LeakedTag(), talk("When does it ship?", reply)) == ["drop leaked_tag"]


@pytest.mark.parametrize(
    ("question", "reply"),
    [
        ("How do I strike text through in HTML?", "Use <s>old</s> around it."),
        ("Which tokens end a turn?", "Usually <|im_end|> or </s>."),
        ("What does </s> mean?", "</s> ends a sequence."),
        ("Write a dialogue in a shop.", "User: Good day!\nAssistant: Good day to you!"),
        ("写一段对话。", "User: 你好！\nBot: 你好！"),
        ("How do I print it?", "```\nprint('<|im_end|>')\n```"),
        ("How do I print it?", "Write `<|im_end|>` there."),
        ("Where do I log in?", "User: owner\nPassword: on the slip"),
        ("Where do I log in?", "On the first page, so:\nUser: owner"),
        ("What lives?", "Human: lives and thinks a lot\nStone: does not live at all"),
        ("How much is it?", "<|begin_of_thought|>\nlate\n<|end_of_thought|>\n\nFour euros."),
        ("How do I cook rice?", "### Instructions\nWash it."),
        ("Who may log in?", "Each user: the owner decides."),
        ("How much is left?", "He has 16-3=<<16-3=13>>13 eggs."),
        ("Which container?", "List<String> or Map<K, V>."),
    ],
)
def test_tags_that_are_content_or_code_stay(says, talk, question: str, reply: str) -> None:
    assert says(LeakedTag(), talk(question, reply)) == []


def test_the_value_counts_the_tags_of_all_replies(frame, talk) -> None:
    record = talk("a?", "b</s>", "c?", "d</s><|im_end|>")
    assert LeakedTag()(frame(record))["value"].to_list() == [3.0]
