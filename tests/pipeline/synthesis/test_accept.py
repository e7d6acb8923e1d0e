import json

import pytest

from pipeline.llm.call import Finish, Reply
from pipeline.synthesis.accept import Fault, read_reply
from pipeline.synthesis.plan import SlotPlan

PROMPT = "Write one conversation as it could have happened about a parcel that is late."
GOOD = {"exchanges": [{"user": "Where is it?", "assistant": "Open the tracking page first."}]}


def plan(system: str | None = None) -> SlotPlan:
    return SlotPlan(slot=0, language="en", topic=("t",), axes={"turns": "1"}, system=system)


def reply(text: str, finish: Finish = Finish.stop) -> Reply:
    return Reply(text=text, finish=finish, model="m")


def read(text: str, finish: Finish = Finish.stop) -> object:
    return read_reply(reply(text, finish), plan(), PROMPT)


def pair(user: str, assistant: str) -> str:
    return json.dumps({"exchanges": [{"user": user, "assistant": assistant}]})


def test_a_good_reply_becomes_alternating_messages() -> None:
    two = {"exchanges": GOOD["exchanges"] * 2}
    messages = read(json.dumps(two))
    assert [m.role for m in messages] == ["user", "assistant"] * 2
    assert messages[1].content == "Open the tracking page first."


def test_the_planned_system_message_comes_first() -> None:
    messages = read_reply(reply(json.dumps(GOOD)), plan("Be brief."), PROMPT)
    assert (messages[0].role, messages[0].content) == ("system", "Be brief.")


def test_a_code_fence_round_the_json_is_forgiven() -> None:
    assert read(f"```json\n{json.dumps(GOOD)}\n```") == read(json.dumps(GOOD))


@pytest.mark.parametrize(
    ("text", "finish", "fault"),
    [
        (json.dumps(GOOD), Finish.length, Fault.cut_off),
        ("", Finish.refusal, Fault.refusal),
        ("I'm sorry, but I can't write that.", Finish.stop, Fault.refusal),
        ("Here is a conversation:", Finish.stop, Fault.unparsable),
        (json.dumps(GOOD)[:-1], Finish.stop, Fault.unparsable),
        ("[1, 2]", Finish.stop, Fault.wrong_shape),
        ('{"exchanges": []}', Finish.stop, Fault.wrong_shape),
        ('{"exchanges": ["hello"]}', Finish.stop, Fault.wrong_shape),
        ('{"exchanges": [{"user": "only"}]}', Finish.stop, Fault.wrong_shape),
        ('{"exchanges": [{"user": "a", "assistant": 3}]}', Finish.stop, Fault.wrong_shape),
        (pair("Hello?", " \n"), Finish.stop, Fault.empty),
        (pair("...", "Yes."), Finish.stop, Fault.empty),
        (pair("Hi", "Write one conversation as it could have happened!"), Finish.stop,
         Fault.prompt_leak),
        (pair("Hi", "Sure.\nUser: thanks"), Finish.stop, Fault.prompt_leak),
    ],
)  # fmt: skip
def test_each_fault_has_its_name(text: str, finish: Finish, fault: Fault) -> None:
    assert read(text, finish) is fault


def test_seven_words_of_the_prompt_are_not_a_leak() -> None:
    reply_text = pair(
        "So what could have happened about a parcel?", "It could have happened in the depot."
    )
    assert not isinstance(read(reply_text), Fault)
