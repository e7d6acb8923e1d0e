"""What tells who somebody is, or how to reach or to charge them."""

import re
from collections.abc import Iterator
from functools import cache

import polars as pl

from pipeline.features.texts import everything
from pipeline.filters import numbers, phones
from pipeline.filters.spans import Span, disjoint, masked
from pipeline.filters.stage import FlagDropOrMask, Stage
from pipeline.filters.word_lists import word_list
from schemas.reasons import Reason

MAIL = re.compile(
    r"(?<![\w.%+/:-])(?P<who>[A-Za-z0-9][\w.%+-]{1,63})@(?P<where>(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,24})\b"
)

_RESERVED = (
    r"(?:[\w-]+\.)*(?:example[\w-]*|test|invalid|localhost)(?:\.\w+)*|(?:your|my)[\w-]*(?:\.\w+)+"
)
"""Domains that RFC 2606 sets aside, and `your-…`: nobody lives there."""

SCREEN = rf"[A-Za-z0-9_]@[A-Za-z0-9-]+\.|(?-u:{phones.SCREEN})|{numbers.SCREEN}"


class PersonalData(Stage):
    """Find e-mail addresses, telephone numbers, IBANs, card and national numbers anywhere.

    Telephone numbers are checked against the plans of their countries, the others by checksum.
    Mailboxes of offices, reserved domains and numbers of films are no findings. Names and streets
    are not looked for: no pattern finds them.
    """

    action: FlagDropOrMask = "flag"
    """What a finding does: `flag`, `drop`, or `mask`, which writes [EMAIL], [PHONE] … instead."""

    regions: tuple[str, ...] = ("US", "GB", "DE", "FR", "ES", "IT", "NL")
    """Countries (ISO 3166) whose telephone numbers are known without a leading +."""

    def __call__(self, records: pl.DataFrame) -> pl.DataFrame:
        """Verdicts on `records`; the value is the number of findings."""
        few = records.filter(pl.col("messages").str.contains(SCREEN))
        counts = [len(self.found(everything(messages))) for messages in few["messages"]]
        found = few.with_columns(found=pl.Series(counts, dtype=pl.Int64))
        return self.verdicts(
            found.filter(pl.col("found") > 0), self.action, Reason.personal_data, pl.col("found")
        )

    def mask(self, text: str) -> str:
        """The text with the kind of each finding, such as [EMAIL], in its place."""
        return masked(text, self.found(text))

    def found(self, text: str) -> list[Span]:
        """The personal data in a text; what has a checksum goes before telephone numbers."""
        sure = disjoint([*_mails(text), *numbers.numbers(text)])
        apart = [
            phone
            for phone in phones.phones(text, self.regions)
            if all(phone.end <= span.begin or phone.begin >= span.end for span in sure)
        ]
        return disjoint([*sure, *apart])


def _mails(text: str) -> Iterator[Span]:
    for mail in MAIL.finditer(text):
        if not _domain_of_nobody().fullmatch(mail["where"]) and not _no_person().fullmatch(
            mail["who"]
        ):
            yield Span(*mail.span(), "[EMAIL]")


@cache
def _domain_of_nobody() -> re.Pattern[str]:
    """Matches a domain in which nobody has a mailbox."""
    any_domain = word_list("personal_data", "any_domain").anywhere
    return re.compile(rf"(?i){_RESERVED}|(?:{any_domain}|\w)\.\w+")


@cache
def _no_person() -> re.Pattern[str]:
    """Matches a mailbox of an office, or a name that stands for any."""
    offices = word_list("personal_data", "offices").anywhere
    return re.compile(f"(?i){offices}|{word_list('personal_data', 'nobody').anywhere}")
