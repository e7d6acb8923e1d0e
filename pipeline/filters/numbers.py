"""Numbers that belong to one person: account, card, tax and insurance numbers, by their checksums.

The one file that imports python-stdnum.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from pipeline.filters.spans import Span


class Kind(NamedTuple):
    """A kind of number: its form, the module of python-stdnum that checks it, and its mask."""

    module: str
    form: re.Pattern[str]
    mask: str
    words: re.Pattern[str] | None = None
    """Words one of which must stand near, where the checksum is weak."""


def _kind(module: str, form: str, mask: str = "[ID]", words: str | None = None) -> Kind:
    near = re.compile(words, re.IGNORECASE) if words else None
    return Kind(module, re.compile(rf"(?<![\w.,-]){form}(?![\w-]|[.,]\d)"), mask, near)


KINDS = (
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
"""Kinds whose form or checksum few other numbers share. Weak ones need their name beside them:
one of eleven numbers of nine digits is a valid BSN."""

SCREEN = (
    r"[0-9]{9}|[0-9]{8}-?[A-Z]|[0-9]{4}[ -][0-9]{4}[ -][0-9]{4}|3[47][0-9]{2}[ -][0-9]{6}[ -]"
    r"|[0-9]{3}-[0-9]{2}-[0-9]{4}|[0-9]{6}[-+A][0-9]{3}|[0-9]{3}[ .][0-9]{3}[ .][0-9]{3}"
    r"|756\.[0-9]{4}|[12] [0-9]{2} [0-9]{2} [0-9]|[A-Z]{2}[0-9]{2} ?[A-Z0-9]{4} ?[A-Z0-9]{4}"
    r"|[A-Z]{6}[0-9]{2}[A-Z]|[XYZ]-?[0-9]{7}|[0-9]{2} [0-9]{3} [0-9]{3} [0-9]{3}"
)

LIKELY = re.compile(r"[A-Z]{0,6}[0-9][A-Z0-9 .+-]{6,44}[A-Z0-9]")
"""A run of digits and capitals: only in such are the forms looked for."""

NEAR = 40
"""Characters before a weak number in which its name must stand."""


def numbers(text: str) -> Iterator[Span]:
    """Yield the personal numbers of a text whose checksum is right."""
    for run in LIKELY.finditer(text):
        start = max(0, run.start() - 1)
        piece = text[start : run.end() + 2]
        before = text[max(0, run.start() - NEAR) : run.start()]
        for kind in KINDS:
            named = kind.words is None or kind.words.search(before)
            for found in kind.form.finditer(piece) if named else ():
                if _valid(kind.module, found[0]):
                    yield Span(start + found.start(), start + found.end(), kind.mask)


def _valid(module: str, number: str) -> bool:
    from importlib import import_module

    plain = re.sub(r"[ -]", "", number) if module == "luhn" else number
    return bool(import_module(f"stdnum.{module}").is_valid(plain))
