"""Replies in a language that nobody asked for."""

import polars as pl

from pipeline.features.language import UNDETERMINED
from pipeline.filters.stage import FlagOrDrop, Stage
from schemas.reasons import Reason
from schemas.verdict import Action

ASKS_FOR_ANOTHER = (
    r"(?i)translat|which language|what does (?:this|it) mean"
    r"|übersetz|tradu[czi]|traduis|vertaal|перевед|перевод|tłumacz|çevir|"
    r"翻译|翻譯|译成|翻訳|訳し|번역|\b(?:in|into|to|auf|ins|en|em|au|naar|по-?)\s?"
    r"(?:english|german|spanish|french|italian|portuguese|dutch|chinese|japanese|russian|korean"
    r"|arabic|hindi|polish|turkish|vietnamese|latin|deutsch\w*|englisch\w*|español|inglés|francés"
    r"|français|anglais|allemand|inglese|italiano|inglês|português|engels|nederlands|английск\w*"
    r"|русск\w*)\b|用(?:中文|英文|英语|日语|法语)|(?:英語|日本語|中国語)(?:で|に)"
)
"""The question asks for another language than its own."""


UNSURE = (UNDETERMINED, "zxx")
"""Not told, or no language at all: code, numbers."""

WORD = r"\b\p{Ll}+\b|[\p{Lo}]"
"""A word in small letters, or a letter of a script without them."""

MIN_WORDS = 8
"""Lists of names and codes look like another language: five Italian cheeses are no Italian."""


class WrongLanguage(Stage):
    """Flag replies in no target language, or in another than their question's.

    Only where the languages are sure, and not where the question asks for another one. Set
    `action = "drop"` to leave out what is in no `[language] targets`.
    """

    action: FlagOrDrop = Action.flag

    def __call__(self, records: pl.DataFrame) -> pl.DataFrame:
        """Verdicts on `records`; the value is the number of tokens of the longest reply."""
        asked, given = pl.col("question_language"), pl.col("reply_language")
        foreign = ~pl.col("targeted") & ~pl.col("language").is_in(UNSURE)
        other = (asked != given) & ~asked.is_in(UNSURE) & ~given.is_in(UNSURE)
        said = pl.col("reply").str.count_matches(WORD) >= MIN_WORDS
        asked_for = pl.col("question").str.contains(ASKS_FOR_ANOTHER)
        found = records.filter(foreign | other).filter(said & ~asked_for)
        return self.verdicts(found, self.action, Reason.wrong_language, pl.col("reply_tokens"))
