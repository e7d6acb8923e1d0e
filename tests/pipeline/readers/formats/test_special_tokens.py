"""A conversation that a chat template wrote as one text is read back exactly."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.readers import to_records
from schemas.record import Record

Said = list[tuple[str, str]]

WORDS = (
    "kiln",
    "Where is it?",
    "glaze - blue",
    "it costs 3.50",
    "naïve",
    "茶壶在哪里？",
    "yes, 12:30",
    "* a list",
)
TEXTS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join) | st.lists(
    st.sampled_from(WORDS), min_size=2, max_size=4
).map("\n".join)


@st.composite
def conversations(draw: st.DrawFn) -> Said:
    """One to four exchanges, with a system text or without."""
    said = [("system", draw(TEXTS))] if draw(st.booleans()) else []
    for _ in range(draw(st.integers(1, 4))):
        said += [("user", draw(TEXTS)), ("assistant", draw(TEXTS))]
    return said


def tags(pattern: str, begin: str = "", **names: str) -> Callable[[Said], str]:
    """A template that writes every turn alike: `<|im_start|>{role}\\n{text}<|im_end|>\\n`."""

    def write(said: Said) -> str:
        turns = [pattern.format(role=names.get(role, role), text=text) for role, text in said]
        return begin + "".join(turns)

    return write


def pairs(first: str, user: str, assistant: str, system: str) -> Callable[[Said], str]:
    """A template with other tags for each side, and the system text before them."""
    forms = {"user": user, "assistant": assistant, "system": system}

    def write(said: Said) -> str:
        return first + "".join(forms[role].format(text) for role, text in said)

    return write


def llama_2(said: Said) -> str:
    system = f"<<SYS>>\n{said[0][1]}\n<</SYS>>\n\n" if said[0][0] == "system" else ""
    turns = [turn for turn in said if turn[0] != "system"]
    return "".join(
        f"<s>[INST] {system if not number else ''}{asked} [/INST] {answered} </s>"
        for number, ((_, asked), (_, answered)) in enumerate(
            zip(turns[::2], turns[1::2], strict=True)
        )
    )


def chatglm_2(said: Said) -> str:
    system = said[0][1] + "\n\n" if said[0][0] == "system" else ""
    turns = [text for role, text in said if role != "system"]
    return system + "\n\n".join(
        f"[Round {number}]\n\n问：{asked}\n\n答：{answered}"
        for number, (asked, answered) in enumerate(zip(turns[::2], turns[1::2], strict=True), 1)
    )


def openchat(said: Said) -> str:
    names = {"user": "GPT4 Correct User: ", "assistant": "GPT4 Correct Assistant: ", "system": ""}
    return "<s>" + "".join(f"{names[role]}{text}<|end_of_turn|>" for role, text in said)


TEMPLATES = {
    "chatml": tags("<|im_start|>{role}\n{text}<|im_end|>\n"),
    "phi 4": tags("<|im_start|>{role}<|im_sep|>{text}<|im_end|>"),
    "llama 2": llama_2,
    "llama 3": tags(
        "<|start_header_id|>{role}<|end_header_id|>\n\n{text}<|eot_id|>", "<|begin_of_text|>"
    ),
    "llama 4": tags("<|header_start|>{role}<|header_end|>\n\n{text}<|eot|>", "<|begin_of_text|>"),
    "harmony": pairs(
        "",
        "<|start|>user<|message|>{}<|end|>",
        "<|start|>assistant<|channel|>final<|message|>{}<|end|>",
        "<|start|>system<|message|>{}<|end|>",
    ),
    "deepseek": pairs(
        "<｜begin▁of▁sentence｜>", "<｜User｜>{}", "<｜Assistant｜>{}<｜end▁of▁sentence｜>", "{}"
    ),
    "cohere": tags(
        "<|START_OF_TURN_TOKEN|><|{role}_TOKEN|>{text}<|END_OF_TURN_TOKEN|>",
        "<BOS_TOKEN>", user="USER", assistant="CHATBOT", system="SYSTEM",
    ),
    "granite": tags("<|start_of_role|>{role}<|end_of_role|>{text}<|end_of_text|>\n"),
    "chatglm 2": chatglm_2,
    "chatglm 3": tags("<|{role}|>\n{text}", "[gMASK]<sop>"),
    "phi 3": tags("<|{role}|>\n{text}<|end|>\n"),
    "zephyr": tags("<|{role}|>\n{text}</s>\n"),
    "openchat": openchat,
    "gemma": tags("<start_of_turn>{role}\n{text}<end_of_turn>\n", "<bos>", assistant="model"),
    "mistral 7": pairs("<s>", "[INST]{}[/INST]", "{}</s>", "[SYSTEM_PROMPT]{}[/SYSTEM_PROMPT]"),
    "vicuna": pairs("", "USER: {} ", "ASSISTANT: {}</s>", "{} "),
    "baichuan": pairs("", "<reserved_106>{}", "<reserved_107>{}", "{}"),
    "internlm": pairs("<s>", "<|User|>:{}<eoh>\n", "<|Bot|>:{}<eoa>\n", "<|System|>:{}\n"),
    "moss": pairs("", "<|Human|>: {}<eoh>\n", "<|MOSS|>: {}<eom>\n", "{}\n"),
    "alpaca": pairs("", "### Instruction:\n{}\n\n", "### Response:\n{}\n\n", "{}\n\n"),
}  # fmt: skip


def read(row: Any) -> Said:
    [record] = to_records(row, "f:1")
    assert isinstance(record, Record), record
    return [(message.role, message.text) for message in record.messages]


@pytest.mark.parametrize("write", TEMPLATES.values(), ids=TEMPLATES)
@settings(max_examples=20)
@given(said=conversations())
def test_what_a_template_wrote_is_read_back(write: Callable[[Said], str], said: Said) -> None:
    assert read({"text": write(said)}) == said


OPEN = {
    "chatml": "<|im_start|>assistant\n",
    "llama 3": "<|start_header_id|>assistant<|end_header_id|>\n\n",
    "llama 4": "<|header_start|>assistant<|header_end|>\n\n",
    "harmony": "<|start|>assistant",
    "deepseek": "<｜Assistant｜>",
    "cohere": "<|START_OF_TURN_TOKEN|><|CHATBOT_TOKEN|>",
    "granite": "<|start_of_role|>assistant<|end_of_role|>",
    "chatglm 3": "<|assistant|>",
    "openchat": "GPT4 Correct Assistant:",
    "gemma": "<start_of_turn>model\n",
    "mistral 7": "",
    "vicuna": "ASSISTANT:",
    "alpaca": "### Response:\n",
}
"""What a template puts behind the last question."""


@pytest.mark.parametrize("name", OPEN)
@settings(max_examples=20)
@given(said=conversations(), question=TEXTS)
def test_a_prompt_that_waits_for_its_reply_is_taken_apart(
    name: str, said: Said, question: str
) -> None:
    if name == "mistral 7":
        prompt = TEMPLATES[name]([*said, ("user", question)])
    else:
        prompt = TEMPLATES[name]([*said, ("user", question)]) + OPEN[name]
    row = {"prompt": prompt, "completion": "No."}
    assert read(row) == [*said, ("user", question), ("assistant", "No.")]


CALL = [{"function": {"name": "track", "arguments": '{"id": "K-7"}'}}]

CALLING = {
    "qwen": (
        "<|im_start|>user\nWhere?<|im_end|>\n<|im_start|>assistant\n<tool_call>\n"
        '{"name": "track", "arguments": {"id": "K-7"}}\n</tool_call><|im_end|>\n'
        "<|im_start|>user\n<tool_response>\nKassel\n</tool_response><|im_end|>\n"
        "<|im_start|>assistant\nIn Kassel.<|im_end|>"
    ),
    "mistral": (
        '<s>[INST] Where?[/INST][TOOL_CALLS] [{"name": "track", "arguments": {"id": "K-7"}}]</s>'
        "[TOOL_RESULTS] Kassel[/TOOL_RESULTS] In Kassel.</s>"
    ),
    "mistral 13": (
        '<s>[INST]Where?[/INST][TOOL_CALLS]track[ARGS]{"id": "K-7"}</s>'
        "[TOOL_RESULTS]Kassel[/TOOL_RESULTS]In Kassel.</s>"
    ),
    "llama": (
        "<|start_header_id|>user<|end_header_id|>\n\nWhere?<|eot_id|>"
        "<|start_header_id|>assistant<|end_header_id|>\n\n<|python_tag|>"
        '{"name": "track", "parameters": {"id": "K-7"}}<|eom_id|>'
        "<|start_header_id|>ipython<|end_header_id|>\n\nKassel<|eot_id|>"
        "<|start_header_id|>assistant<|end_header_id|>\n\nIn Kassel.<|eot_id|>"
    ),
    "harmony": (
        "<|start|>user<|message|>Where?<|end|>"
        "<|start|>assistant<|channel|>commentary to=functions.track <|constrain|>json<|message|>"
        '{"id": "K-7"}<|call|>'
        "<|start|>functions.track to=assistant<|channel|>commentary<|message|>Kassel<|end|>"
        "<|start|>assistant<|channel|>final<|message|>In Kassel.<|return|>"
    ),
    "deepseek": (
        "<｜User｜>Where?<｜Assistant｜><｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function"
        '<｜tool▁sep｜>track\n```json\n{"id": "K-7"}\n```<｜tool▁call▁end｜><｜tool▁calls▁end｜>'
        "<｜end▁of▁sentence｜><｜tool▁outputs▁begin｜><｜tool▁output▁begin｜>Kassel"
        "<｜tool▁output▁end｜><｜tool▁outputs▁end｜>In Kassel.<｜end▁of▁sentence｜>"
    ),
    "cohere": (
        "<|START_OF_TURN_TOKEN|><|USER_TOKEN|>Where?<|END_OF_TURN_TOKEN|>"
        "<|START_OF_TURN_TOKEN|><|CHATBOT_TOKEN|><|START_ACTION|>"
        '[{"tool_call_id": "0", "tool_name": "track", "parameters": {"id": "K-7"}}]'
        "<|END_ACTION|><|END_OF_TURN_TOKEN|>"
        "<|START_OF_TURN_TOKEN|><|TOOL_TOKEN|>Kassel<|END_OF_TURN_TOKEN|>"
        "<|START_OF_TURN_TOKEN|><|CHATBOT_TOKEN|><|START_RESPONSE|>In Kassel.<|END_RESPONSE|>"
        "<|END_OF_TURN_TOKEN|>"
    ),
    "granite": (
        "<|start_of_role|>user<|end_of_role|>Where?<|end_of_text|>\n"
        '<|start_of_role|>assistant<|end_of_role|><|tool_call|>[{"name": "track", '
        '"arguments": {"id": "K-7"}}]<|end_of_text|>\n'
        "<|start_of_role|>tool_response<|end_of_role|>Kassel<|end_of_text|>\n"
        "<|start_of_role|>assistant<|end_of_role|>In Kassel.<|end_of_text|>"
    ),
    "functiongemma": (
        "<start_of_turn>user\nWhere?<end_of_turn>\n<start_of_turn>model\n"
        "<start_function_call>call:track{id:<escape>K-7<escape>}<end_function_call>"
        "<start_function_response>response:Kassel<end_function_response>In Kassel.<end_of_turn>"
    ),
    "lines": (
        'User: Where?\nAssistant: <tool_call>{"name": "track", "arguments": {"id": "K-7"}}'
        "</tool_call>\nTool: Kassel\nAssistant: In Kassel."
    ),
    "react alone": (
        'Question: Where?\nThought: I must look.\nAction: track\nAction Input: {"id": "K-7"}\n'
        "Observation: Kassel\nFinal Answer: In Kassel."
    ),
    "react": (
        'User: Where?\nAssistant: Action: track\nAction Input: {"id": "K-7"}\n'
        "Observation: Kassel\nAssistant: In Kassel."
    ),
}


@pytest.mark.parametrize("text", CALLING.values(), ids=CALLING)
def test_a_call_its_result_and_the_reply_are_turns_of_their_own(text: str) -> None:
    [record] = to_records({"text": text}, "f:1")
    assert isinstance(record, Record), record
    assert [message.role for message in record.messages] == [
        "user",
        "assistant",
        "tool",
        "assistant",
    ]
    [call] = record.messages[1].tool_calls
    assert call.function.name == "track"
    assert json.loads(call.function.arguments) == {"id": "K-7"}
    assert record.messages[1].content in (None, "", "I must look.")
    assert [message.text for message in record.messages[2:]] == ["Kassel", "In Kassel."]


def test_a_call_that_cannot_be_read_stays_in_the_text() -> None:
    text = TEMPLATES["chatml"]([("user", "Hi?"), ("assistant", "<tool_call>{no}</tool_call>")])
    assert read({"text": text})[1] == ("assistant", "<tool_call>{no}</tool_call>")


THINKING = {
    "harmony": (
        "<|start|>user<|message|>Hi?<|end|>"
        "<|start|>assistant<|channel|>analysis<|message|>A greeting.<|end|>"
        "<|start|>assistant<|channel|>final<|message|>Yes.<|return|>"
    ),
    "deepseek": "<｜User｜>Hi?<｜Assistant｜>"
    "<think>\nA greeting.</think>\n\nYes.<｜end▁of▁sentence｜>",
    "cohere": (
        "<|START_OF_TURN_TOKEN|><|USER_TOKEN|>Hi?<|END_OF_TURN_TOKEN|>"
        "<|START_OF_TURN_TOKEN|><|CHATBOT_TOKEN|><|START_THINKING|>A greeting.<|END_THINKING|>"
        "<|START_RESPONSE|>Yes.<|END_RESPONSE|><|END_OF_TURN_TOKEN|>"
    ),
}


@pytest.mark.parametrize("text", THINKING.values(), ids=THINKING)
def test_thoughts_have_their_own_field(text: str) -> None:
    [record] = to_records({"text": text}, "f:1")
    assert isinstance(record, Record), record
    assert (record.messages[1].reasoning, record.messages[1].text) == ("A greeting.", "Yes.")


def test_gemmas_developer_speaks_before_the_user() -> None:
    text = (
        "<bos><start_of_turn>developer\nBe kind.<end_of_turn>\n"
        "<start_of_turn>user\nHi?<end_of_turn>\n<start_of_turn>model\nYes.<end_of_turn>"
    )
    assert read({"text": text}) == [
        ("developer", "Be kind."),
        ("user", "Hi?"),
        ("assistant", "Yes."),
    ]


@pytest.mark.parametrize(
    "prompt",
    [
        "What does <|im_start|>user mean, and <|im_start|>assistant?",
        "Why does [INST] stand before and [/INST] behind it in Mistral's template?",
        "Which of <|user|> and <|assistant|> comes first?",
        "Explain: <｜User｜>hi<｜Assistant｜>hello",
    ],
)
def test_a_question_about_tags_stays_one_question(prompt: str) -> None:
    assert read({"prompt": prompt, "completion": "No."}) == [("user", prompt), ("assistant", "No.")]
