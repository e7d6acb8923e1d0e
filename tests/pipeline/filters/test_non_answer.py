"""The lack of an answer falls; an answer that is "none", and a refusal, do not."""

import pytest

from pipeline.filters.non_answer import NonAnswer

TASK = "Draw a chart of the sales."


@pytest.mark.parametrize(
    "reply",
    ["<nooutput>", "<no output>", "No Output", "nooutput.", "No output needed", "<noinput>", "N/A",
     "n/a", "None", "null", "nan", "No answer", "---"],
)  # fmt: skip
def test_a_non_answer_to_a_task_is_dropped(says, talk, reply: str) -> None:
    assert says(NonAnswer(), talk(TASK, reply)) == ["drop non_answer"]


@pytest.mark.parametrize("reply", ["<nooutput>", "No Output"])
def test_no_output_answers_no_question_either(says, talk, reply: str) -> None:
    assert says(NonAnswer(), talk("How many are left?", reply)) == ["drop non_answer"]


@pytest.mark.parametrize(
    ("question", "reply"),
    [
        ("How many are left?", "None"),
        ("Which of these is a fish: cow, dog?", "None."),
        ("What does the Python function return?", "None"),
        ("List the errors, if any.", "N/A"),
        (TASK, "No."),
        (TASK, "Nothing was sold."),
        (TASK, "I'm sorry, but I cannot help with making a weapon."),
        (TASK, "No results were sold in that year, so the chart is empty, as you can see."),
        (TASK, "todo"),
    ],
)
def test_what_may_be_an_answer_stays(says, talk, question: str, reply: str) -> None:
    assert says(NonAnswer(), talk(question, reply)) == []


def test_one_non_answer_among_replies_is_enough(frame, talk) -> None:
    record = talk(TASK, "Here it is.", "Another.", "<nooutput>")
    assert NonAnswer()(frame(record))["value"].to_list() == [1.0]
