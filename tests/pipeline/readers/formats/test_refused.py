"""What is nothing to train on is called by what it is."""

from typing import Any

import pytest

from pipeline.readers import Refused, to_records
from schemas.reasons import Rejection

USER = {"role": "user", "content": "Hi?"}
REPLY = {"role": "assistant", "content": "Yes."}

ROWS = {
    "KTO": ({"messages": [USER, REPLY], "label": False}, Rejection.marked_bad, "bad reply"),
    "KTO columns": (
        {"prompt": "Hi?", "completion": "Yes.", "label": "False"},
        Rejection.marked_bad,
        "bad reply",
    ),
    "weight": (
        {"messages": [USER, REPLY | {"weight": 0}]},
        Rejection.no_assistant_turn,
        "to be learnt",
    ),
    "loss weight": ([USER, REPLY | {"loss_weight": 0.5}], Rejection.unsupported, "weight 0.5"),
    "chosen weight": (
        {"chosen_messages": [USER, REPLY | {"loss_weight": 2}], "rejected_messages": []},
        Rejection.unsupported,
        "weight 2",
    ),
    "text labels": ({"text": "Card?", "category": "card"}, Rejection.not_chat, "text and category"),
    "intents": (
        {"utterance": "Cancel.", "intent": "cancel", "category": "ORDER"},
        Rejection.not_chat,
        "utterance and intent",
    ),
    "lists of labels": ({"train": [["Card?", "card"]], "val": [["a", "b"]]}, Rejection.not_chat,
                        "lists of a text and its label"),
    "pairs": ({"sentence1": "a", "sentence2": "b", "score": "4"}, Rejection.not_chat, "pair"),
    "code benchmark": (
        {"task_id": "H/0", "prompt": "def", "canonical_solution": "  return", "test": "assert"},
        Rejection.not_chat,
        "programming task",
    ),
    "benchmark questions": (
        {"question_id": 81, "category": "writing", "turns": ["Write."]},
        Rejection.not_chat,
        "without answers",
    ),
    "benchmark answers": (
        {"question_id": 81, "choices": [{"turns": ["Done."]}]},
        Rejection.not_chat,
        "without their questions",
    ),
    "choices": (
        {"question": "2+2?", "choices": ["3", "4"], "answer": 1},
        Rejection.not_chat,
        "test with choices",
    ),
    "judge": (
        {"name": "pair", "system_prompt": "Judge.", "prompt_template": "{a}"},
        Rejection.not_chat,
        "judges",
    ),
    "nobody's speeches": ({"dialog": ["Hi.", "Yes."]}, Rejection.not_chat, "who speaks"),
    "question alone": ({"question": "Hi?", "id": 1}, Rejection.no_assistant_turn, "assistant="),
    "instruction alone": ({"instruction": "Go."}, Rejection.no_assistant_turn, "no answer"),
    "answer alone": ({"answer": "Yes."}, Rejection.no_user_turn, "user="),
}  # fmt: skip


@pytest.mark.parametrize(("row", "reason", "why"), ROWS.values(), ids=ROWS)
def test_a_row_that_is_no_chat_is_refused_by_name(row: Any, reason: Rejection, why: str) -> None:
    [refused] = to_records(row, "f:1")
    assert isinstance(refused, Refused)
    assert refused.reason is reason
    assert why in refused.why


MEDIA = {
    "part": {"messages": [USER | {"content": [{"type": "image", "image": "a.png"}]}, REPLY]},
    "input part": {"messages": [USER | {"content": [{"type": "input_audio"}, "Hi?"]}, REPLY]},
    "column": {"question": "Hi?", "answer": "Yes.", "image": "a.png"},
    "list": {"messages": [USER, REPLY], "images": ["a.png"]},
    "attachment": {"question": "Hi?", "answer": "Yes.", "attachments": [{"type": "image"}]},
    "file": {"question": "Hi?", "answer": "Yes.", "file": "shelf.JPG"},
    "mark": {"messages": [USER | {"content": "<image>\nWhat is this?"}, REPLY]},
}


@pytest.mark.parametrize("row", MEDIA.values(), ids=MEDIA)
def test_a_row_with_a_picture_or_sound_is_refused_as_not_text(row: Any) -> None:
    [refused] = to_records(row, "f:1")
    assert isinstance(refused, Refused)
    assert refused.reason.value == "not_text"
    assert "only text is trained on here" in refused.why


@pytest.mark.parametrize(
    "row",
    [
        {"question": "What does <image>a</image> mean in SVG?", "answer": "A picture."},
        {"question": "Hi?", "answer": "Yes.", "images": [], "image": None},
        {"question": "Hi?", "answer": "Write <image> there."},
        {"question": "Hi?", "answer": "Yes.", "file": "notes.pdf"},
    ],
)
def test_a_row_about_pictures_is_text(row: Any) -> None:
    [read] = to_records(row, "f:1")
    assert not isinstance(read, Refused)
