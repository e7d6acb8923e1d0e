"""Numbers in digits, brought to one spelling: 1,000 = 1.000 = 1 000 = 1000, where that is sure."""

import re
import unicodedata
from collections.abc import Collection
from fractions import Fraction

DIGITS = r"\d+(?:[.,'’٫٬]\d+|(?:[\u00a0\u202f ]\d{3})+\b|[/\u2044]\d+)*"
"""A number with its separators, for Polars; a space separates groups of three digits only."""

POINT = frozenset({"en", "zh", "ja", "ko", "th", "he", "hi", "und"})
"""Languages that write 1,000.5; all others write 1.000,5."""

GLUED = r"(?:[a-z]+-?)?\d+[a-z]*"
"""Digits with letters that touch them, for Polars."""

SUM_OF_MONEY = r"\b[A-Z]{3} ?\d|\d ?[A-Z]{3}\b"
"""Three capitals beside digits, for Polars: currencies are written so (ISO 4217)."""

CODE = re.compile(r"(?P<before>[a-z]{0,2})-?\d+(?P<after>[a-z]{0,2})")

ENDINGS = frozenset(
    ["st", "nd", "rd", "th", "er", "re", "e", "s", "x", "d", "k", "m", "bn", "am", "pm"]
)
"""What is written behind digits and is no part of a code, beside units."""

MARK = re.compile(r"\D")

WORD = re.compile(r"[\s-]?([^\W\d_]+(?: [^\W\d_]+)*)$")
"""The word or words behind the digits."""

THOUSANDS = re.compile(r"\d{1,3}(?:[^\d/]\d{3})+|\d{1,2}(?:,\d{2})+,\d{3}")
"""Digits in groups of three, or in groups of two and a last one of three as in India."""


def numerals(token: str, language: str, scales: dict[str, int]) -> list[str]:
    """The numbers in a token that `DIGITS` found, each in one spelling.

    A list such as `1,2,3` is three numbers, a date or a version (`1/2/2024`, `1.2.3`) is one. A
    word of `scales` at the end multiplies the number (`2 million`).
    """
    if token.isascii() and token.isdigit():
        return [token.lstrip("0") or "0"]
    word = WORD.search(token)
    scale = scales[word.group(1)] if word else 1
    number = "".join(_ascii(sign) for sign in (token[: word.start()] if word else token))
    marks = MARK.findall(number)
    point = "." if language in POINT else ","
    if len(marks) > 1 and marks[-1] in ".," and marks[-1] not in marks[:-1]:
        whole, _, rest = number.rpartition(marks[-1])
        if THOUSANDS.fullmatch(whole):
            return [_decimal(MARK.sub("", whole), rest, scale)]
    if THOUSANDS.fullmatch(number) and set(marks) != {point}:
        return [_decimal(MARK.sub("", number), "", scale)]
    if len(marks) == 1 and marks[0] in {".", point}:
        whole, rest = MARK.split(number)
        return [_decimal(whole, rest, scale)]
    parts = [_decimal(part, "", scale) for part in MARK.split(number)]
    if set(marks) == {","} or set(marks) & set("' \u00a0\u202f’"):
        return parts
    return ["/".join(parts)]


def letters_of_code(token: str, passed: Collection[str]) -> list[str]:
    """The letters of a code such as `p1102w` or `a64`, as the one item `p#w` or `a#`; else none.

    Up to two letters on a side belong to a code; a unit or an ending does not (`5kg`, `2nd`).

    Args:
        token: letters and digits in lower case, without a gap.
        passed: the words of `units` that may stand behind digits.
    """
    match = CODE.fullmatch(token)
    if not match or match["after"] in passed or not match["before"] + match["after"]:
        return []
    return [f"{match['before']}#{match['after']}"]


def currency_of(token: str, passed: Collection[str]) -> list[str]:
    """The currency of a sum of money (`5 AUD`), as one item; none where it is in `passed`."""
    code = token.strip("0123456789 ")
    return [] if code.lower() in passed else [code]


def _ascii(sign: str) -> str:
    """A digit of any script as an ASCII digit, and a separator as the one that is read here."""
    value = unicodedata.decimal(sign, None)
    if value is not None:
        return str(value)
    return {"٫": ".", "٬": ",", "\u2044": "/"}.get(sign, sign)


def _decimal(whole: str, rest: str, scale: int) -> str:
    """A decimal number without leading or trailing zeros, multiplied by the scale."""
    value = Fraction(f"{whole or 0}.{rest or 0}") * scale
    if value.denominator == 1:
        return str(value.numerator)
    return f"{whole.lstrip('0') or '0'}.{rest.rstrip('0')}" if scale == 1 else str(float(value))
