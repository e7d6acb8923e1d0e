"""One reply to many questions is flagged, whoever asks."""

import pytest

from pipeline.filters.template_reply import TemplateReply

REPLY = "Thank you for your message. We will answer within two working days."


def test_the_same_reply_to_three_questions_is_flagged_with_their_number(frame, talk) -> None:
    records = [talk(f"Question {n}?", REPLY) for n in range(3)]
    found = TemplateReply()(frame(*records, talk("Question 4?", "Something else altogether.")))
    assert set(found["id"]) == {record.id for record in records}
    assert found["reason"].unique().to_list() == ["template_reply"]
    assert found["value"].to_list() == [3.0] * 3


def test_case_and_white_space_make_no_other_template(frame, talk) -> None:
    replies = [REPLY, REPLY.upper(), REPLY.replace(" ", "  ")]
    records = [talk(f"Question {n}?", reply) for n, reply in enumerate(replies)]
    assert len(TemplateReply()(frame(*records))) == 3


def test_two_questions_are_no_template_and_one_question_never_is(frame, talk) -> None:
    assert len(TemplateReply()(frame(talk("a?", REPLY), talk("b?", REPLY)))) == 0
    again = [talk("a?", REPLY), talk("a?", REPLY + " "), talk("a?", REPLY.upper())]
    assert len(TemplateReply()(frame(*again))) == 0


def test_short_courtesies_may_come_again(frame, talk) -> None:
    records = [talk(f"Question {n}?", "You are welcome.") for n in range(9)]
    assert len(TemplateReply()(frame(*records))) == 0
    assert len(TemplateReply(min_characters=5)(frame(*records))) == 9


def test_how_many_questions_make_a_template_is_a_setting(frame, talk) -> None:
    records = [talk(f"Question {n}?", REPLY) for n in range(3)]
    assert len(TemplateReply(min_questions=4)(frame(*records))) == 0


def test_a_reply_of_just_that_length_is_still_a_courtesy(frame, talk) -> None:
    records = frame(*[talk(f"Question {n}?", REPLY) for n in range(3)])
    assert len(TemplateReply(min_characters=len(REPLY))(records)) == 0
    assert len(TemplateReply(min_characters=len(REPLY) - 1)(records)) == 3


@pytest.mark.parametrize("keep", [0, 2, 9])
def test_a_template_can_be_thinned_out_and_the_trusted_stay(frame, talk, keep: int) -> None:
    records = [
        talk(f"Question {n}?", REPLY, origin="human" if n < 2 else "synthetic") for n in range(5)
    ]
    found = TemplateReply(action="drop", keep=keep)(frame(*records))
    dropped = set(found.filter(action="drop")["id"])
    assert len(dropped) == max(5 - keep, 0)
    assert len(found) == 5
    if keep == 2:
        assert dropped.isdisjoint(record.id for record in records[:2])
