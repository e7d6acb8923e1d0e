"""Tags of a template are dirt, whatever the question is about; what may be content is flagged."""

import polars as pl
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pipeline.filters.leaked_tag import LeakedTag
from pipeline.filters.template_tags import count_tokens_by_family
from pipeline.readers.formats.special_tokens import END_TOKENS, START_TOKENS, TOKEN_SHAPES

ASKED = "When does it ship?"

TOKENS = [
    *(token for token in (*END_TOKENS, *START_TOKENS) if token != "[gMASK]sop"),
    "<|MOSS|>", "<|USER_TOKEN|>", "<|reserved_special_token_7|>", "<｜tool▁call▁begin｜>",
    "<start_of_turn>", "<start_function_response>", "<reserved_106>", "[INST]", "[/INST]",
    "[SYSTEM_PROMPT]", "<<SYS>>", "<</SYS>>", "### Human:", "### Assistant:", "###Response:",
]  # fmt: skip


@pytest.mark.parametrize(
    "reply",
    [
        "It ships today.\nUser: And tomorrow?\nAssistant: Too.",
        "It ships today.\nUSER: And tomorrow?\nASSISTANT: Too.",
        "It ships today. USER: And tomorrow? ASSISTANT: Too.",
        "It ships today.\nUser: And what about tomorrow?",
        "Assistant: It ships today.",
        "It ships today. ### Human: And tomorrow?",
        "<|start_header_id|>assistant<|end_header_id|> It ships.",
        "今天发货。<|endoftext|>",
        "用户：什么时候发货？\n客服：今天发货。",
        "Kunde: Wann kommt es?\nBerater: Es kommt morgen.",
    ],
)
@pytest.mark.parametrize("question", [ASKED, "How do I open a chat with support?"])
def test_a_leaked_tag_is_dropped(says, talk, question: str, reply: str) -> None:
    assert says(LeakedTag(), talk(question, reply)) == ["drop leaked_tag"]


@given(
    st.sampled_from(TOKENS) | st.from_regex(TOKEN_SHAPES["bars"], fullmatch=True),
    st.text(),
    st.sampled_from(["It ships.{}", "{}It ships.", "It ships.\n{}\nAnd then?", "It ships{}\nNow."]),
)
def test_any_token_falls_under_any_question(token: str, question: str, reply: str) -> None:
    assume("thought" not in token)
    assume("solution" not in token)
    families = count_tokens_by_family(token)
    assert families
    assume(not families.keys() & count_tokens_by_family(question).keys())
    row = {"id": "1", "question": question, "replies": [reply.format(token)]}
    assert LeakedTag()(pl.DataFrame([row]))["action"].to_list() == ["drop"]


@pytest.mark.parametrize(
    ("question", "reply"),
    [
        ("How do I strike text through in HTML?", "Use <s>old</s> around it."),
        ("What does </s> mean?", "</s> ends a sequence."),
        ("What does `[INST]` mean?", "[INST] begins an instruction."),
        ("Write a dialogue in a shop.", "User: Good day!\nAssistant: Good day to you!"),
        ("Write what a user and a bot say.", "User: Good day!\nBot: Good day to you!"),
        ("写一段对话。", "User: 你好！\nBot: 你好！"),
        ("How do I print it?", "```\nprint('<|im_end|>')\n```"),
        ("How do I print it?", "Write `<|im_end|>` there."),
        ("Where do I log in?", "User: owner\nPassword: on the slip"),
        ("Where do I log in?", "On the first page, so:\nUser: owner"),
        ("Who pays?", "Customer: 12 euros\nAgent: nothing"),
        ("What lives?", "Human: lives and thinks a lot\nStone: does not live at all"),
        ("How much is it?", "<|begin_of_thought|>\nlate\n<|end_of_thought|>\n\nFour euros."),
        ("How do I cook rice?", "### Instructions\nWash it."),
        ("Who may log in?", "Each user: the owner decides."),
        ("How much is left?", "He has 16-3=<<16-3=13>>13 eggs."),
        ("Which container?", "List<String> or Map<K, V>."),
        ("How do I chain it?", "Write x |> f, or f <| x."),
        ("Tell jokes.", "Q: Why?\nA: Why not?\nQ: Who?\nA: Me."),
        ("Compare tents.", "Weight: 2 kg\nPrice: 90\nWeight: 3 kg\nPrice: 80"),
    ],
)
def test_tags_that_are_content_or_code_stay(says, talk, question: str, reply: str) -> None:
    assert says(LeakedTag(), talk(question, reply)) == []


@pytest.mark.parametrize(
    ("question", "reply"),
    [
        ("Which tokens end a turn?", "Usually <|im_end|> or </s>."),
        ("怎么结束？", "用<|im_end|>结束"),
        ("<|im_start|>user\nWhen?", "It ships today, at noon."),
        ("When?</s>", "It ships today, at noon.</s>"),
        ("Mir ist übel.", "Arzt: Seit wann?\nPatient: Seit gestern.\nArzt: Trinken Sie Tee."),
        ("我头疼。", "医生：什么时候开始的？\n患者：昨天。\n医生：多喝水。"),
        ("你好，王医生，我头疼。", "我明白。\n医生：多喝水。\n医生：早点睡。"),
        ("Write a dialogue.", "It ships today.\nUser: And tomorrow?\nAssistant: Too."),
    ],
    ids=["mention", "zh mention", "question", "both", "de", "zh", "one goes on", "behind a reply"],
)
def test_what_may_be_content_is_flagged(says, talk, question: str, reply: str) -> None:
    assert says(LeakedTag(), talk(question, reply)) == ["flag leaked_tag"]


def test_a_question_that_mentions_a_tag_is_no_finding(says, talk) -> None:
    assert says(LeakedTag(), talk("What does <|im_end|> mean?", "It ends a turn.")) == []


def test_the_action_is_a_setting(says, talk) -> None:
    record = talk(ASKED, "It ships today.<|im_end|>")
    assert says(LeakedTag(action="flag"), record) == ["flag leaked_tag"]


def test_the_value_counts_the_tags_of_all_replies(frame, talk) -> None:
    record = talk("a?", "b</s>", "c?", "d</s><|im_end|>")
    assert LeakedTag()(frame(record))["value"].to_list() == [3.0]
