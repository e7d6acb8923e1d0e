"""Telephone numbers, checked against the numbering plans of their countries.

The one file that imports phonenumbers.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from pipeline.filters.spans import Span

SCREEN = (
    r"\+[0-9][0-9 ().-]{6,}[0-9]|[0-9]{3}\)?[ .-][0-9]{3}[ .-][0-9]{4}"
    r"|\b0[0-9]{1,5}\)?[ ()./-]{1,3}[0-9][0-9 ./-]{3,}[0-9]"
)
"""A leading +, North American groups, or a leading 0 and a gap."""

FICTION = re.compile(r"555\D*01\d\d$|555\D*\d{4}$|7700\D*900\D*\d{3}$|123\D*456\D*7890$|(\d)\1{5}")
"""Set aside for films (America 555, Britain 07700 900), counting, one digit again and again."""

MASK = "[PHONE]"

LIKELY = re.compile(rf"[(+]?(?:{SCREEN})(?: ?(?:x|ext\.?) ?[0-9]+)?")

NOT_BEFORE = re.compile(r"[\d/=*^<>$€£¥#_]\s?$")
"""Before a number: part of a longer one, of a sum or a price."""


def phones(text: str, regions: Iterable[str]) -> Iterator[Span]:
    """Yield the telephone numbers of persons in a text.

    Args:
        text: Any text.
        regions: Countries (ISO 3166) whose numbers are known without a leading +.
    """
    from phonenumbers import Leniency, PhoneNumberMatcher

    for likely in LIKELY.finditer(text):
        if NOT_BEFORE.search(text[max(0, likely.start() - 2) : likely.start()]):
            continue
        for region in (None, *regions):
            strict = Leniency.VALID if region is None else Leniency.STRICT_GROUPING
            for match in PhoneNumberMatcher(likely[0], region, strict):
                if _is_somebodys(match):
                    yield Span(likely.start() + match.start, likely.start() + match.end, MASK)


def _is_somebodys(match: Any) -> bool:
    from phonenumbers import PhoneNumberType, number_type

    of_firms = {
        PhoneNumberType.TOLL_FREE,
        PhoneNumberType.PREMIUM_RATE,
        PhoneNumberType.SHARED_COST,
        PhoneNumberType.UAN,
    }
    invented = FICTION.search(match.raw_string)
    return not invented and number_type(match.number) not in of_firms
