"""Conversations that were flattened into one text are turns again, and nothing is guessed."""

from typing import Any

import pytest

from pipeline.readers import Refused, to_records
from pipeline.readers.formats.special_tokens import without_end
from pipeline.readers.formats.transcript import transcript_turns
from schemas.reasons import Rejection
from schemas.record import Record

LLAMA3 = "<|start_header_id|>{}<|end_header_id|>\n\n{}<|eot_id|>"

SAME = {
    "chatml": "<|im_start|>user\nHi?<|im_end|>\n<|im_start|>assistant\nYes.<|im_end|>\n",
    "llama 2": "<s>[INST] Hi? [/INST] Yes.</s>",
    "llama 3": "<|begin_of_text|>"
    + LLAMA3.format("user", "Hi?")
    + LLAMA3.format("assistant", "Yes."),
    "gemma": "<bos><start_of_turn>user\nHi?<end_of_turn>\n<start_of_turn>model\nYes.<end_of_turn>",
    "zephyr": "<|user|>\nHi?</s>\n<|assistant|>\nYes.</s>",
    "oasst": "<|prompter|>Hi?<|endoftext|><|assistant|>Yes.<|endoftext|>",
    "alpaca": "Below is an instruction that describes a task.\n\n"
    "### Instruction:\nHi?\n\n### Response:\nYes.",
    "guanaco": "### Human: Hi?### Assistant: Yes.",
    "vicuna": "USER: Hi? ASSISTANT: Yes.</s>",
    "angles": "<user>: Hi? <bot>: Yes.",
    "paragraphs": "\n\nHuman: Hi?\n\nAssistant: Yes.",
    "lines": "User: Hi?\nBot: Yes.",
    "help desk": "Customer: Hi?\nAgent: Yes.",
}


def turns(row: Any) -> list[tuple[str, str]]:
    [record] = to_records(row, "f:1")
    assert isinstance(record, Record), record
    return [(message.role, message.text) for message in record.messages]


@pytest.mark.parametrize("text", SAME.values(), ids=SAME)
def test_every_template_gives_the_same_turns(text: str) -> None:
    assert turns({"text": text}) == [("user", "Hi?"), ("assistant", "Yes.")]


@pytest.mark.parametrize("column", ["transcript", "conversation", "dialogue", "chat"])
def test_a_transcript_is_known_under_each_name(column: str) -> None:
    assert turns({column: SAME["help desk"]}) == [("user", "Hi?"), ("assistant", "Yes.")]


def test_all_turns_of_a_long_transcript_are_kept_in_order() -> None:
    text = "<s>[INST] a [/INST] b </s><s>[INST] c [/INST] d </s>"
    assert [text for _, text in turns({"text": text})] == ["a", "b", "c", "d"]


def test_what_stands_before_the_tags_of_a_template_is_the_system_text() -> None:
    text = "A chat between a user and a kind helper. USER: Hi? ASSISTANT: Yes."
    assert turns({"text": text})[0] == ("system", "A chat between a user and a kind helper.")


def test_the_input_of_alpacas_template_belongs_to_the_instruction() -> None:
    text = "### Instruction:\nSum up.\n\n### Input:\nA text.\n\n### Response:\nShort."
    assert turns({"text": text})[0] == ("user", "Sum up.\n\nA text.")


NO_TAGS = {
    "prose": "The quick brown fox.",
    "another language's tags": "table: x\nQ: Which?\nA: SELECT x",
    "one tag": "User: Hi?",
    "a line in the middle": "Write a play.\nUser: Hi?\nBot: Yes.",
    "the assistant begins": "Assistant: Yes.\nUser: Hi?",
    "nobody answers": "User: Hi?\nUser: Who?",
    "markdown": "# Title\n### Human anatomy\n### Assistant nurses",
}


@pytest.mark.parametrize("text", NO_TAGS.values(), ids=NO_TAGS)
def test_a_text_without_known_tags_is_refused_and_not_guessed(text: str) -> None:
    [refused] = to_records({"text": text}, "f:1")
    assert isinstance(refused, Refused)
    assert refused.reason is Rejection.unknown_format
    assert "--map" in refused.why


FLAT = {
    "open tag": "User: Hi?\nBot: Hello.\nUser: Rain?\nBot:",
    "open question": "<user>: Hi? <bot>: Hello. <user>: Rain?",
    "template": "### Human: Hi? ### Assistant: Hello. ### Human: Rain? ### Assistant:",
}


@pytest.mark.parametrize("prompt", FLAT.values(), ids=FLAT)
@pytest.mark.parametrize("columns", [("prompt", "completion"), ("instruction", "output")])
def test_a_flattened_history_in_the_question_is_turns_again(
    prompt: str, columns: tuple[str, str]
) -> None:
    row = dict(zip(columns, (prompt, "No."), strict=True))
    assert [text for _, text in turns(row)] == ["Hi?", "Hello.", "Rain?", "No."]


@pytest.mark.parametrize(
    "prompt",
    [
        "User: Hi?\nBot: Hello.",
        "Sum up this chat.\nUser: Hi?\nBot: Hello.\nUser: Bye.",
        "What does <|im_start|>user mean, and <|im_start|>assistant?",
    ],
)
def test_a_transcript_that_is_what_the_question_is_about_stays_one_question(prompt: str) -> None:
    assert turns({"prompt": prompt, "completion": "No."})[0] == ("user", prompt)


def test_a_hundred_thousand_blanks_are_read_in_no_time() -> None:
    blanks = "Yes." + " " * 100_000 + "."
    assert without_end(blanks) == blanks
    assert transcript_turns(blanks) is None
    assert turns({"prompt": blanks, "completion": blanks})[1] == ("assistant", blanks)


STRONG = (
    "Human: Hi? Assistant:",
    "User: Hi? AI Assistant:",
    "### User: Hi? ### Bot:",
    "**User:** Hi?\n**Assistant:**",
    "## User\nHi?\n## Assistant",
    "用户：Hi?\n助手：",
    "用户：Hi?助手：",
    "Instruct: Hi?\nOutput:",
    "[User] Hi? [Assistant]",
    "<|user|> Hi? <|assistant|>",
    "Be kind. USER: Hi? ASSISTANT:",
)


@pytest.mark.parametrize("prompt", STRONG)
def test_a_prompt_alone_with_the_names_of_both_sides_at_its_ends_is_taken_apart(
    prompt: str,
) -> None:
    assert turns({"prompt": prompt, "completion": "No."})[-2:] == [
        ("user", "Hi?"),
        ("assistant", "No."),
    ]


WEAK = (
    "<user>: Hi?",
    "User: Hi?",
    "Q: Hi?\nA:",
    "Human: lives\nStone: does not",
    "Customer: Anna\nAgent: Tom\nWrite a mail.",
    "User: Hi?\nTool: x",
    "Explain the prompt `Human: Hi? Assistant:`",
    "User: what do User: and Bot: mean? And Bot: alone?",
)


@pytest.mark.parametrize("prompt", WEAK)
def test_a_prompt_alone_with_less_stays_one_question(prompt: str) -> None:
    assert turns({"prompt": prompt, "completion": "No."})[0] == ("user", prompt)


SAID = (
    "Q: Hi?\nA: Yes.",
    "Question: Hi?\nAnswer: Yes.",
    "Frage: Hi?\nAntwort: Yes.",
    "Instruct: Hi?\nOutput: Yes.",
    "User: Hi?\nFalcon: Yes.",
    "用户：Hi?助手：Yes.",
    "问：Hi?\n答：Yes.",
    "Kunde: Hi?\nBerater: Yes.",
    "<user>Hi?</user>\n<assistant>Yes.</assistant>",
)


@pytest.mark.parametrize("text", SAID)
def test_a_text_alone_of_two_known_words_in_turn_is_taken_apart(text: str) -> None:
    assert turns({"text": text}) == [("user", "Hi?"), ("assistant", "Yes.")]


@pytest.mark.parametrize(
    "text",
    [
        "Question: Hi?\nA: yes\nB: no",
        "Review: Hi?\nSentiment: Yes.",
        "Frage: Hi?\nZutaten: Yes.",
        "Q: Hi?\nQ: Who?",
    ],
)
def test_a_text_alone_of_other_words_is_refused(text: str) -> None:
    [refused] = to_records({"text": text}, "f:1")
    assert isinstance(refused, Refused)


def test_a_thousand_calls_that_do_not_end_are_read_in_no_time() -> None:
    text = "User: Hi?\nBot: " + "<tool_call>{" * 20_000
    assert turns({"text": text})[1][0] == "assistant"
