"""Rows that nothing else reads, called by what they are: labels, bare text, lone questions."""

from typing import Any

from pipeline.readers.candidate import Refused
from pipeline.readers.formats.asked import QUESTION_COLUMNS
from pipeline.readers.formats.question_answer import ANSWER_COLUMNS, snake_case_columns
from schemas.reasons import Rejection

TEXT_COLUMNS = ("text", "utterance", "sentence")
LABEL_COLUMNS = ("intent", "category", "label", "labels", "intents", "class", "sentiment")
SPEECH_COLUMNS = ("turns", "dialog", "dialogue", "utterances")


def to_candidates(row: Any) -> list[Refused] | None:
    """Why a row is not a conversation; None when that cannot be said."""
    if not isinstance(row, dict) or not row:
        return None
    if _lists_of_labels(row):
        return _refused("holds lists of a text and its label, which train a classifier, not a chat")
    cells = snake_case_columns(row)
    text = next((name for name in TEXT_COLUMNS if isinstance(cells.get(name), str)), None)
    label = next((name for name in LABEL_COLUMNS if name in cells), None)
    if text and label:
        return _refused(f"is {text} and {label}: labels train a classifier, not a chat")
    if {"sentence1", "sentence2"} <= cells.keys():
        return _refused("is a pair of sentences, neither of which answers the other")
    if any(_is_list_of_texts(cells.get(name)) for name in SPEECH_COLUMNS):
        return _refused("holds speeches that do not say who speaks")
    if text:
        why = (
            f"has one {text} in which no tag of a known template says who speaks; name the "
            "columns with --map, or write the turns as messages"
        )
        return [Refused(Rejection.unknown_format, why)]
    return _lone_side(cells)


def _lone_side(cells: dict[str, Any]) -> list[Refused] | None:
    """A question without an answer, or the other way round."""
    question = next(
        (name for name in (*QUESTION_COLUMNS, "instruction") if cells.get(name) is not None), None
    )
    answer = next((name for name in ANSWER_COLUMNS if cells.get(name) is not None), None)
    if question and not answer:
        why = f"has a {question} and no answer; name its column with --map assistant=…"
        return [Refused(Rejection.no_assistant_turn, why)]
    if answer and not question:
        why = f"has an {answer} and no question; name its column with --map user=…"
        return [Refused(Rejection.no_user_turn, why)]
    return None


def _refused(why: str) -> list[Refused]:
    return [Refused(Rejection.not_chat, why)]


def _is_list_of_texts(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, str) for item in value)


def _lists_of_labels(row: dict[str, Any]) -> bool:
    """As in CLINC: `{"train": [["what is my balance", "balance"], …], "val": …}`."""
    return all(
        isinstance(split, list) and split and _is_list_of_texts(split[0]) and len(split[0]) == 2
        for split in row.values()
    )
