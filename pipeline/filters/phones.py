"""Telephone numbers, checked against the numbering plans of their countries.

The one file that imports phonenumbers.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from pipeline.filters.spans import Span

PHONE_SCREEN = (
    r"\+[0-9][0-9 ().-]{6,}[0-9]|[0-9]{3}\)?[ .-][0-9]{3}[ .-][0-9]{4}"
    r"|\b0[0-9]{1,5}\)?[ ()./-]{1,3}[0-9][0-9 ./-]{3,}[0-9]"
)
"""A quick look: a leading +, North American groups, or a leading 0 and a gap."""

_INVENTED_NUMBER = re.compile(
    r"555\D*01\d\d$|555\D*\d{4}$|7700\D*900\D*\d{3}$|123\D*456\D*7890$|(\d)\1{5}"
)
"""Reserved for films (America 555, Britain 07700 900), counted up, or one digit again and again."""

_CANDIDATE = re.compile(rf"[(+]?(?:{PHONE_SCREEN})(?: ?(?:x|ext\.?) ?[0-9]+)?")

_NOT_BEFORE = re.compile(r"[\d/=*^<>$€£¥#_]\s?$")
"""What stands before digits that are part of a longer number, a sum or a price."""


def phones(text: str, regions: Iterable[str]) -> Iterator[Span]:
    """Yield the telephone numbers of persons in a text.

    Args:
        text: Any text.
        regions: Countries (ISO 3166) whose numbers are recognised without a leading +.
    """
    from phonenumbers import Leniency, PhoneNumberMatcher

    for candidate in _CANDIDATE.finditer(text):
        start = candidate.start()
        if _NOT_BEFORE.search(text[max(0, start - 2) : start]):
            continue
        for region in (None, *regions):
            strict = Leniency.VALID if region is None else Leniency.STRICT_GROUPING
            for match in PhoneNumberMatcher(candidate[0], region, strict):
                if _is_of_a_person(match):
                    yield Span(start + match.start, start + match.end, "[PHONE]")


def _is_of_a_person(match: Any) -> bool:
    from phonenumbers import PhoneNumberType, number_type

    of_firms = {
        PhoneNumberType.TOLL_FREE,
        PhoneNumberType.PREMIUM_RATE,
        PhoneNumberType.SHARED_COST,
        PhoneNumberType.UAN,
    }
    if _INVENTED_NUMBER.search(match.raw_string):
        return False
    return number_type(match.number) not in of_firms
