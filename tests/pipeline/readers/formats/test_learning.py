"""Labels of other trainers are obeyed: what must not be learnt is not."""

from typing import Any

import pytest

from pipeline.readers import Refused
from schemas.reasons import Rejection
from tests.pipeline.readers.formats.rows import REPLY, USER, record, to_record

NOT_LEARNT = [
    {"weight": 0}, {"train": False}, {"training": "false"}, {"loss": False}, {"loss_weight": 0.0},
    {"annotation": {"rating": -1}}, {"feedback": "thumbs_down"}, {"rating": "👎"},
]  # fmt: skip


@pytest.mark.parametrize("label", NOT_LEARNT, ids=str)
@pytest.mark.parametrize("column", ["messages", "conversations"])
def test_a_reply_that_must_not_be_learnt_is_context(column: str, label: dict[str, Any]) -> None:
    read = record({column: [USER, REPLY | label, USER, REPLY]})
    assert [message.learn for message in read.messages] == [True, False, True, True]


@pytest.mark.parametrize(
    "label",
    [{"label": value} for value in (False, 0, "0", "False", "bad")]
    + [{"kto_tag": False}, {"feedback": "thumbs_down"}, {"rating": -1}, {"Rating": "👎"}]
    + [{"user_rating": "bad"}, {"customer_feedback": "negative"}, {"reaction": "dislike"}],
    ids=str,
)
def test_a_row_whose_reply_is_marked_as_bad_is_refused_and_a_good_one_is_read(
    label: dict[str, Any],
) -> None:
    for row in ({"messages": [USER, REPLY]}, {"prompt": "Hi?", "completion": "Yes."}):
        refused = to_record(row | label, "f:1")
        assert isinstance(refused, Refused)
        assert refused.reason is Rejection.marked_bad
        good = {name: True for name in label}
        assert record(row | good).id == record([USER, REPLY]).id


@pytest.mark.parametrize("label", [{"label": 7}, {"rating": 1}, {"feedback": "Thanks a lot!"}])
def test_a_label_that_does_not_say_that_the_reply_is_bad_refuses_nothing(
    label: dict[str, Any],
) -> None:
    assert record({"prompt": "Hi?", "completion": "Yes."} | label).id == record([USER, REPLY]).id


def test_a_thumb_that_points_down_refuses_where_the_column_says_so() -> None:
    assert isinstance(to_record({"messages": [USER, REPLY], "thumbs_down": True}, "f:1"), Refused)
    assert record({"messages": [USER, REPLY], "thumbs_down": False}).messages[1].learn
    assert isinstance(to_record([USER, REPLY | {"thumbs_down": 1}], "f:1"), Refused)


@pytest.mark.parametrize("switch", [{"weight": 0}, {"train": False}, {"weight": "0.0"}], ids=str)
def test_a_row_that_is_not_to_be_trained_on_is_refused(switch: dict[str, Any]) -> None:
    refused = to_record({"question": "Hi?", "answer": "Yes."} | switch, "f:1")
    assert isinstance(refused, Refused)
    assert "not to be trained on" in refused.why
    assert record({"question": "Hi?", "answer": "Yes.", "weight": 1, "train": True}).messages
