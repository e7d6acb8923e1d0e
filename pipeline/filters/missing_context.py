"""Questions about a picture, a link or a text that the record does not have."""

import re
from functools import cache

import polars as pl

from pipeline.filters.screen import measured
from pipeline.filters.stage import FlagOrDrop, Stage
from pipeline.filters.word_lists import whole_words, word_list
from schemas.reasons import Reason
from schemas.verdict import Action

_LINK = r"https?://|www\."

_MAY_CONTAIN_IT = re.compile(r"[\"“«„'‘:>|(]|\n")
"""A quotation mark, a colon or a second line: there the question may give what it is about."""

_END_OF_MESSAGE = re.compile(
    r"(?P<before>\A|[.!?,;:(\[<–—\n。！？，；（]| - )"
    r"(?P<hint>(?:(?! - )[^.!?,;:(\[<–—\n。！？，；（)\]>]"
    r"|(?<=[\s(][^\W\d])\.|(?<=[\s(][^\W\d]{2})\.){2,45}?)"
    r"(?P<after>[\s.!)\]>。！）]*)\Z"
)
"""The last clause of a question; a full stop behind one or two letters belongs to `cf.`"""

_MOST_HINT_CHARACTERS = 60
"""Characters at the end of a question that may hold a hint; `_END_OF_MESSAGE` takes fewer."""

_BRACKETS = {"(": ")", "[": "]", "<": ">", "（": "）"}

_MOST_HINT_WORDS = 6
"""`I have attached a screen shot`: a longer clause says something of its own."""

_MOST_CHARACTERS = 160
"""A longer question has room for the text that it is about."""


class MissingContext(Stage):
    """Flag records whose question is about a picture, a link or a text that is missing.

    A model that learns to answer such questions learns to make things up. The question names what
    it is about (`this picture`), links to it, or ends with a hint at it (`see photo`).
    """

    measures = "length of the question in characters"

    action: FlagOrDrop = Action.flag

    def __call__(self, records: pl.DataFrame) -> pl.DataFrame:
        """Verdicts on `records`; each value is what this stage `measures`."""
        is_single_turn = pl.col("turns").str.contains(r"^ua$")  # else another turn may have it
        has_media = pl.col("messages").str.contains(r'"type": ?"(?:image|input|file|audio|video)')
        matching = measured(
            records, is_single_turn & _maybe_missing() & ~has_media, _length_if_missing
        )
        return self.verdicts(matching, self.action, Reason.missing_context, pl.col("measure"))


def _length_if_missing(question: str, _replies: list[str]) -> int:
    """The length of a question about something that is missing, else 0."""
    if _hints_at_something_beside(question):
        return len(question)
    if whole_words("missing_context", "about_code").search(question):
        return 0
    words = re.sub(rf"(?:{_LINK})\S+", "", question)
    if len(words) > _MOST_CHARACTERS:
        return 0
    missing = _opens_link().search(question)
    if not missing and not _MAY_CONTAIN_IT.search(words.strip(" \n:.")):
        pictures, texts = (whole_words("missing_context", name) for name in ("pictures", "texts"))
        missing = pictures.search(question) or texts.search(question)
    return len(question) if missing else 0


def _hints_at_something_beside(question: str) -> bool:
    """Whether a question ends with a hint such as `see photo`, `(image attached)`, `[photo]`.

    Behind a colon or an empty line it may be a text that the question is about, unless it stands in
    brackets.
    """
    tail = question[-2 * _MOST_HINT_CHARACTERS :]
    end = _END_OF_MESSAGE.search(tail)
    if end is None:
        return False
    before, sign, hint = tail[: end.start()].rstrip(" "), end["before"], end["hint"].strip()
    in_brackets = sign in _BRACKETS and end["after"].startswith(_BRACKETS[sign])
    if in_brackets and before.endswith(("\n", ":")) and _found("things", hint):
        return True
    follows_gap = sign == ":" or (sign == "\n" and before.endswith("\n"))
    return not follows_gap and _is_hint(hint)


def _is_hint(clause: str) -> bool:
    """Whether a clause points at what may lie beside a message, and says no more."""
    pointing, things = _found("pointing", clause), _found("things", clause)
    first = re.match(r"\W*([\w’'-]+)", clause)
    begins = ("pointing", "things", "before_pointing")
    return (
        len(clause.split()) <= _MOST_HINT_WORDS
        and (bool(pointing and things) or len(pointing) > 1)
        and first is not None
        and any(_found(name, first[1]) for name in begins)
    )


def _found(name: str, text: str) -> set[str]:
    return {found[0].lower() for found in whole_words("missing_context", name).finditer(text)}


def _maybe_missing() -> pl.Expr:
    """The cheap look, which searches for a hint at the end alone."""
    pictures, texts = (word_list("missing_context", name).whole for name in ("pictures", "texts"))
    pointing, things = (word_list("missing_context", name) for name in ("pointing", "things"))
    anywhere, at_end = f"{pictures}|{texts}", f"{pointing.anywhere}|{things.anywhere}"
    question = pl.col("question")
    hints = question.str.tail(_MOST_HINT_CHARACTERS).str.contains(f"(?i){at_end}")
    return hints | question.str.contains(f"(?i){anywhere}|{_LINK}")


@cache
def _opens_link() -> re.Pattern[str]:
    """Finds a question that asks to read what a link leads to, unless Markdown names the link."""
    reading = word_list("missing_context", "reading").whole
    return re.compile(rf"(?is)(?:{reading}).*(?<!\]\()(?:{_LINK})\S+")
