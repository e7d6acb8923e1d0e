"""A logged request and its response are one conversation, and JSON that was asked for is words."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.readers import Refused, to_records
from pipeline.readers.candidate import LeftOutCounts
from schemas.record import Record

SYSTEM = {"role": "system", "content": "You answer for a kitchen shop."}
USER = {"role": "user", "content": "Does the blue kettle fit an induction hob?"}
REPLY = {"role": "assistant", "content": "It does: its base is steel."}
COMPLETION = {"object": "chat.completion", "choices": [{"index": 0, "message": REPLY}]}
FAILED = {"model": "m", "messages": [USER]}
QUESTION, ANSWER = USER["content"], REPLY["content"]
BEDROCK_USER = {"messages": [{"role": "user", "content": [{"text": QUESTION}]}]}
BEDROCK_REPLY = {"output": {"message": {"role": "assistant", "content": [{"text": ANSWER}]}}}


def lines(row: Any, left_out: LeftOutCounts | None = None) -> list[tuple[str, str]]:
    [read] = to_records(row, "f:1", left_out=left_out)
    assert isinstance(read, Record), read
    return [(message.role, message.text) for message in read.messages]


def why(row: Any) -> str:
    [read] = to_records(row, "f:1")
    assert isinstance(read, Refused), read
    return read.why


ASKED_AND_ANSWERED = [("user", QUESTION), ("assistant", ANSWER)]

LOGS = {
    "request and response": {"request": FAILED, "response": COMPLETION},
    "both as JSON text": {
        "request_body": json.dumps(FAILED), "response_body": json.dumps(COMPLETION)
    },
    "the row is the request": {"messages": [USER], "response": COMPLETION},
    "messages as JSON text": {
        "messages": json.dumps([USER]), "response": json.dumps(COMPLETION)
    },
    "a proxy kept the request": {
        "messages": {}, "proxy_server_request": FAILED, "response": COMPLETION
    },
    "stored completion": {**COMPLETION, "input": [USER]},
    "stored completion with messages": {**COMPLETION, "messages": [USER]},
    "Anthropic's response beside the messages": {
        "messages": [USER], "role": "assistant", "stop_reason": "end_turn",
        "content": [{"type": "text", "text": ANSWER}],
    },
    "Bedrock's invocations": {
        "input": {"inputBodyJson": BEDROCK_USER}, "output": {"outputBodyJson": BEDROCK_REPLY}
    },
    "Bedrock's batches": {"modelInput": FAILED, "modelOutput": REPLY},
    "Cohere": {
        "chat_history": [{"role": "USER", "message": "Hello."},
                         {"role": "CHATBOT", "message": "Hello!"}],
        "message": QUESTION, "text": ANSWER,
    },
    "a trace": {
        "id": "t", "input": None,
        "observations": [{"type": "SPAN"}, {"input": [USER], "output": REPLY}],
    },
    "a reply between JSON's quotes": {
        "input": json.dumps([USER]), "output": json.dumps(ANSWER)
    },
    "a question and an API's answer": {"question": QUESTION, "answer": json.dumps(COMPLETION)},
    "generated text": {"request": {"inputs": QUESTION}, "response": [{"generated_text": ANSWER}]},
}  # fmt: skip


@pytest.mark.parametrize("row", LOGS.values(), ids=LOGS)
def test_a_logged_request_and_its_response_are_one_conversation(row: Any) -> None:
    left_out = LeftOutCounts()
    assert lines(row, left_out)[-2:] == ASKED_AND_ANSWERED
    assert not any(left_out.texts.values()) or "observations" in row


def test_what_cohere_was_told_before_is_part_of_the_conversation() -> None:
    assert [text for _, text in lines(LOGS["Cohere"])][:2] == ["Hello.", "Hello!"]


def test_instructions_beside_a_stored_response_are_its_system_text() -> None:
    items = [{"type": "message", "role": "assistant", "content": [{"text": ANSWER}]}]
    row = {"instructions": SYSTEM["content"], "input": QUESTION, "output": items}
    assert lines(row) == [("system", SYSTEM["content"]), *ASKED_AND_ANSWERED]


def test_a_search_of_the_responses_api_is_named_and_is_no_turn() -> None:
    left_out = LeftOutCounts()
    search = {"type": "web_search_call", "status": "completed"}
    row = {"input": QUESTION, "output": [search, {"type": "message", **REPLY}]}
    assert lines(row, left_out) == ASKED_AND_ANSWERED
    assert "output.web_search_call" in left_out.rows


FAILURES = {
    "error beside null": ({"response": None, "error": {"message": "too many"}}, "too many"),
    "error as text": ({"response": "", "error": "timed out"}, "timed out"),
    "error in the response": ({"response": {"error": {"message": "no key"}}}, "no key"),
    "status as text": ({"response": COMPLETION, "status_code": "500"}, "status 500"),
    "status in the response": ({"response": {"status_code": 429, "body": {}}}, "status 429"),
    "status as a word": ({"response": {}, "status": "failure"}, "status failure"),
    "no choices": ({"response": {"choices": []}}, "no reply of the assistant"),
}


@pytest.mark.parametrize(("beside", "said"), FAILURES.values(), ids=FAILURES)
def test_a_request_that_failed_is_refused_with_what_the_log_says(beside: Any, said: str) -> None:
    assert said in why({"request": FAILED, **beside})


HALVES = {
    "completion": (COMPLETION, "file of requests"),
    "batch output": ({"custom_id": "1", "response": {"body": COMPLETION}}, "file of requests"),
    "batch input": ({"custom_id": "1", "body": FAILED}, "file of responses"),
}


@pytest.mark.parametrize(("row", "missing"), HALVES.values(), ids=HALVES)
def test_half_a_log_is_refused_with_the_file_that_is_missing(row: Any, missing: str) -> None:
    assert missing in why(row)


WORDS = [
    '{"role": "admin", "content": "x"}',
    '{"role": "user", "content": "Hello"}',
    '{"message": {"content": "hello"}}',
    '{"error": "not found"}',
    '{"data": {"role": "assistant", "content": "x"}}',
    '{"choices": ["red", "green"]}',
    '[{"text": "red"}, {"text": "blue"}]',
]


@pytest.mark.parametrize("answer", WORDS)
@pytest.mark.parametrize("columns", [("prompt", "response"), ("question", "answer")])
def test_json_that_a_plain_question_asks_for_stays_as_it_was_written(
    answer: str, columns: tuple[str, str]
) -> None:
    row = dict(zip(columns, ("Write it as JSON.", answer), strict=True))
    assert lines(row) == [("user", "Write it as JSON."), ("assistant", answer)]


@pytest.mark.parametrize("given", [[USER, REPLY], FAILED])
def test_messages_that_a_task_is_about_are_words_and_the_task_is_asked(given: Any) -> None:
    text = json.dumps(given)
    row = {"instruction": "Sum up this chat.", "input": text, "output": "It is about a kettle."}
    assert lines(row)[0] == ("user", f"Sum up this chat.\n\n{text}")


def test_json_that_a_logged_request_asks_for_is_the_reply() -> None:
    row = {"input": json.dumps([USER]), "output": '{"name": "Anna"}'}
    assert lines(row) == [("user", QUESTION), ("assistant", '{"name": "Anna"}')]


def test_answers_of_which_nobody_says_which_counts_are_not_chosen_from() -> None:
    row = {"prompt": QUESTION, "response": {"text": ["Yes.", "No."]}}
    assert "2 different answers" in why(row)


def test_further_choices_and_earlier_requests_are_named() -> None:
    left_out = LeftOutCounts()
    choices = [{"message": REPLY}, {"message": {"role": "assistant", "content": "Or not."}}]
    lines({"request": FAILED, "response": {"choices": choices}}, left_out)
    run = {"input": [USER], "output": REPLY}
    lines({"observations": [run, run]}, left_out)
    assert left_out.texts == {"response.choices": 1, "observations": 1}


TEXTS = st.text(st.characters(codec="utf-8", categories=("L", "Nd")), min_size=1, max_size=12)
SAID = TEXTS.map(lambda text: f"Say {text} again, please.")
ANYTHING = st.recursive(
    TEXTS | st.integers(0, 9), lambda inner: st.dictionaries(TEXTS, inner, max_size=3)
)


@settings(max_examples=40)
@given(SAID, ANYTHING.filter(lambda value: isinstance(value, dict)))
def test_any_object_in_json_text_is_the_reply_to_a_plain_question(asked: str, value: Any) -> None:
    answer = json.dumps(value)
    assert lines({"prompt": asked, "response": answer}) == [("user", asked), ("assistant", answer)]
