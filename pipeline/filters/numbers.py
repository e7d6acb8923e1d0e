"""Numbers that belong to one person: account, card, tax and insurance numbers, by checksum.

The one file that imports python-stdnum.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from pipeline.filters.spans import Span


class NumberKind(NamedTuple):
    """A kind of number: its form, the module of python-stdnum that checks it, and its mask."""

    module: str
    form: re.Pattern[str]
    mask: str
    words: re.Pattern[str] | None = None
    """What must be written shortly before the number, where the checksum alone proves little."""


def _kind(module: str, form: str, mask: str = "[ID]", words: str | None = None) -> NumberKind:
    near = re.compile(words, re.IGNORECASE) if words else None
    return NumberKind(module, re.compile(rf"(?<![\w.,-]){form}(?![\w-]|[.,]\d)"), mask, near)


_KINDS = (
    _kind("iban", r"[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?", "[IBAN]"),
    _kind(
        "luhn", r"(?:4\d{3}|5[1-5]\d\d|2[2-7]\d\d|6011|65\d\d)([ -]?)(?:\d{4}\1){2}\d{4}", "[CARD]"
    ),
    _kind("luhn", r"3[47]\d\d([ -]?)\d{6}\1\d{5}", "[CARD]"),
    _kind("us.ssn", r"\d{3}-\d{2}-\d{4}"),
    _kind("br.cpf", r"\d{3}\.\d{3}\.\d{3}-\d{2}"),
    _kind("es.dni", r"\d{8}-?[A-Z]"),
    _kind("es.nie", r"[XYZ]-?\d{7}-?[A-Z]"),
    _kind("it.codicefiscale", r"[A-Z]{6}\d{2}[A-EHLMPRST]\d{2}[A-Z]\d{3}[A-Z]"),
    _kind("fr.nir", r"[12] ?\d\d ?\d\d ?\d[\dAB] ?\d{3} ?\d{3} ?\d\d"),
    _kind("cn.ric", r"\d{17}[\dX]"),
    _kind("ch.ssn", r"756\.\d{4}\.\d{4}\.\d{2}"),
    _kind("fi.hetu", r"\d{6}[-+A]\d{3}[0-9A-Y]"),
    _kind("se.personnummer", r"(?:19|20)?\d{6}-\d{4}"),
    _kind("de.idnr", r"\d{2} ?\d{3} ?\d{3} ?\d{3}", words=r"steuer|tax id|\bidnr"),
    _kind("nl.bsn", r"\d{9}", words=r"\bbsn\b|burgerservice"),
    _kind("pl.pesel", r"\d{11}", words=r"pesel"),
    _kind("gb.nhs", r"\d{3} ?\d{3} ?\d{4}", words=r"\bnhs\b"),
    _kind("in_.aadhaar", r"\d{4} ?\d{4} ?\d{4}", words=r"aadha+r|आधार"),
)
"""Kinds of which few other numbers have the form and the checksum. Where many have, the number must
be named: one in eleven numbers of nine digits is a valid BSN."""

NUMBER_SCREEN = (
    r"[0-9]{9}|[0-9]{8}-?[A-Z]|[0-9]{4}[ -][0-9]{4}[ -][0-9]{4}|3[47][0-9]{2}[ -][0-9]{6}[ -]"
    r"|[0-9]{3}-[0-9]{2}-[0-9]{4}|[0-9]{6}[-+A][0-9]{3}|[0-9]{3}[ .][0-9]{3}[ .][0-9]{3}"
    r"|756\.[0-9]{4}|[12] [0-9]{2} [0-9]{2} [0-9]|[A-Z]{2}[0-9]{2} ?[A-Z0-9]{4} ?[A-Z0-9]{4}"
    r"|[A-Z]{6}[0-9]{2}[A-Z]|[XYZ]-?[0-9]{7}|[0-9]{2} [0-9]{3} [0-9]{3} [0-9]{3}"
)
"""A quick look for any of the forms. Rust's syntax."""

_CANDIDATE = re.compile(r"[A-Z]{0,6}[0-9][A-Z0-9 .+-]{6,44}[A-Z0-9]")
"""A run of digits and capitals: the forms are looked for in these only."""

_NEAR = 40
"""Characters before a number within which its name must be written."""


def numbers(text: str) -> Iterator[Span]:
    """Yield the personal numbers of a text whose checksum is right."""
    for candidate in _CANDIDATE.finditer(text):
        start = max(0, candidate.start() - 1)  # one character more on each side, for the boundaries
        piece = text[start : candidate.end() + 2]
        before = text[max(0, candidate.start() - _NEAR) : candidate.start()]
        for kind in _KINDS:
            if kind.words and not kind.words.search(before):
                continue
            for number in kind.form.finditer(piece):
                if _is_valid(kind.module, number[0]):
                    yield Span(start + number.start(), start + number.end(), kind.mask)


def _is_valid(module: str, number: str) -> bool:
    from importlib import import_module

    plain = re.sub(r"[ -]", "", number) if module == "luhn" else number
    return bool(import_module(f"stdnum.{module}").is_valid(plain))
