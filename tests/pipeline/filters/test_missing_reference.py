"""A reply about options, a table or a picture that nobody has seen is flagged."""

import pytest

from pipeline.filters.missing_reference import MissingReference
from schemas.message import Message
from schemas.record import Record

FOUND = ["flag missing_reference"]
QUESTION = "Which gas do plants take in by day?"


@pytest.mark.parametrize(
    "reply",
    [
        "Plants take in carbon dioxide. Therefore the answer is (C).",
        "The correct answer is B.",
        "Answer: D",
        "植物白天吸收二氧化碳，故选C。",
        "答案是B",
        "正解はAです。",
        "Die richtige Antwort ist: B",
        "La réponse est la C",
        "As you can see in the table below, plants take in carbon dioxide.",
        "See Figure 2 for the gases that plants take in.",
        "The gases are shown in the chart above.",
        "如下图所示，植物吸收二氧化碳。",
        "Die Werte stehen in der Tabelle oben.",
    ],
)
def test_what_is_not_there_is_found(says, talk, reply: str) -> None:
    assert says(MissingReference(), talk(QUESTION, reply)) == FOUND


@pytest.mark.parametrize(
    ("question", "reply"),
    [
        (f"{QUESTION}\nA) oxygen\nB) carbon dioxide", "The answer is B."),
        (f"{QUESTION} A．氧气 B．二氧化碳", "答案是B，所以答案是B"),
        (f"{QUESTION} Option A: oxygen, option B: carbon dioxide", "The correct option is B"),
        ("Write a quiz.", "Which gas?\nA. oxygen\nB. carbon dioxide\nThe answer is B."),
        (QUESTION, "The answer is A. tumefaciens lives there, and so does A. rhizogenes."),
        (QUESTION, "The answer is C++, or perhaps A/B testing."),
        (QUESTION, "The answer is a gas."),
        ("Make a table.", "In the table below:\n| gas | by day |\n|---|---|\n| CO2 | yes |"),
        ("Name,Gas,Time\nfern,CO2,day\nmoss,O2,night", "As shown in the table above, the fern."),
        ("Draw it.", "![A fern](fern.png)\nYou see it in the picture above."),
        (QUESTION, "Set the table below the window, and see the figure."),
        (QUESTION, "```\n# see Figure 2\n```"),
    ],
)
def test_what_is_there_or_means_something_else_stays(says, talk, question, reply) -> None:
    assert says(MissingReference(), talk(question, reply)) == []


def test_a_system_text_or_a_tool_may_hold_it(says) -> None:
    def told(system_role: str) -> Record:
        system = Message(role="system", content="A) oxygen B) carbon dioxide")
        texts = (("user", QUESTION), ("assistant", "Answer: B"))
        turns = tuple(Message(role=role, content=text) for role, text in texts)
        return Record(messages=(system, *turns) if system_role else turns, source="a.jsonl:1")

    assert says(MissingReference(), told("system")) == []
    assert says(MissingReference(), told("")) == FOUND


def test_the_value_counts_places_and_the_action_is_a_setting(frame, talk) -> None:
    reply = "See Figure 2. The answer is C."
    [verdict] = MissingReference(action="drop")(frame(talk(QUESTION, reply))).to_dicts()
    assert (verdict["action"], verdict["value"]) == ("drop", 2.0)
