"""Replies too short to teach a model how to answer."""

from typing import Literal

import polars as pl
from pydantic import Field

from pipeline.filters.stage import Stage
from pipeline.filters.word_lists import word_list
from schemas.reasons import Reason

_QUESTION_MARK = r"[?？؟]"

_LONGEST_REMARK = 60
"""Bytes of the longest remark in small talk, 20 characters of Chinese. Of the drops in a chat of 28
languages that were read, a third of the wrong ones answered a longer one: a riddle, a proverb."""


class ShortReply(Stage):
    """Find records whose every reply is shorter than `min_tokens`.

    Where a task is given a short reply may be all that it asks for, so the record is flagged: in
    Alpaca a judge kept short replies more often than long ones (15.7 % against 9.1 %). In open
    chat, where people rated them half as good, a short reply to a remark is dropped: to one line
    that asks nothing, in a conversation that ends there, unless it says yes, no or a number.
    """

    limit = "min_tokens"
    measures = "number of tokens of the longest reply"

    min_tokens: int = Field(default=10, ge=0)
    """Fewest tokens, by `[tokens] tokenizer`, that teach a model how to answer. Our own choice."""

    exempt: Literal["asked_for", "none"] = "asked_for"
    """Which short replies are flagged instead of dropped. `asked_for`: all outside of open chat,
    and in open chat those to a question, in a longer conversation, or with yes, no or a number;
    `none`: all are dropped."""

    chat: Literal["auto", "always", "never"] = "auto"
    """Which records are open chat. `auto`: those of a file of at least twenty short exchanges in
    which the assistant asks back; `always`: all; `never`: none. Without effect where `exempt` is
    `none`."""

    exempt_domains: tuple[str, ...] = ("classification", "extraction")
    """Domains in which a short answer is right, in open chat too."""

    def __call__(self, records: pl.DataFrame) -> pl.DataFrame:
        """Verdicts on `records`; each value is what this stage `measures`."""
        tokens = pl.col("reply_tokens")
        has_text = pl.col("replies").list.len() > 0  # a tool call alone is not a short reply
        short = records.filter((tokens < self.min_tokens) & has_text)
        falls = self._falls()
        return pl.concat(
            [
                self.drop(short.filter(falls), Reason.short_reply, tokens),
                self.flag(short.filter(~falls), Reason.short_reply, tokens),
            ]
        )

    def _falls(self) -> pl.Expr:
        if self.exempt == "none":
            return pl.lit(value=True)
        said = {"always": pl.lit(value=True), "never": pl.lit(value=False)}
        is_chat = said.get(self.chat, pl.col("open_chat"))
        is_exempt = pl.col("domain").is_in(list(self.exempt_domains))
        return is_chat & _is_remark() & ~_says_something() & ~is_exempt


def _is_remark() -> pl.Expr:
    """Whether all that the user says is one short line that asks nothing.

    A question is known by its mark, or by a word where the mark was left out: one that asks, or
    one that begins a question which yes or no answers.
    """
    question, asking = pl.col("question"), word_list("short_reply", "interrogatives").whole
    opens = rf"^\W*(?:{word_list('short_reply', 'openings').whole})"
    return (
        (pl.col("turns").str.count_matches("u") == 1)
        & (question.str.len_bytes() <= _LONGEST_REMARK)
        & ~question.str.contains(rf"(?i)\n|{_QUESTION_MARK}|{asking}|{opens}")
    )


def _says_something() -> pl.Expr:
    """Whether a reply gives a number, or says yes or no."""
    yes_no = word_list("short_reply", "yes_no")
    words = "|".join([rf"(?:{'|'.join(yes_no.spaced)})\b", *yes_no.unspaced])
    return pl.col("reply").str.contains(rf"(?i)\d|^\W*(?:{words})")
