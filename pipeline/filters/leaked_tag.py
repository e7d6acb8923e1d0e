"""Tags of a chat template that were left in a reply as text."""

import re

import polars as pl

from pipeline.filters.screen import any_reply, measured, prose
from pipeline.filters.stage import FlagOrDrop, Stage
from pipeline.filters.word_lists import whole_words
from schemas.reasons import Reason
from schemas.verdict import Action

_TOKEN = (
    r"<\|[a-z_]{2,30}\|>|</s>|\[/?INST\]|<</?SYS>>|</?start_of_turn>|<end_of_turn>"
    r"|(?m:^\s*(?:#{2,3} ?(?:Human|Assistant|Instruction|Response|User|System)\s*:"
    r"|<(?:user|bot|human|assistant|gpt)>\s*:))"
)
"""Special tokens anywhere; at the beginning of a line the headings that some templates use."""

_NAME = r"(?m:^\s*(?:Human|Assistant|User|Chatbot|Bot|GPT)\s*:)"
"""Names that may be a template's or those of a list: `User: admin`."""

_TAG = f"{_TOKEN}|{_NAME}"
_TAG_REGEX = re.compile(_TAG)
_TOKEN_REGEX = re.compile(_TOKEN)
_NAME_REGEX = re.compile(
    r"^[ \t]*(?P<name>Human|Assistant|User|Chatbot|Bot|GPT)\s*:(?P<said>.*)", re.M
)
_FIELD_REGEX = re.compile(r"^[ \t]*[-*]?[ \t]*(?P<name>[^\W\d_][\w ]{0,24}?)\s*:[ \t]", re.M)
_USER_NAMES = frozenset(("Human", "User"))
_TURN_WORDS = 3
"""Words of the shortest turn that counts behind a reply: `User: admin` is no turn."""

_THOUGHT_MARKERS = re.compile(
    r"<\|(?:begin|end)_of_(?:thought|thinking|reasoning|solution|answer)\|>"
)


class LeakedTag(Stage):
    """Drop records with a chat template's tags in a reply, outside code.

    Such as `<|im_end|>`, `[/INST]` and `### Human:`: a model that learns them talks to itself.
    Passed over where the question has them too, is about such tags, or asks for a dialogue; and
    names such as `User:` in a list, or that nobody answers. Markers of thoughts are no leak.
    """

    measures = "number of tags in all replies"

    action: FlagOrDrop = Action.drop

    def __call__(self, records: pl.DataFrame) -> pl.DataFrame:
        """Verdicts on `records`; each value is what this stage `measures`."""
        matching = measured(records, any_reply(_TAG), _count_tags)
        return self.verdicts(matching, self.action, Reason.leaked_tag, pl.col("measure"))


def _count_tags(question: str, replies: list[str]) -> int:
    if whole_words("leaked_tag", "about_tags").search(question) or _TAG_REGEX.search(question):
        return 0
    return sum(_tags_of_reply(prose(reply)) for reply in replies)


def _tags_of_reply(reply: str) -> int:
    reply = _THOUGHT_MARKERS.sub("", reply)
    return len(_TOKEN_REGEX.findall(reply)) + _speakers(reply)


def _speakers(reply: str) -> int:
    """How many turns of others a reply holds: names of both sides, or one behind the reply."""
    names = list(_NAME_REGEX.finditer(reply))
    sides = {name["name"] in _USER_NAMES for name in names}
    if len(sides) != 1:
        return len(names)
    fields = {field["name"] for field in _FIELD_REGEX.finditer(reply)}
    if fields - {name["name"] for name in names}:
        return 0
    return sum(
        name["name"] not in _USER_NAMES
        or (bool(reply[: name.start()].strip()) and len(name["said"].split()) >= _TURN_WORDS)
        for name in names
    )
