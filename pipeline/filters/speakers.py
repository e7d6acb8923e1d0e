"""Turns of several speakers inside of one reply: `User: … Assistant: …`, in any language."""

import re
from itertools import pairwise
from typing import Literal, NamedTuple

from pipeline.filters.word_lists import whole_words
from pipeline.readers.formats.role_labels import is_person
from pipeline.readers.formats.roles import ANSWERING_WORDS, ASKING_WORDS

_USER_NAMES = frozenset(("human", "user"))
_ASSISTANT_NAMES = frozenset(("assistant", "bot", "chatbot", "gpt"))
"""Names that templates use, and few others: one of them alone may be a tag."""

_ASKING = _USER_NAMES | {word for word in ASKING_WORDS if is_person(word)}
_ANSWERING = _ASSISTANT_NAMES | {word for word in ANSWERING_WORDS if is_person(word)}

TURN = r"(?m:^[ \t]*(?:\*\*)?[^\W\d_][\w .]{0,24}?(?:\*\*)?[ \t]*[:：])"
"""A line that begins with a label; a quick look, also for Polars."""

_TURN = re.compile(
    r"^[ \t]*(?:\*\*)?(?P<label>[^\W\d_][\w .]{0,24}?)(?:\*\*)?[ \t]*[:：](?:\*\*)?(?P<said>.*)",
    re.M,
)
_SENTENCE = re.compile(r"[.?!…。？！؟।][\"'”»*)]*\s*\Z")
_QUESTION = re.compile(r"[?？؟][\"'”»*)]*\s*\Z")
_INTRODUCES = re.compile(r"(?:[:：)\]*]|\A)\s*\Z")
"""The end of what may stand before a dialogue: nothing, a colon, a direction, a heading in bold."""

_TURN_WORDS = 3
"""Words of the shortest turn that counts alone behind a reply: `User: admin` is no turn."""

Certainty = Literal["none", "maybe", "sure"]


class Turns(NamedTuple):
    """The lines of a reply that begin with a label."""

    labels: list[str]
    said: list[str]
    before: str
    """What stands before the first of them."""


def count_speakers(question: str, reply: str) -> tuple[int, Certainty]:
    """How many turns of several speakers a reply holds, and how surely these are a template's."""
    turns = _turns(reply)
    labels = set(turns.labels)
    if not labels:
        return 0, "none"
    if labels & _ASKING and labels & _ANSWERING and labels <= _ASKING | _ANSWERING:
        certainty = _of_known_sides(question, turns)
    elif labels <= _USER_NAMES or labels <= _ASSISTANT_NAMES:
        return _alone(turns), "sure"
    else:
        certainty = _of_unknown_sides(question, turns)
    return (len(turns.labels) if certainty != "none" else 0), certainty


def _turns(reply: str) -> Turns:
    found = list(_TURN.finditer(reply))
    labels = [turn["label"].strip().casefold() for turn in found]
    said = [turn["said"].strip() for turn in found]
    return Turns(labels, said, reply[: found[0].start()] if found else "")


def _of_known_sides(question: str, turns: Turns) -> Certainty:
    """A user and an assistant speak, which is a template unless a dialogue was asked for."""
    if not any(map(_SENTENCE.search, turns.said)):
        return "none"  # a list of fields: `User: owner`, `Agent: none`
    if not _asks_for_dialogue(question, set(turns.labels)):
        return "sure"
    return "none" if _INTRODUCES.search(turns.before) else "maybe"


def _of_unknown_sides(question: str, turns: Turns) -> Certainty:
    """Two speak in turn and one asks (`Arzt: …`, `Patient: …`), or the one addressed goes on."""
    labels = set(turns.labels)
    if not all(map(is_person, labels)) or _asks_for_dialogue(question, labels):
        return "none"
    if len(labels) == 1:
        goes_on = bool(turns.before.strip()) and len(turns.labels) > 1
        return "maybe" if goes_on and turns.labels[0] in question.casefold() else "none"
    changes = sum(one != other for one, other in pairwise(turns.labels))
    takes_turns = len(labels) == 2 and changes > 1 and any(map(_QUESTION.search, turns.said))
    return "maybe" if takes_turns else "none"


def _alone(turns: Turns) -> int:
    """Turns of an assistant, or of a user behind the reply."""
    if set(turns.labels) <= _ASSISTANT_NAMES:
        return len(turns.labels)
    behind = bool(turns.before.strip())
    return sum(
        (behind or place > 0) and len(said.split()) >= _TURN_WORDS
        for place, said in enumerate(turns.said)
    )


def _asks_for_dialogue(question: str, labels: set[str]) -> bool:
    """Whether the question names a dialogue, or all who speak in it."""
    asked = question.casefold()
    names_all = len(labels) > 1 and all(label in asked for label in labels)
    return names_all or bool(whole_words("leaked_tag", "dialogues").search(question))
