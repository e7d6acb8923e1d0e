"""Tags of a chat template that were left in a reply as text."""

import re

import polars as pl

from pipeline.filters.screen import any_reply, measured, prose
from pipeline.filters.stage import FlagOrDrop, Stage
from pipeline.filters.word_lists import whole_words
from schemas.reasons import Reason
from schemas.verdict import Action

_TAG = (
    r"<\|[a-z_]{2,30}\|>|</s>|\[/?INST\]|<</?SYS>>|</?start_of_turn>|<end_of_turn>"
    r"|(?m:^\s*(?:#{2,3} ?(?:Human|Assistant|Instruction|Response|User|System)\s*:"
    r"|<(?:user|bot|human|assistant|gpt)>\s*:|(?:Human|Assistant|User|Chatbot|Bot|GPT)\s*:))"
)
"""Special tokens anywhere; at the beginning of a line the headings that some templates use."""

_TAG_REGEX = re.compile(_TAG)


class LeakedTag(Stage):
    """Drop records with a chat template's tags in a reply, outside code.

    Such as `<|im_end|>`, `[/INST]` and `### Human:`: a model that learns them talks to itself.
    Passed over where the question has them too, is about such tags, or asks for a dialogue.
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
    return sum(len(_TAG_REGEX.findall(prose(reply))) for reply in replies)
