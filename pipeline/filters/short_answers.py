"""Tasks that ask for a short answer, by the wording of the question (`words/short_reply.toml`).

In Alpaca a judge kept 15.7 % of the rows with a reply under ten tokens and 9.1 % of the others; in
open chat people rated such replies half as good as longer ones. The task tells the two apart.
"""

import polars as pl

from pipeline.filters.word_lists import WordList, word_list

_QUESTION, _LAST, _REPLY = pl.col("question"), pl.col("last_question"), pl.col("reply")

_MATERIAL_BELOW = r"\n\s*\S"
"""An instruction, and below it the text that it is about."""

_LINE_OF_CODE = (
    r"^\s*(?:SELECT|UPDATE|DELETE|INSERT|CREATE|ALTER|import|def|print|console|let|const|var)\b"
    r"|[=;{}<>]|\w\("
)


def asks_for_short_answer() -> pl.Expr:
    """Whether the task of a record asks for a short answer."""
    return (
        _QUESTION.str.contains(f"(?i){_words('asks_for_little').beginnings}")
        | _QUESTION.str.contains(_task())
        | (_LAST.str.contains(_closed_question()) & _REPLY.str.contains(_yes_or_no()))
        | _LAST.str.contains(_choice())
        | (_LAST.str.contains(f"(?i){_words('quantities').whole}") & _REPLY.str.contains(r"\d"))
        | _asks_for_fact()
        | (_has_one_question() & _QUESTION.str.contains(_MATERIAL_BELOW))
        | _REPLY.str.contains(_LINE_OF_CODE)
    )


def _words(name: str) -> WordList:
    return word_list("short_reply", name)


def _either(words: tuple[str, ...]) -> str:
    return f"(?:{'|'.join(words)})"


def _task() -> str:
    """A verb that asks for something short, at the beginning of a sentence or behind a courtesy."""
    tasks = _words("tasks")
    courtesies = _either(_words("courtesies").words)
    beginning = rf"(?:^|[.!?:;,\"”]\s+|\b{courtesies}\s+)\W*"
    piece = (
        rf"{_either(_words('writing').words)} (?:me )?(?:an? |the |one |two |three |some )?"
        rf"(?:\w+[ -]){{0,3}}?{_either(_words('pieces').words)}"
    )
    return rf"(?im){beginning}{_either((*tasks.spaced, piece))}|{'|'.join(tasks.unspaced)}"


def _closed_question() -> str:
    """A question that yes or no answers."""
    begins = _either(_words("closed_begins").words)
    ends = _either(_words("closed_ends").words)
    inside = _words("closed_inside").whole
    return (
        rf"(?i)(?:^|[.!?\n,]\s*){begins}\b[^.!\n]*\??\s*$|{ends}\s*$"
        rf"|(?:{inside})[^.!\n]*\?\s*$"
    )


def _yes_or_no() -> str:
    yes_no = _words("yes_no")
    return rf"(?i)^\W*{_either(yes_no.spaced)}\b|^\W*{_either(yes_no.unspaced)}"


def _choice() -> str:
    """A question that names the possible answers."""
    begins, between = _either(_words("choice_begins").words), _either(_words("choice_or").words)
    return rf"(?i)^{begins}\b.* {between} "


def _asks_for_fact() -> pl.Expr:
    """A question for one fact, unless it is about the two who are talking."""
    fact = _LAST.str.contains(f"(?i){_words('facts').whole}")
    return fact & ~_LAST.str.contains(f"(?i){_words('personal').whole}")


def _has_one_question() -> pl.Expr:
    return pl.col("turns").str.count_matches("u") == 1
