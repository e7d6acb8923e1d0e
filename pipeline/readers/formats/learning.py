"""Labels of other trainers: which reply is to be learnt, and which one is bad."""

from collections.abc import Mapping
from typing import Any

from pipeline.readers.formats.beside import INVERSE_MARK_NAMES, MARK_NAMES, column_key, is_mark_name

WEIGHT_FIELDS = frozenset(
    ("weight", "lossweight", "train", "training", "trainable", "loss", "learn", "lossscale")
)
"""Fields of a message that say whether training learns it: OpenAI's `weight`, axolotl's `train`
and `training`, ms-swift's `loss`."""

NO_WORDS = frozenset(("false", "0", "0.0", "no", "off", "n", "f"))
YES_WORDS_OF_LABELS = frozenset(("true", "1", "1.0", "yes", "on", "y", "t"))

NUMBERED_MARKS = frozenset(("label", "kto", "ktotag", "ktolabel", "desirable", "isdesirable"))
"""Those in which 0 is bad and 1 is good. A rating of 1 may be the worst of five."""

LABEL_WORDS = frozenset(("good", "bad", "desirable", "undesirable", "chosen", "rejected"))
"""Words that count under `NUMBERED_MARKS`: `negative` may be the label of a feeling there."""

GOOD_WORDS = frozenset(
    ("good", "up", "thumbsup", "positive", "like", "liked", "desirable", "chosen", "accepted",
     "approved", "helpful", "correct", "upvote", "upvoted", "👍")
)  # fmt: skip
BAD_WORDS = frozenset(
    ("bad", "down", "thumbsdown", "negative", "dislike", "disliked", "undesirable", "rejected",
     "declined", "unhelpful", "incorrect", "wrong", "downvote", "downvoted", "poor", "👎")
)  # fmt: skip


def is_learnt(message: Mapping[str, Any]) -> bool | None:
    """Whether a message is to be learnt, by its own fields; None when it does not say.

    A reply that somebody marked as bad is not.
    """
    learnt: bool | None = None
    for name, value in message.items():
        key = column_key(name)
        if key in WEIGHT_FIELDS:
            said = _yes_or_no(value)
        elif is_mark_name(key):
            said = None if mark_of(key, value) is not False else False
        else:
            continue
        learnt = learnt if said is None else said and learnt is not False
    return learnt


def mark_of(key: str, value: Any) -> bool | None:
    """What a label says of a reply: True for good, False for bad, None for anything else.

    Args:
        key: The name of its column or field, as `column_key` writes it.
        value: The label: a boolean, a number, a word, or an object with one of `MARK_NAMES`.
    """
    if isinstance(value, Mapping):
        marks = [
            mark_of(inner, cell)
            for name, cell in value.items()
            if (inner := column_key(name)) in MARK_NAMES and not isinstance(cell, Mapping)
        ]
        return False if False in marks else True if True in marks else None
    if not is_mark_name(key):
        return None
    if key in INVERSE_MARK_NAMES:
        return False if _yes_or_no(value) else None
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        if value == -1:
            return False
        return value == 1 if key in NUMBERED_MARKS and value in (0, 1) else None
    if not isinstance(value, str):
        return None
    word = column_key(value) if value.strip() not in ("👍", "👎") else value.strip()
    if word in LABEL_WORDS if key in NUMBERED_MARKS else word in BAD_WORDS | GOOD_WORDS:
        return word in GOOD_WORDS
    if value.strip() == "-1":
        return False
    said = _yes_or_no(value)
    return said if key in NUMBERED_MARKS or not value.strip()[:1].isdigit() else None


def odd_weight(message: Mapping[str, Any]) -> float | None:
    """A weight of a message that is neither 0 nor 1, which cannot be honoured here."""
    for name, value in message.items():
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if is_number and value not in (0, 1) and column_key(name) in ("weight", "lossweight"):
            return float(value)
    return None


def _yes_or_no(value: Any) -> bool | None:
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return None if value != value else value != 0
    word = value.strip().lower() if isinstance(value, str) else ""
    return False if word in NO_WORDS else True if word in YES_WORDS_OF_LABELS else None
