"""Replies that say the same again and again."""

import re
from collections import Counter

import polars as pl

from pipeline.filters.screen import measured, prose
from pipeline.filters.stage import FlagOrDrop, Stage
from pipeline.filters.word_lists import whole_words
from schemas.reasons import Reason
from schemas.verdict import Action

ENDS = re.compile(r"(?:[.!?。！？।\n]|^[\s|+=_*-]+$)+", re.MULTILINE)
MIN_CHARACTERS = 100
MIN_SENTENCE = 12
"""Characters of a sentence that counts: "Yes" may come again."""

TIMES = 3


class Repetition(Stage):
    """Flag records with a reply in which sentences or lines come three times or more."""

    limit = "share"

    action: FlagOrDrop = Action.flag

    share: float = 0.3
    """Share of a reply's characters in repeated sentences from which it is found."""

    def __call__(self, records: pl.DataFrame) -> pl.DataFrame:
        """Verdicts on `records`; the value is the share of the worst reply that is repeated."""
        long = pl.col("replies").list.eval(pl.element().str.len_chars() >= MIN_CHARACTERS)
        found = measured(records, long.list.any(), self._worst)
        return self.verdicts(found, self.action, Reason.repetition, pl.col("found"))

    def _worst(self, question: str, replies: list[str]) -> float:
        share = max((repeated_share(r) for r in replies if len(r) >= MIN_CHARACTERS), default=0.0)
        if share < self.share or whole_words("repetition", "repeats_by_nature").search(question):
            return 0.0
        return share


def repeated_share(reply: str) -> float:
    """The share of a reply's characters in sentences that come three times: 0 to 1."""
    parts = ENDS.split(reply)
    if len(parts) - len(set(parts)) < TIMES - 1:
        return 0.0
    sentences = [part.strip() for part in ENDS.split(prose(reply))]
    counts = Counter(part for part in sentences if len(part) >= MIN_SENTENCE)
    again = sum(len(part) * times for part, times in counts.items() if times >= TIMES)
    return again / len(reply)
