"""Replies about options, a table, a chart or a picture that the conversation does not have."""

import re
from functools import cache

import polars as pl

from pipeline.filters.screen import any_reply, measured, prose
from pipeline.filters.stage import FlagOrDrop, Stage
from pipeline.filters.word_lists import whole_words, word_list
from schemas.reasons import Reason
from schemas.verdict import Action

_LETTER = (
    r"\s*[\"“(（]?(?P<letter>[A-E])(?![A-Za-z0-9'’&+#/]|-\w|\.? [a-z])"
    r"(?:[.):：]\s*(?P<named>\w+))?"
)
"""An option's letter: no word, and no name such as C++, A/B or B-flat."""

_TABLE = re.compile(r"\|.*\||\t|<t[dhr]\b|!\[|<img|\n\s*[-=+]{5,}|(?:[^\n,]+,){2,}[^\n]*\n", re.I)
"""Cells in Markdown, between tabs or commas, or in HTML; lines between rows; a picture."""


class MissingReference(Stage):
    """Flag records whose reply refers to options, a table or a picture that nobody has seen.

    "Therefore the answer is (C)" where the question lists no options; "as the chart below shows"
    where there is no chart. A model that learns this talks about what is not there.
    """

    measures = "number of references to what is not there"

    action: FlagOrDrop = Action.flag

    def __call__(self, records: pl.DataFrame) -> pl.DataFrame:
        """Verdicts on `records`; each value is what this stage `measures`."""
        has_media = pl.col("messages").str.contains(r'"type": ?"(?:image|input|file|audio|video)')
        nothing_said = pl.col("system").str.len_chars() == 0  # else the system text may hold it
        maybe = any_reply(_maybe_refers()) & ~has_media & nothing_said
        alone = ~pl.col("turns").str.contains("t")  # else the result of a tool may hold it
        matching = measured(records, maybe & alone, _count_references)
        return self.verdicts(matching, self.action, Reason.missing_reference, pl.col("measure"))


def _count_references(question: str, replies: list[str]) -> int:
    """How often the replies refer to what neither they nor the question hold."""
    said = "\n".join(replies)
    both = f"{question}\n{said}"
    texts = [prose(reply) for reply in replies]
    shown = whole_words("missing_reference", "shown")
    found = 0 if _TABLE.search(both) else sum(len(shown.findall(text)) for text in texts)
    chosen = [
        match["letter"]
        for text in texts
        for match in _chosen_option().finditer(text)
        if not (match["named"] and match["named"] in question)  # "B. Four", where four was offered
    ]
    return found + sum(
        not _places(letter, question) and len(_places(letter, said)) <= chosen.count(letter)
        for letter in chosen
    )


def _places(letter: str, text: str) -> list[str]:
    """Where the letter of an option stands alone in a text."""
    return re.findall(rf"(?<![A-Za-z'’]){letter}(?![A-Za-z'’])", text)


def _maybe_refers() -> str:
    names = ("shown", "answers", "headings")
    shown, answers, headings = (word_list("missing_reference", name) for name in names)
    return f"(?i){shown.whole}|{answers.whole}|(?:{headings.whole})\\s?[:：]"


@cache
def _chosen_option() -> re.Pattern[str]:
    """Finds the letter of an option that a reply chooses."""
    answers, headings = (
        word_list("missing_reference", name).whole for name in ("answers", "headings")
    )
    return re.compile(rf"(?:(?i:{answers})\s*[:：]?|(?i:{headings})\s?[:：]){_LETTER}")
