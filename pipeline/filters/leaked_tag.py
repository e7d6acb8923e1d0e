"""Tags of a chat template that were left in a conversation as text."""

import re

import polars as pl

from pipeline.filters.screen import any_reply, measured, prose
from pipeline.filters.speakers import TURN, count_speakers
from pipeline.filters.stage import FlagOrDrop, Stage
from pipeline.filters.template_tags import ANY_TOKEN, count_tokens_by_family
from schemas.reasons import Reason
from schemas.verdict import Action

_CAPITALS = re.compile(r"(?<=[.!?…])[ \t]+(?:USER|ASSISTANT):(?=\s)")
"""The tags of Vicuna behind a sentence. At the beginning of a line they are speakers."""


class LeakedTag(Stage):
    """Drop records with a chat template's tags in a reply, outside code.

    Such as `<|im_end|>`, `[/INST]` and `### Human:`: a model that learns them talks to itself.
    Tags are known by their form, whatever the question is about. Passed over where the question
    has such tags too, and names such as `User:` in a list or in a dialogue that was asked for;
    markers of thoughts are no leak. Only flagged are tags that a sentence mentions, those of a
    question, and turns of speakers who need not be a template's.
    """

    measures = "number of tags"

    action: FlagOrDrop = Action.drop

    def __call__(self, records: pl.DataFrame) -> pl.DataFrame:
        """Verdicts on `records`; each value is what this stage `measures`."""
        tagged = any_reply(f"{ANY_TOKEN}|USER:|ASSISTANT:|{TURN}")
        leaked = measured(records, tagged, _count_leaked)
        rest = records.join(leaked, on="id", how="anti")
        doubtful = measured(
            rest, tagged | pl.col("question").str.contains(ANY_TOKEN), _count_doubtful
        )
        return pl.concat(
            [
                self.verdicts(leaked, self.action, Reason.leaked_tag, pl.col("measure")),
                self.flag(doubtful, Reason.leaked_tag, pl.col("measure")),
            ]
        )


def _count_leaked(question: str, replies: list[str]) -> int:
    """Tags that are surely a template's."""
    return sum(_count_in_reply(question, prose(reply))[0] for reply in replies)


def _count_doubtful(question: str, replies: list[str]) -> int:
    """Tags that may be content: in a question, in the middle of a sentence, of unknown speakers."""
    in_question = sum(tags for tags, _ in count_tokens_by_family(prose(question)).values())
    return in_question + sum(_count_in_reply(question, prose(reply))[1] for reply in replies)


def _count_in_reply(question: str, reply: str) -> tuple[int, int]:
    """How many tags of a reply are surely a template's, and how many may be."""
    in_question = count_tokens_by_family(question)  # in code too: then they are its subject
    counts = count_tokens_by_family(reply)
    new = [count for family, count in counts.items() if family not in in_question]
    sure = sum(tags for tags, _ in new)
    maybe = sum(mentions for _, mentions in new)
    if not _CAPITALS.search(question):
        sure += len(_CAPITALS.findall(reply))
    speakers, certainty = count_speakers(question, reply)
    return sure + speakers * (certainty == "sure"), maybe + speakers * (certainty == "maybe")
