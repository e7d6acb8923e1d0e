"""Text that was decoded with the wrong character encoding before it came here."""

import re

import polars as pl
from ftfy.badness import badness

from pipeline.filters.screen import measured, prose
from pipeline.filters.stage import FlagOrDrop, Stage
from pipeline.misread import misread_as
from schemas.reasons import Reason
from schemas.verdict import Action

_ODD_SIGNS = (
    r"\u{FFFD}|\?{3}|[\u{80}-\u{BF}€‚ƒ„†‡ˆ‰Š‹ŒŽ˜™š›œžŸ─-╿√≈∂∑]|[À-ÖØ-öø-ÿ]{4}"
    r"|[РС][^а-яёА-ЯЁ\s]|\p{Cyrillic}\p{Latin}|\p{Latin}\p{Cyrillic}"
)
"""A cheap look: signs that hardly stand in text, and scripts that do not mix."""

_HAN, _COMMON_HAN = r"\p{Han}", r"[的是不了在一有人我]|[\p{Hiragana}\p{Katakana}]"
"""Chinese has one of its commonest characters, and Japanese has kana."""

_WRONG_CYRILLIC = re.compile(r"(?<![^\W_])[À-ÖØ-öø-ÿ]{4,}(?![^\W_])")
"""A word of accented letters alone: `Ïðèâåò` is Привет of Windows-1251, read as Latin-1."""

_FEWEST_WORDS = 3

_LOST_LETTERS = re.compile(r"\?{3,}")
"""What an encoding leaves of a script that it does not have: `????? ??? ?????`."""

_MOSTLY = 0.3
"""Share of a reply in runs of question marks from which they are lost letters, not emphasis."""


class DamagedEncoding(Stage):
    """Drop records with a reply that was decoded with the wrong character encoding.

    It shows as `Ã©` for é, `â€™` for an apostrophe, U+FFFD for a lost character, question marks in
    place of a whole script, or a whole text of letters that no language puts together.
    """

    measures = "number of damaged places in all replies"

    action: FlagOrDrop = Action.drop

    def __call__(self, records: pl.DataFrame) -> pl.DataFrame:
        """Verdicts on `records`; each value is what this stage `measures`."""
        maybe = pl.element().str.contains(_ODD_SIGNS) | (
            pl.element().str.contains(_HAN) & ~pl.element().str.contains(_COMMON_HAN)
        )
        suspicious = pl.col("replies").list.eval(maybe).list.any()
        matching = measured(records, suspicious, _count_damage)
        return self.verdicts(matching, self.action, Reason.damaged_encoding, pl.col("measure"))


def _count_damage(question: str, replies: list[str]) -> int:
    """Damaged places in the replies; none where the question shows such damage itself."""
    found = sum(map(damaged_places, replies))
    return 0 if found and damaged_places(question) else found


def damaged_places(reply: str) -> int:
    """How many places of a reply were decoded wrongly."""
    text = prose(reply)
    marks = _LOST_LETTERS.findall(text)
    is_mostly_marks = len(marks) > 1 and sum(map(len, marks)) >= _MOSTLY * len(text)
    lost = text.count("\ufffd") + (len(marks) if is_mostly_marks else 0)
    return lost + max(badness(text), _misread_words(text))


def _misread_words(text: str) -> int:
    """The words outside of ASCII of a text that was read in a wrong coding as a whole."""
    words = _WRONG_CYRILLIC.findall(text)
    if len(words) >= _FEWEST_WORDS:
        return len(words)
    return sum(not word.isascii() for word in text.split()) if misread_as(text) else 0
