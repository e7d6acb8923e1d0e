"""Which records come from open chat: small talk, in which nobody is given a task.

A single record cannot tell: "Paris" is a good answer, and "fine" is a poor turn of a talk. A file
can. In open chat both sides write one line, and the assistant asks back.
"""

import polars as pl

FEWEST_CHAT_ROWS = 20
"""Rows of the smallest file that is judged: of fewer, one that asks back is the share of
`ASKING_SHARE`. Records of a smaller file are not open chat."""

SHORT_QUESTION_BYTES = 90
"""A question below this fits on one line of a chat window: about 90 letters, or 30 of Chinese."""

SHORT_REPLY_TOKENS = 40
"""A reply below this is a sentence or two."""

BRIEF_SHARE = 0.5
"""Least share of records whose last question and replies are short and of one line.

Of 54 public files (docs/filters.md) chats have 0.82 to 1.0 (each language of one in 28 languages
that has 20 rows: 0.59 at least), and sets of tasks 0.42 at most; but two, of quiz questions and of
short completions, have 0.89 and 0.77.
"""

ASKING_SHARE = 0.05
"""Least share of records in which a reply ends with a question.

Of the files that are above `BRIEF_SHARE` chats have 0.17 to 0.92 (each language 0.09 at least), and
the quiz and the completions 0.0.
"""

_PLACE_IN_FILE = r":\d+(?: row \d+)?$"
_SYNTHESIS = "synth/"
_ENDS_WITH_QUESTION = r"[?？؟]\W*$"


def with_open_chat(records: pl.DataFrame) -> pl.DataFrame:
    """Add `open_chat`: does the file that a record was read from hold open chat?

    Each file is judged by its own rows alone, whichever others there are. Generated records have
    no file, and are never open chat: so what synthesis admitted stays, however many follow.

    Args:
        records: A frame of `pipeline.features.describe`: all records, since a part of a file may
            look different.
    """
    file = pl.col("source").str.replace(_PLACE_IN_FILE, "")
    is_chat = (
        (pl.len() >= FEWEST_CHAT_ROWS)
        & (is_brief().mean() >= BRIEF_SHARE)
        & (asks_back().mean() >= ASKING_SHARE)
    )
    read = ~pl.col("source").str.starts_with(_SYNTHESIS)
    return records.with_columns(open_chat=(is_chat.over(file) & read).fill_null(value=False))


def is_brief() -> pl.Expr:
    """Whether both sides write one short line."""
    question = pl.col("last_question")
    return (
        (question.str.len_bytes() < SHORT_QUESTION_BYTES)
        & ~question.str.contains("\n", literal=True)
        & (pl.col("reply_tokens") < SHORT_REPLY_TOKENS)
        & ~pl.col("reply").str.contains("\n", literal=True)
    )


def asks_back() -> pl.Expr:
    """Whether a reply ends with a question."""
    return pl.col("replies").list.eval(pl.element().str.contains(_ENDS_WITH_QUESTION)).list.any()
