"""Personal data: what tells who somebody is, how to reach them, or how to charge them."""

import re
from collections.abc import Iterator
from functools import cache

import polars as pl

from pipeline.features.texts import everything
from pipeline.filters import numbers, phones
from pipeline.filters.screen import with_measure
from pipeline.filters.spans import Span, disjoint, write_masks
from pipeline.filters.stage import FlagDropOrMask, Stage
from pipeline.filters.word_lists import word_list
from schemas.reasons import Reason

_MAIL = re.compile(
    r"(?<![\w.%+/:-])(?P<mailbox>[A-Za-z0-9][\w.%+-]{1,63})"
    r"@(?P<domain>(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,24})\b"
)

_RESERVED = (
    r"(?:[\w-]+\.)*(?:example[\w-]*|test|invalid|localhost)(?:\.\w+)*|(?:your|my)[\w-]*(?:\.\w+)+"
)
"""Domains that RFC 2606 reserves for examples, and those that begin with `your` or `my`."""

_SCREEN = rf"[A-Za-z0-9_]@[A-Za-z0-9-]+\.|(?-u:{phones.PHONE_SCREEN})|{numbers.NUMBER_SCREEN}"


class PersonalData(Stage):
    """Find e-mail addresses, telephone numbers, IBANs, card and national identity numbers.

    All of a conversation is searched. Telephone numbers are checked against the numbering plan of
    their country, the other numbers by their checksum. Not found are mailboxes of offices, domains
    reserved for examples, and telephone numbers reserved for films. Names and streets are not
    looked for, since no pattern finds them.
    """

    measures = "number of addresses and numbers found"

    action: FlagDropOrMask = "flag"
    """What a finding does: `flag` keeps the record and shows the finding, `drop` leaves the record
    out, `mask` writes [EMAIL], [PHONE] … in place of what was found."""

    regions: tuple[str, ...] = ("US", "GB", "DE", "FR", "ES", "IT", "NL")
    """Countries (ISO 3166) whose telephone numbers are recognised without a leading +."""

    def __call__(self, records: pl.DataFrame) -> pl.DataFrame:
        """Verdicts on `records`; each value is what this stage `measures`."""
        few = records.filter(pl.col("messages").str.contains(_SCREEN))
        counts = [len(self.spans(everything(messages))) for messages in few["messages"]]
        matching = with_measure(few, counts)
        return self.verdicts(matching, self.action, Reason.personal_data, pl.col("measure"))

    def mask(self, text: str) -> str:
        """The text with the kind of each finding, such as [EMAIL], in its place."""
        return write_masks(text, self.spans(text))

    def spans(self, text: str) -> list[Span]:
        """Where personal data is in a text, in order.

        A telephone number counts only outside of addresses and of numbers with a checksum.
        """
        certain = disjoint([*_mails(text), *numbers.numbers(text)])
        apart = [
            phone
            for phone in phones.phones(text, self.regions)
            if all(phone.end <= span.begin or phone.begin >= span.end for span in certain)
        ]
        return disjoint([*certain, *apart])


def _mails(text: str) -> Iterator[Span]:
    for mail in _MAIL.finditer(text):
        if _domain_of_nobody().fullmatch(mail["domain"]) or _no_person().fullmatch(mail["mailbox"]):
            continue
        yield Span(*mail.span(), "[EMAIL]")


@cache
def _domain_of_nobody() -> re.Pattern[str]:
    """Matches a domain in which nobody has a mailbox."""
    any_domain = word_list("personal_data", "any_domain").anywhere
    return re.compile(rf"(?i){_RESERVED}|(?:{any_domain}|\w)\.\w+")


@cache
def _no_person() -> re.Pattern[str]:
    """Matches the mailbox of an office, or a name that stands for any person."""
    offices = word_list("personal_data", "offices").anywhere
    return re.compile(f"(?i){offices}|{word_list('personal_data', 'nobody').anywhere}")
