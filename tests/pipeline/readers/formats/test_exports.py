"""Exports of assistants: files, thoughts, calls and hidden messages are used, named or refused."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.readers import Refused, to_records
from pipeline.readers.candidate import LeftOutCounts
from schemas.record import Record

QUESTION, ANSWER = "Does the blue kettle fit an induction hob?", "It does: its base is steel."
THOUGHT = "Steel is magnetic."


def record(row: Any, left_out: LeftOutCounts | None = None) -> Record:
    [read] = to_records(row, "f:1", left_out=left_out)
    assert isinstance(read, Record), read
    return read


def refused(row: Any) -> str:
    [read] = to_records(row, "f:1")
    assert isinstance(read, Refused), read
    return read.why


def roles(row: Any) -> list[tuple[str, str]]:
    return [(message.role, message.text) for message in record(row).messages]


def chatgpt(*messages: dict[str, Any]) -> dict[str, Any]:
    mapping = {
        str(number): {"message": message, "parent": str(number - 1)}
        for number, message in enumerate(messages)
    }
    return {"title": "Chat", "mapping": mapping, "current_node": str(len(messages) - 1)}


def said(role: str, text: str, **others: Any) -> dict[str, Any]:
    content = others.pop("content", {"content_type": "text", "parts": [text]})
    return {"author": {"role": role}, "content": content, **others}


def claude(*messages: dict[str, Any]) -> dict[str, Any]:
    return {"uuid": "k", "name": "Chat", "chat_messages": [*messages]}


def human(**others: Any) -> dict[str, Any]:
    return {"sender": "human", "text": QUESTION, **others}


REPLY = {"sender": "assistant", "text": ANSWER}
CALL = {"type": "tool_use", "id": "t", "name": "find", "input": {"q": "kettle"}}
RESULT = {"type": "tool_result", "tool_use_id": "t", "content": [{"type": "text", "text": "steel"}]}
TEXT = {"type": "text", "text": ANSWER}

UNSEEN = {
    "custom instructions": said(
        "user", "", content={"content_type": "user_editable_context", "user_profile": "I cook."}
    ),
    "tool and hidden messages": said(
        "assistant", "", content={"content_type": "code", "text": "1 + 1"}, recipient="python"
    ),
}


@pytest.mark.parametrize(("name", "message"), UNSEEN.items(), ids=UNSEEN)
def test_what_chatgpt_did_not_show_is_no_turn_and_is_named(name: str, message: Any) -> None:
    left_out = LeftOutCounts()
    row = chatgpt(message, said("user", QUESTION), said("assistant", ANSWER))
    assert [message.text for message in record(row, left_out).messages] == [QUESTION, ANSWER]
    assert list(left_out.rows) == [f"mapping.{name}"]


def test_files_of_a_chatgpt_message_are_named_as_text_that_is_missing() -> None:
    left_out = LeftOutCounts()
    metadata = {"attachments": [{"name": "manual.pdf"}]}
    record(chatgpt(said("user", QUESTION, metadata=metadata), said("assistant", ANSWER)), left_out)
    assert left_out.texts == {"mapping.attachments": 1}


@pytest.mark.parametrize("kind", ["image_asset_pointer", "audio_transcription"])
def test_pictures_and_speech_in_chatgpts_export_are_refused(kind: str) -> None:
    content = {"content_type": "multimodal_text", "parts": [{"content_type": kind, "text": "x"}]}
    row = chatgpt(said("user", "", content=content), said("assistant", ANSWER))
    assert "only text is trained on" in refused(row)


JSON = st.recursive(
    st.none() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=2), inner),
    max_leaves=4,
)
FIELDS = ["message", "parent", "author", "content", "metadata", "parts", "thoughts", "recipient"]


@settings(max_examples=60)
@given(st.dictionaries(st.sampled_from(FIELDS), JSON), JSON, st.sampled_from(FIELDS))
def test_any_node_of_chatgpts_tree_is_read_or_refused(node: Any, last: Any, field: str) -> None:
    whole = {"message": said("user", QUESTION, **node), "parent": last}
    for mapping in ({"0": node}, {"0": whole}, {"0": {**whole, field: last}}):
        assert to_records({"mapping": mapping, "current_node": last}, "f:1")


def test_the_text_of_a_file_stands_behind_the_question_that_it_came_with() -> None:
    row = claude(human(attachments=[{"file_name": "a.txt", "extracted_content": "Steel."}]), REPLY)
    assert roles(row)[0] == ("user", f"{QUESTION}\nSteel.")


def test_a_file_without_text_is_named_and_a_picture_refused() -> None:
    left_out = LeftOutCounts()
    record(claude(human(files=[{"file_name": "a.pdf"}]), REPLY), left_out)
    assert left_out.texts == {"chat_messages.files": 1}
    assert "a picture" in refused(claude(human(files=[{"file_name": "my hob.PNG"}]), REPLY))


def test_a_call_its_result_and_the_answer_of_one_message_are_three_turns_in_order() -> None:
    thinking = {"type": "thinking", "thinking": THOUGHT}
    blocks = [thinking, CALL, RESULT, TEXT]
    for row in (
        claude(human(), {**REPLY, "content": blocks}),
        {"messages": [{"role": "user", "content": QUESTION},
                      {"role": "assistant", "content": blocks}]},
    ):  # fmt: skip
        [_, call, tool, reply] = record(row).messages
        assert [part.function.name for part in call.tool_calls] == ["find"]
        assert (call.reasoning, tool.role, tool.text, tool.tool_call_id) == (
            THOUGHT, "tool", "steel", "t",
        )  # fmt: skip
        assert (reply.text, reply.reasoning, reply.tool_calls) == (ANSWER, None, ())


def test_all_turns_of_a_message_that_is_not_learnt_are_context() -> None:
    messages = [
        {"role": "user", "content": QUESTION},
        {"role": "assistant", "weight": 0, "content": [CALL, RESULT, TEXT]},
        {"role": "user", "content": "Sure?"},
        {"role": "assistant", "content": "Yes."},
    ]
    read = record({"messages": messages}).messages
    assert [message.learn for message in read if message.role == "assistant"] == [False] * 2 + [
        True
    ]


def test_thoughts_that_open_webui_shows_are_reasoning() -> None:
    details = '<details type="reasoning" done="true">\n<summary>Thought</summary>\n> '
    messages = {
        "1": {"id": "1", "parentId": None, "role": "user", "content": QUESTION},
        "2": {
            "id": "2",
            "parentId": "1",
            "role": "assistant",
            "content": f"{details}{THOUGHT}\n</details>\n{ANSWER}",
        },
    }
    reply = record({"chat": {"history": {"messages": messages, "currentId": "2"}}}).messages[-1]
    assert (reply.text, reply.reasoning) == (ANSWER, THOUGHT)


def test_thinking_steps_of_lm_studio_are_reasoning() -> None:
    steps = [
        {"style": {"type": "thinking"}, "content": [{"type": "text", "text": THOUGHT}]},
        {"type": "contentBlock", "content": [TEXT]},
        {"type": "debugInfoBlock"},
    ]
    user = {"role": "user", "content": [{"type": "text", "text": QUESTION}]}
    row = {
        "messages": [
            {"versions": [user], "currentlySelected": 0},
            {"versions": [{"role": "assistant", "steps": steps}], "currentlySelected": 0},
        ]
    }
    reply = record(row).messages[-1]
    assert (reply.text, reply.reasoning) == (ANSWER, THOUGHT)


def test_a_picture_beside_a_message_of_open_webui_is_refused() -> None:
    files = [{"type": "image", "url": "x"}]
    user = {"id": "1", "parentId": None, "role": "user", "content": QUESTION, "files": files}
    row = {"chat": {"history": {"messages": {"1": user}, "currentId": "1"}}}
    assert "a picture" in refused(row)


ACTIVITY = {
    "header": "Gemini Apps",
    "title": f"Prompted {QUESTION}",
    "safeHtmlItem": [{"html": f"<p>{ANSWER}</p>"}],
}


def test_an_activity_of_geminis_app_is_a_question_and_its_answer() -> None:
    assert roles(ACTIVITY) == [("user", QUESTION), ("assistant", ANSWER)]
    assert "export it in English" in refused({**ACTIVITY, "title": f"Gefragt: {QUESTION}"})
    assert "without an answer" in refused({**ACTIVITY, "safeHtmlItem": None})


PARTS = [{"type": "text", "text": QUESTION}]


@pytest.mark.parametrize("text", [json.dumps(PARTS), str(PARTS)])
def test_parts_that_a_file_wrote_as_text_are_parts(text: str) -> None:
    row = {"messages": [{"role": "user", "content": text}, {"role": "assistant", "content": "Y"}]}
    assert roles(row)[0] == ("user", QUESTION)


@pytest.mark.parametrize("value", [[{"type": "fruit", "text": "pear"}], [{"text": "x"}], [{}]])
def test_a_list_of_objects_that_somebody_asks_about_is_words(value: Any) -> None:
    text = json.dumps(value)
    row = {"messages": [{"role": "user", "content": text}, {"role": "assistant", "content": "Y"}]}
    assert roles(row)[0] == ("user", text)


@pytest.mark.parametrize("column", ["contents", "history"])
def test_gemini_may_leave_out_who_asks_and_write_parts_as_texts(column: str) -> None:
    row = {column: [{"parts": [QUESTION]}, {"role": "model", "parts": [{"text": ANSWER}]}]}
    assert roles(row) == [("user", QUESTION), ("assistant", ANSWER)]


def test_types_of_geminis_schemas_are_those_of_json() -> None:
    schema = {"type": "OBJECT", "properties": {"type": {"type": "STRING", "enum": ["OBJECT"]}}}
    row = {
        "contents": [
            {"role": "user", "parts": [{"text": QUESTION}]},
            {"role": "model", "parts": [{"text": ANSWER}]},
        ],
        "tools": [{"functionDeclarations": [{"name": "find", "parameters": schema}]}],
    }
    [tool] = record(row).tools
    properties = {"type": {"type": "string", "enum": ["OBJECT"]}}
    assert tool["function"]["parameters"] == {"type": "object", "properties": properties}


def test_results_of_coheres_tools_are_turns() -> None:
    call = {"name": "find", "parameters": {"q": "kettle"}}
    row = {
        "messages": [
            {"role": "USER", "message": QUESTION},
            {"role": "CHATBOT", "message": "", "tool_calls": [call]},
            {"role": "TOOL", "tool_results": [{"call": call, "outputs": [{"base": "steel"}]}]},
            {"role": "CHATBOT", "message": ANSWER},
        ]
    }
    [_, asked, tool, _] = record(row).messages
    assert asked.tool_calls[0].function.arguments == '{"q": "kettle"}'
    assert (tool.role, tool.name, tool.text) == ("tool", "find", '[{"base": "steel"}]')


GLAIVE = (
    "USER: Where?\n\n\nASSISTANT: Wait. <functioncall> "
    '{"name": "find", "arguments": \'{"q": "it\\\'s"}\'} <functioncall> {"name": "count"}'
    " <|endoftext|>\n\n\nFUNCTION RESPONSE: here\n\n\nASSISTANT: Here. <|endoftext|>"
)


def test_glaives_calls_are_all_read_with_what_is_said_around_them() -> None:
    [_, called, tool, reply] = record({"chat": GLAIVE}).messages
    assert [part.function.name for part in called.tool_calls] == ["find", "count"]
    assert json.loads(called.tool_calls[0].function.arguments) == {"q": "it's"}
    assert (called.text, tool.text, reply.text) == ("Wait.", "here", "Here.")


GOOD = {"tag": "bye", "patterns": ["Bye now"], "responses": ["See you soon."]}


@pytest.mark.parametrize("intents", [[GOOD, {"tag": "odd", "patterns": 5}], [GOOD, 7]])
def test_an_intent_that_cannot_be_read_does_not_take_the_others_with_it(intents: Any) -> None:
    read, odd = to_records({"intents": intents}, "f:1")
    assert isinstance(read, Record)
    assert isinstance(odd, Refused)
    assert "no tag with a list of patterns" in odd.why


@pytest.mark.parametrize(
    "intents",
    [{"bye": {"patterns": ["Bye now"], "responses": ["See you soon."]}},
     [{"intent": "bye", "text": ["Bye now"], "responses": ["See you soon."]}]],
)  # fmt: skip
def test_intents_by_tag_and_with_other_names_are_intents(intents: Any) -> None:
    read = record({"intents": intents})
    assert [message.text for message in read.messages] == ["Bye now", "See you soon."]
    assert read.domain == "bye"
