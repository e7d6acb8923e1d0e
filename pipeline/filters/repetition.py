"""Replies that repeat themselves."""

import re
from collections import Counter

import polars as pl

from pipeline.filters.loops import SHORTEST_LOOP, loop_share
from pipeline.filters.screen import measured, prose
from pipeline.filters.stage import FlagOrDrop, Stage
from pipeline.filters.word_lists import whole_words
from schemas.reasons import Reason
from schemas.verdict import Action

_SENTENCE_END = re.compile(r"(?:[.!?。！？।\n]|^[\s|+=_*-]+$)+", re.MULTILINE)
_SHORTEST_REPLY = 100
"""Characters below which sentences are not looked at."""

_SHORTEST_SENTENCE = 12
"""Characters below which a sentence does not count: "Yes" may come again."""

_TIMES = 3

LOOPS_COUNT = 3
"""How much more a loop counts than repeated sentences."""


class Repetition(Stage):
    """Flag records with a reply in which sentences or lines occur three times or more.

    Or that got stuck in a loop: a few words that come four times or more in a row.
    """

    limit = "share"
    measures = "share of the worst reply that is repeated"

    action: FlagOrDrop = Action.flag

    share: float = 0.3
    """Share of a reply in repeated sentences from which the record is flagged; of a loop, which no
    text has on purpose, a third of that is enough."""

    def __call__(self, records: pl.DataFrame) -> pl.DataFrame:
        """Verdicts on `records`; each value is what this stage `measures`."""
        long = pl.col("replies").list.eval(pl.element().str.len_chars() >= SHORTEST_LOOP)
        matching = measured(records, long.list.any(), self._worst_share)
        return self.verdicts(matching, self.action, Reason.repetition, pl.col("measure"))

    def _worst_share(self, question: str, replies: list[str]) -> float:
        repeated, looped = max(map(repeated_share, replies)), max(map(loop_share, replies))
        if repeated < self.share and looped < self.share / LOOPS_COUNT:
            return 0.0
        by_nature = whole_words("repetition", "repeats_by_nature")
        return 0.0 if by_nature.search(question) else max(repeated, looped)


def repeated_share(reply: str) -> float:
    """The share of a reply's characters in sentences that occur three times or more: 0 to 1."""
    if len(reply) < _SHORTEST_REPLY:
        return 0.0
    parts = _SENTENCE_END.split(reply)
    if len(parts) - len(set(parts)) < _TIMES - 1:  # most replies: spare them the work below
        return 0.0
    sentences = [part.strip() for part in _SENTENCE_END.split(prose(reply))]
    counts = Counter(sentence for sentence in sentences if len(sentence) >= _SHORTEST_SENTENCE)
    repeated = sum(len(sentence) * n for sentence, n in counts.items() if n >= _TIMES)
    return repeated / len(reply)
