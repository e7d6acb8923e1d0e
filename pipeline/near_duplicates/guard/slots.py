"""Slots: what stands in a question for one case and makes no other question of it.

"Where is order 48213?" and "Where is order 90177?" ask for the same. Identifiers are known by form
and by the data:

- a number or code behind `#`, or behind a word such as "order" or "ticket" (`identifiers.toml`),
- an e-mail address, a telephone number, an address of the web,
- a number of eight digits or more, and of shorter ones and of codes of letters and digits those
  that stand in one question alone: a code that comes back in others is the name of a product.

A question that holds one is about a *case*, and its dates, times and sums of money belong to the
case. In other questions they are what is asked about ("What happened on 4 July 1776?") and stay,
and so do all quantities. A number in a calculation or of money is no identifier.
"""

import re
import tomllib
from collections.abc import Collection
from functools import cache
from pathlib import Path
from typing import NamedTuple

import polars as pl

from pipeline.near_duplicates.guard.lexicon import UNSPACED_LANGUAGES, words_of_line

IDENTIFIER_TABLE = Path(__file__).with_name("identifiers.toml")

SLOT = "\u25a1"
"""What is written in place of a slot: no letter and no digit."""

MAYBE_SLOT = r"\d[\d-]{3}|#\s?\d|@|https?:|www\.|\p{L}-?\d{3}|\d{3}\p{L}"
"""A cheap look, for Polars: four digits in a row, a number sign, an address, a code."""

LONG_CODE = r"[a-z0-9]+(?:[-_][a-z0-9]+)*"

SURE_DIGITS = 8
"""Digits from which a number is an identifier wherever it stands: larger quantities are written
with separators or in words."""

ALONE_DIGITS = 6
"""Digits from which a number is one if it stands in one question alone; codes need five digits and
eight characters, since names of products are shorter."""

_URL = r"(?P<url>(?:https?://|www\.)[^\s<>\"]*[^\s<>\".,;:!?)\]}'»])"
_EMAIL = r"(?P<email>\b[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64}){1,8})"
_PHONES = (
    r"(?<![\d)])\+\d[\d ()./-]{6,}\d",
    r"\(0\d{1,5}\)[\d /-]{5,}\d",
    r"\b0\d{1,4}[ /-]\d[\d /-]{4,}\d\b",
)
"""Telephone numbers: international, with an area code in brackets, and with a gap behind it."""

_PHONE = rf"(?P<phone>{'|'.join(_PHONES)})"
_SIGN = r"(?P<sign>\#\s?(?=[\w-]*\d\d)\w[\w-]*)"
_CODE = (
    r"(?P<code>(?<![A-Z0-9_.,/-])(?=[A-Z_-]*[0-9])[A-Z0-9]+(?:[-_][A-Z0-9]+)*"
    r"(?![A-Z0-9_/-]|[.,]\d))"
)

_CALCULATION_BEFORE = re.compile(r"[*×÷/^=+<>%$€£¥₹₽−–-]\s?$")
_CALCULATION_AFTER = re.compile(r"\s?[*×÷/^=+<>%$€£¥₹₽−–-]")
"""Signs beside a number that is calculated with, or is a sum of money."""

_GAP = r"[\s.:#(°-]"
"""What stands between a word and the number that it announces."""

_ROUND = re.compile(r"[1-9]\d?0+")
_YEAR_FORMAT = re.compile(r"\d{4}-\d{2}(?:-\d{2})?")


class SlotText(NamedTuple):
    """A question without what belongs to its case alone."""

    plain: str
    """The question with `SLOT` in place of each slot."""
    is_case: bool
    """Whether it holds an identifier, a telephone number or an e-mail address."""


def without_slots(questions: pl.DataFrame, names: Collection[str] = ()) -> pl.DataFrame:
    """The questions (`question`, `question_language`) as `plain` and `is_case`, in their order.

    Args:
        questions: what is asked.
        names: codes that come back in other questions (`recurring_codes`), in lower case.
    """
    rows = questions.select("question", "question_language", row=pl.int_range(pl.len()))
    few = rows.filter(pl.col("question").str.contains(MAYBE_SLOT))
    texts = [
        slot_text(question, language, names)
        for question, language in few.select("question", "question_language").iter_rows()
    ]
    schema = {"plain": pl.String, "is_case": pl.Boolean}
    found = pl.DataFrame(texts, schema=schema, orient="row").with_columns(row=few["row"])
    joined = rows.join(found, on="row", how="left", maintain_order="left")
    return joined.select(
        pl.coalesce("plain", "question").alias("plain"), pl.col("is_case").fill_null(value=False)
    )


def recurring_codes(questions: pl.Series) -> frozenset[str]:
    """The codes and long numbers that stand in more than one different question, in lower case."""
    distinct = questions.str.to_lowercase().str.strip_chars().unique()
    few = distinct.filter(distinct.str.contains(MAYBE_SLOT))
    codes = pl.DataFrame({"code": few.str.extract_all(LONG_CODE)}).with_row_index("row")
    codes = codes.explode("code").drop_nulls().filter(pl.col("code").str.contains(r"\d{3}"))
    counts = codes.unique().group_by("code").len()
    return frozenset(counts.filter(pl.col("len") > 1)["code"])


def slot_text(question: str, language: str, names: Collection[str] = ()) -> SlotText:
    """One question without its slots; arguments as `without_slots`."""
    case = False

    def replace(match: re.Match[str]) -> str:
        nonlocal case
        kind = match.lastgroup
        if kind == "code" and not _is_identifier(match, names):
            return match.group()
        case = case or kind != "url"
        return (match["before"] + SLOT) if kind == "named" else SLOT

    plain = _identifiers(language).sub(replace, question)
    return SlotText(_particulars(language).sub(SLOT, plain) if case else plain, case)


def _is_identifier(match: re.Match[str], names: Collection[str]) -> bool:
    """Whether a code that nothing announces is an identifier."""
    code, text = match["code"], match.string
    if _CALCULATION_BEFORE.search(text[: match.start()]) or _CALCULATION_AFTER.match(
        text, match.end()
    ):
        return False
    digits = sum(character.isdigit() for character in code)
    if code.isdigit():
        if digits >= SURE_DIGITS:
            return True
        long_enough = digits >= ALONE_DIGITS and not _ROUND.fullmatch(code)
    else:
        long_enough = digits >= 5 and len(code) >= 8 and not _YEAR_FORMAT.fullmatch(code)
    return long_enough and code.lower() not in names


@cache
def _identifier_words() -> dict[str, dict[str, str]]:
    return tomllib.loads(IDENTIFIER_TABLE.read_text("utf-8"))


def _listed(language: str, line: str) -> list[str]:
    """The words of a line of a language's table; of all tables for a language without one."""
    tables = _identifier_words()
    chosen = [tables[language]] if language in tables else list(tables.values())
    words = {word.strip() for table in chosen for word in table.get(line, "").split(",")}
    return sorted(filter(None, words), key=lambda word: (-len(word), word))


@cache
def _identifiers(language: str) -> re.Pattern[str]:
    """Finds identifiers, each kind in a group of its own name."""
    case, number = (
        "|".join(map(re.escape, _listed(language, line))) for line in ("case", "number")
    )
    if language in UNSPACED_LANGUAGES:
        announced = rf"(?:{case})[^\W\d]{{0,4}}[\s:：#(（]*"
        numbered = rf"(?:{number})[\s:：#]*"
    else:
        numbered = rf"(?<!\w)(?:{number}){_GAP}{{1,3}}"
        joined = rf"{_GAP}{{1,3}}(?:(?:{number}|is|ist|est|es|é|è)(?![^\W\d_]){_GAP}{{0,3}}){{0,2}}"
        announced = rf"\b(?:{case})[^\W\d_]{{0,4}}{joined}"
    code = r"[A-Z0-9][A-Z0-9-]*"
    four, five = (rf"(?=(?:[A-Z-]*[0-9]){{{digits}}})" for digits in (4, 5))
    named = rf"(?P<named>(?P<before>{announced}{four}|{numbered}{five}){code})"
    kinds = "|".join((_URL, _EMAIL, named, _SIGN, _PHONE, _CODE))
    return re.compile(kinds, re.IGNORECASE)


@cache
def _particulars(language: str) -> re.Pattern[str]:
    """Finds dates, times of day and sums of money."""
    months = "|".join((*words_of_line(language, "month"), *_listed(language, "month"))) or r"(?!)"
    of = r"(?:\s*(?:of|de|del|den)\b)?\s*"
    date = (
        r"\b\d{4}[-/.]\d{1,2}[-/.]\d{1,2}\b|\b\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2})\b"
        r"|(?:\d{4}\s*年)?\s*\d{1,2}\s*月\s*\d{1,2}\s*[日号]"
        rf"|\b\d{{1,2}}(?:st|nd|rd|th|er|º|\.)?{of}(?:{months})\w*(?:{of},?\s*\d{{4}}\b)?"
        rf"|\b(?:{months})\w*\.?\s+\d{{1,2}}(?:st|nd|rd|th)?\b(?:,?\s*\d{{4}}\b)?"
    )
    time = (
        r"\b\d{1,2}[:.h]\d{2}(?::\d{2})?(?:\s?[ap]\.?m\b\.?|\s?uhr\b|\s?h\b)?"
        r"|\b\d{1,2}\s?(?:[ap]\.?m\b\.?|uhr\b|h\b)|\d{1,2}\s*[点點時时](?:\s*\d{1,2}\s*分)?"
    )
    currencies = "|".join(words_of_line(language, "currency")) or r"(?!)"
    amount = (
        rf"(?:[$€£¥₹₽₩]|\b(?:USD|EUR|GBP|CHF))\s?\d(?:[\d.,]*\d)?"
        rf"|\d(?:[\d.,]*\d)?\s?(?:[$€£¥₹₽₩元円]|(?:{currencies})\b)"
    )
    return re.compile(f"(?:{date})|(?:{amount})|(?:{time})", re.IGNORECASE)
