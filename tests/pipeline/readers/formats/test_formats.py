"""Every format, in each of its spellings, becomes the same record."""

import json
from typing import Any

import pytest

from pipeline.readers import Refused, to_records
from schemas.reasons import Rejection
from schemas.record import Record
from tests.pipeline.readers.formats.rows import REPLY, USER, record, to_record, turns

SYSTEM = {"role": "system", "content": "Be kind."}


def sharegpt(user: str, assistant: str) -> dict[str, Any]:
    return {"conversations": [{"from": user, "value": "Hi?"}, {"from": assistant, "value": "Yes."}]}


SAME = {
    "messages": {"messages": [USER, REPLY]},
    "bare list": [USER, REPLY],
    "parts": {"messages": [{**USER, "content": [{"type": "text", "text": "Hi?"}]}, REPLY]},
    "nulls": {"messages": [USER | {"name": None, "tool_calls": None}, REPLY | {"weight": 1}]},
    "capitals": {"messages": [USER | {"role": "User"}, REPLY | {"role": "Chatbot"}]},
    "sharegpt": sharegpt("human", "gpt"),
    "sharegpt user": sharegpt("user", "assistant"),
    "sharegpt bot": sharegpt("customer", "bot"),
    "sharegpt singular": {"conversation": sharegpt("prompter", "model")["conversations"]},
    "alpaca": {"instruction": "Hi?", "input": "", "output": "Yes."},
    "alpaca without input": {"instruction": "Hi?", "output": "Yes."},
    "alpaca null input": {"instruction": "Hi?", "input": None, "output": "Yes."},
    "alpaca <noinput>": {"instruction": "Hi?", "input": "<NoInput>", "output": "Yes."},
    "alpaca No input.": {"instruction": "Hi?", "input": "No input. ", "output": "Yes."},
    "alpaca question in input": {"instruction": "", "input": "Hi?", "output": "Yes."},
    "dolly": {"instruction": "Hi?", "context": "", "response": "Yes.", "category": "open_qa"},
    "question": {"question": "Hi?", "answer": "Yes."},
    "prompt": {"prompt": "Hi?", "completion": "Yes."},
    "prompt response": {"prompt": "Hi?", "response": "Yes."},
    "query": {"query": "Hi?", "response": "Yes."},
    "request": {"request": "Hi?", "response": "Yes."},
    "input output": {"input": "Hi?", "output": "Yes."},
    "turns of a table": {
        "messages": [
            turn | {"from": None, "value": None, "tool_calls": None} for turn in (USER, REPLY)
        ]
    },
    "sharegpt of a table": {
        "conversations": [
            turn | {"role": None, "content": None}
            for turn in sharegpt("human", "gpt")["conversations"]
        ]
    },
    "column capitals": {" Question": "Hi?", "ANSWER ": "Yes.", "id": 7},
    "blanks around": {"prompt": "Hi?\n\n", "completion": " Yes. "},
    "from value in messages": {"messages": sharegpt("human", "gpt")["conversations"]},
    "role content in conversations": {"conversations": [USER, REPLY]},
    "role text": {"messages": [{"role": "user", "text": "Hi?"}, REPLY]},
    "messages as JSON text": {"messages": json.dumps([USER, REPLY])},
    "traj": {"task_id": 0, "reward": 1.0, "traj": [USER, REPLY]},
    "parts with value": {
        "messages": [USER | {"content": [{"type": "text", "value": "Hi?"}]}, REPLY]
    },
    "weights as they are learnt anyway": {
        "messages": [USER | {"loss_weight": 0.0}, REPLY | {"loss_weight": 1.0}]
    },
    "arrow in messages": {"messages": [USER | {"content": "Hi? ->"}, REPLY]},
    "alpaca null instruction": {"instruction": None, "input": "Hi?", "output": "Yes."},
    "alpaca no history": {"instruction": "Hi?", "output": "Yes.", "history": []},
    "instances": {"instruction": "Hi?", "instances": [{"input": "", "output": "Yes."}]},
    "turn pairs": {"conversation": [{"input": "Hi?", "output": "Yes."}]},
    "utterances": {
        "utterances": [{"speaker": "USER", "text": "Hi?"}, {"speaker": "SYSTEM", "text": "Yes."}]
    },
    "turns": {
        "turns": [
            {"speaker": "seeker", "utterance": "Hi?"},
            {"speaker": "supporter", "utterance": "Yes."},
        ]
    },
    "dialog": {
        "dialog": [{"speaker": "usr", "content": "Hi?"}, {"speaker": "sys", "content": "Yes."}]
    },
    "numbered turns": {"chat": {"turn_1": {"Human": "Hi?", "Chatbot": "Yes."}}},
    "arrow": {"prompt": "Hi? ->", "completion": " Yes.\n"},
    "hashes": {"prompt": "Hi?\n\n###\n\n", "completion": " Yes.<|endoftext|>"},
    "message lists": {"prompt": [USER], "completion": [REPLY]},
    "message objects": {"prompt": USER, "completion": REPLY},
    "best answer": {"Question": "Hi?", "Best Answer": "Yes.", "Type": "x"},
    "standard answer": {"question": "Hi?", "std_answer": "Yes."},
    "context and response": {"Context": "Hi?", "Response": "Yes."},
}


@pytest.mark.parametrize("row", SAME.values(), ids=SAME)
def test_one_conversation_has_one_id_whatever_format_it_came_in(row: Any) -> None:
    assert record(row).id == record([USER, REPLY]).id


EVERY_COLUMN = dict.fromkeys(
    ("messages", "conversations", "instruction", "input", "output", "question", "answer", "prompt",
     "completion", "chosen", "rejected", "utterances", "text", "choices", "tools", "history"),
)  # fmt: skip


@pytest.mark.parametrize(
    "row", [row for row in SAME.values() if isinstance(row, dict) and all(map(str.islower, row))]
)
def test_columns_of_a_table_that_are_null_are_as_good_as_absent(row: dict[str, Any]) -> None:
    assert record(EVERY_COLUMN | row).id == record([USER, REPLY]).id


WITH_SYSTEM = {
    "messages": {"messages": [SYSTEM, USER, REPLY]},
    "sharegpt": {"system": "Be kind.", **sharegpt("human", "gpt")},
    "sharegpt turn": {
        "conversations": [
            {"from": "system", "value": "Be kind."},
            *sharegpt("human", "gpt")["conversations"],
        ]
    },
    "alpaca": {"system": "Be kind.", "instruction": "Hi?", "output": "Yes."},
    "beside messages": {"system": "Be kind.", "messages": [USER, REPLY]},
    "turn pairs": {"conversation": [{"system": "Be kind.", "input": "Hi?", "output": "Yes."}]},
    "question": {"system_prompt": "Be kind.", "question": "Hi?", "answer": "Yes."},
    "template": {"text": "<s>[INST] <<SYS>>\nBe kind.\n<</SYS>>\n\nHi? [/INST] Yes.</s>"},
}


@pytest.mark.parametrize("row", WITH_SYSTEM.values(), ids=WITH_SYSTEM)
def test_a_system_text_is_the_first_turn_wherever_it_stands(row: Any) -> None:
    assert turns(row)[0] == ("system", "Be kind.")
    assert len(turns(row)) == 3


def test_alpaca_joins_instruction_and_input() -> None:
    row = {"instruction": "Sum up.", "input": "A text.", "output": "It is short."}
    assert turns(row)[0] == ("user", "Sum up.\n\nA text.")


def test_a_context_is_part_of_the_question_wherever_it_stands() -> None:
    row = {"question": "How long?", "context": "A text.", "answer": "Short."}
    assert turns(row)[0] == ("user", "How long?\n\nA text.")


def test_a_history_of_pairs_comes_before_the_question() -> None:
    pairs = [["Who?", "Me."], ["Why?", "So."]]
    for row in (
        {"instruction": "Hi?", "output": "Yes.", "history": pairs},
        {"prompt": "Hi?", "response": "Yes.", "history": pairs},
    ):
        texts = [text for _, text in turns(row)]
        assert texts == ["Who?", "Me.", "Why?", "So.", "Hi?", "Yes."]


def test_an_arrow_that_is_one_of_several_is_content() -> None:
    row = {"prompt": "sea -> mer, sky ->", "completion": "ciel"}
    assert turns(row)[0] == ("user", "sea -> mer, sky ->")


@pytest.mark.parametrize(
    ("given", "text"),
    [(True, "true"), (5, "5"), (2.5, "2.5"), ("None", "None"), ("    return 1", "    return 1")],
)
def test_a_reply_that_lost_its_quotes_is_a_text_again(given: Any, text: str) -> None:
    assert turns({"prompt": "Hi?", "completion": given})[1] == ("assistant", text)


def test_every_instance_is_a_conversation_with_a_number() -> None:
    instances = [{"input": "A.", "output": "1"}, {"input": "B.", "output": "2"}]
    records = to_records({"instruction": "Count.", "instances": instances}, "f:1")
    assert [record.source for record in records if isinstance(record, Record)] == ["f:1#1", "f:1#2"]


def test_what_one_speaker_says_in_a_row_is_one_turn() -> None:
    lines = [("USER", "Hi."), ("USER", "Help?"), ("SYSTEM", "Yes.")]
    row = {"utterances": [{"speaker": speaker, "text": text} for speaker, text in lines]}
    assert turns(row) == [("user", "Hi.\nHelp?"), ("assistant", "Yes.")]


def test_numbered_turns_stand_in_order_of_their_number() -> None:
    chat = {f"turn_{n}": {"Human": f"q{n}", "AI": f"a{n}"} for n in (10, 2, 1)}
    assert [text for _, text in turns({"chat": chat})] == ["q1", "a1", "q2", "a2", "q10", "a10"]


@pytest.mark.parametrize(
    ("category", "domain"),
    [("open_qa", "open_qa"), ("a\nb", None), ("x" * 41, None), (["a"], None), (None, None)],
)
def test_a_plain_category_is_the_domain_and_a_sentence_is_not(category: Any, domain: Any) -> None:
    row = {"instruction": "Hi?", "output": "Yes.", "category": category}
    assert record(row).domain == domain


@pytest.mark.parametrize("tools", [[], "[]", None, ""])
def test_no_tools_are_none(tools: Any) -> None:
    assert record({"messages": [USER, REPLY], "tools": tools}).tools == ()


def test_given_labels_are_kept_and_blank_ones_are_none() -> None:
    row = {"question": "Hi?", "answer": "Yes.", "language": " en ", "domain": " "}
    assert (record(row).language, record(row).domain) == ("en", None)


def test_a_record_knows_its_file_and_line() -> None:
    assert record([USER, REPLY]).source == "f:1"


@pytest.mark.parametrize(
    ("row", "reason", "why"),
    [
        ({}, Rejection.unknown_format, "has no fields"),
        ({"colour": "red"}, Rejection.unknown_format, "has colour, none of which"),
        (5, Rejection.unknown_format, "is a number"),
        (None, Rejection.unknown_format, "is null"),
        (["a"], Rejection.unknown_format, "is a list"),
        ({"question": "Hi?", "answer": {"text": "x"}}, Rejection.unreadable, "answer"),
        ({"instruction": "Hi?", "output": None}, Rejection.no_assistant_turn, "output is null"),
        ({"messages": [{"content": "Hi?"}]}, Rejection.unknown_format, "messages"),
        ({"conversations": [{"from": "human"}]}, Rejection.unreadable, "content is null"),
        ({"messages": [USER | {"role": "wizard"}]}, Rejection.unknown_format, 'by "wizard"'),
        ({"messages": [USER, REPLY | {"content": None}]}, Rejection.unreadable, "calls no tool"),
        ({"messages": [USER, REPLY], "tools": "5"}, Rejection.unreadable, "tools"),
        ({"messages": [{"role": "user"}, REPLY]}, Rejection.unreadable, "content is null"),
        (
            {"instruction": "Hi?", "output": "Yes.", "history": ["Who?"]},
            Rejection.unreadable,
            "history",
        ),
        (
            {"question": "Hi?", "answer": "Yes.", "chat_history": [["a"]]},
            Rejection.unreadable,
            "chat_history",
        ),
        ({"instruction": ["Hi?"], "output": "Yes."}, Rejection.unreadable, "not a text"),
        ({"instruction": "Hi?", "instances": []}, Rejection.no_assistant_turn, "no instance"),
        ({"instruction": "Hi?", "instances": [{"input": ""}]}, Rejection.unreadable, "output"),
        ({"prompt": None, "completion": "Yes."}, Rejection.no_user_turn, "prompt is null"),
        ({"prompt": "Hi?", "completion": float("nan")}, Rejection.no_assistant_turn, "null"),
        (
            {"utterances": [{"speaker": "Ann", "text": "Hi?"}]},
            Rejection.unknown_format,
            "speakers Ann",
        ),
        ([], Rejection.no_user_turn, "user"),
        ([SYSTEM, REPLY], Rejection.no_user_turn, "user"),
        ([SYSTEM, USER], Rejection.no_assistant_turn, "assistant"),
    ],
)
def test_a_row_that_cannot_be_a_record_says_why(row: Any, reason: Rejection, why: str) -> None:
    refused = to_record(row, "f:1")
    assert isinstance(refused, Refused)
    assert refused.reason is reason
    assert why in refused.why


def test_tools_that_are_no_json_are_none() -> None:
    assert record({"messages": [USER, REPLY], "tools": "[" * 100_000}).tools == ()


@pytest.mark.parametrize(
    "row",
    [
        [USER, REPLY | {"content": "\ud800"}],
        [USER | {"content": [{"type": "text", "text": "\ud800"}]}, REPLY],
        {"messages": [USER, REPLY], "tools": [{"name": "\ud800"}]},
    ],
    ids=["content", "part", "tools"],
)
def test_half_a_character_is_refused_wherever_it_stands(row: Any) -> None:
    """`"\\ud800"` is good JSON, but no text: no file can hold it."""
    refused = to_record(row, "f:1")
    assert isinstance(refused, Refused)
    assert refused.reason is Rejection.unreadable
