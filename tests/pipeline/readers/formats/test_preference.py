"""Preference rows: the chosen side is the conversation, the rejected reply is kept beside it."""

from typing import Any

import pytest

from pipeline.readers import to_records
from pipeline.readers.candidate import Candidate, Refused
from pipeline.readers.formats import preference
from schemas.reasons import Rejection

USER = {"role": "user", "content": "Hi?"}
GOOD = {"role": "assistant", "content": "Yes."}
BAD = {"role": "assistant", "content": "No."}


def spoken(speaker: str, text: str) -> dict[str, str]:
    return {"from": speaker, "value": text}


def transcript(reply: str) -> str:
    return f"\n\nHuman: Hi?\n\nAssistant: {reply}"


TEXTS = {"chosen": "Yes.", "rejected": "No."}
SAME = {
    "texts": {"prompt": "Hi?", **TEXTS},
    "question": {"question": "Hi?", **TEXTS},
    "alpaca": {"instruction": "Hi?", "input": "", **TEXTS},
    "objects": {"prompt": USER, "chosen": GOOD, "rejected": BAD},
    "lists": {"prompt": [USER], "chosen": [GOOD], "rejected": [BAD]},
    "whole lists": {"prompt": "Hi?", "chosen": [USER, GOOD], "rejected": [USER, BAD]},
    "whole lists alone": {"chosen": [USER, GOOD], "rejected": [USER, BAD]},
    "sharegpt": {
        "conversations": [spoken("human", "Hi?")],
        "chosen": spoken("gpt", "Yes."),
        "rejected": spoken("gpt", "No."),
    },
    "messages": {"messages": [USER], "chosen": GOOD, "rejected": BAD},
    "named messages": {"chosen_messages": [USER, GOOD], "rejected_messages": [USER, BAD]},
    "responses": {"prompt": "Hi?", "chosen_response": "Yes.", "rejected_response": "No."},
    "first": {"input": "Hi?", "output_1": "Yes.", "output_2": "No.", "label": 1},
    "second": {"input": "Hi?", "output_1": "No.", "output_2": "Yes.", "label": 2},
    "preference": {"prompt": "Hi?", "response1": "No.", "response2": "Yes.", "preference": "2"},
    "transcripts": {"chosen": transcript("Yes."), "rejected": transcript("No.")},
    "prompt and transcripts": {
        "prompt": transcript(""),
        "chosen": transcript("Yes."),
        "rejected": transcript("No."),
    },
}


def candidate_of(row: Any) -> Any:
    [candidate] = preference.to_candidates(row) or []
    return candidate


@pytest.mark.parametrize("row", SAME.values(), ids=SAME)
def test_every_spelling_keeps_the_chosen_reply_and_the_rejected_beside_it(row: Any) -> None:
    assert candidate_of(row) == Candidate([USER, GOOD], rejected="No.")


def test_a_chosen_reply_without_a_rejected_one_is_a_conversation() -> None:
    assert candidate_of({"prompt": "Hi?", "chosen": "Yes."}) == Candidate([USER, GOOD])


def test_a_play_in_a_reply_is_no_transcript() -> None:
    play = "User: Ho?\nBot: Ha."
    [_, reply] = candidate_of({"prompt": "Write a play.", "chosen": play, "rejected": ""}).turns
    assert reply["content"] == play


@pytest.mark.parametrize(
    ("row", "reason", "why"),
    [
        ({"prompt": "Hi?", "rejected": "No."}, Rejection.no_assistant_turn, "no chosen"),
        ({"prompt": "Hi?", "chosen": []}, Rejection.no_assistant_turn, "chosen is empty"),
        ({"prompt": "Hi?", "chosen": {"x": 1}}, Rejection.unreadable, "chosen"),
        ({"chosen": "Yes.", "rejected": "No."}, Rejection.no_user_turn, "no question"),
        (
            {"input": "Hi?", "output_1": "a", "output_2": "b", "label": 0},
            Rejection.unsupported,
            "which of output_1 and output_2",
        ),
        ({"prompt": "Hi?", "chosen": "a", "history": [["a"]]}, Rejection.unreadable, "history"),
    ],
)
def test_a_comparison_that_cannot_be_a_conversation_says_why(
    row: Any, reason: Rejection, why: str
) -> None:
    refused = candidate_of(row)
    assert isinstance(refused, Refused)
    assert refused.reason is reason
    assert why in refused.why


@pytest.mark.parametrize("row", [5, None, [], {}, {"prompt": "Hi?", "completion": "Yes."}])
def test_a_row_that_compares_nothing_is_left_to_others(row: Any) -> None:
    assert preference.to_candidates(row) is None


SWIFT = [
    {"query": "Hi?", "response": "Yes."},
    {"messages": [{"role": "user", "content": "Hi?"}, {"role": "assistant", "content": "Yes."}]},
]


@pytest.mark.parametrize("row", SWIFT)
def test_a_rejected_reply_alone_stands_beside_the_reply_that_the_row_has(row: Any) -> None:
    [read] = to_records(row | {"rejected_response": "No."}, "f:1")
    assert not isinstance(read, Refused)
    assert [message.text for message in read.messages] == ["Hi?", "Yes."]
    assert read.rejected == "No."
