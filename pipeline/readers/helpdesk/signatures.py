"""The end of a mail that says who wrote it and on what."""

import re

CAPITAL = r"(?-i:[A-ZÀ-ÖØ-Þ][\w.'’&-]*)"

NAME = rf"{CAPITAL}(?: (?:at|of|from|the|and|&|von|der|de|del|la|{CAPITAL})){{0,5}}"
"""`Anna`, `Anna de Vries`, `The Team at Acme`: a sentence goes on in small letters."""

CLOSINGS = (
    r"(?:with )?(?:(?:best|kind|kindest|warm|many) )?(?:regards|wishes|thanks)",
    r"all the best|best|cheers|sincerely|yours (?:sincerely|truly|faithfully)|thank you|thx",
    r"mit (?:freundlichen|besten|lieben) grüßen|(?:viele|beste|liebe|freundliche|schöne) grüße",
    r"mfg|vg|lg",
    r"cordialement|bien à vous|(?:un )?saludos?(?: cordiales)?|atentamente|cordiali saluti",
    r"met vriendelijke groet(?:en)?|atenciosamente|pozdrawiam",
)

CLOSING = re.compile(
    rf"\n[ \t]*(?:{'|'.join(CLOSINGS)})[,.!]?[ \t]*\n\s*{NAME}[ ,.]*(?:\n[^\n?]{{0,80}}){{0,6}}\Z",
    re.IGNORECASE,
)
"""A closing with a name on the next line, and up to six short lines of address."""

DASHES = re.compile(r"^--[ \t]?\n(?:.|\n){1,600}\Z", re.MULTILINE)
"""The line that mail programs put before a signature."""

PROGRAMS = (
    r"sent (?:from my|from mail|from yahoo|via|with)|get outlook for",
    r"von meinem .{2,30} gesendet|gesendet (?:von|mit)",
    r"envoyé (?:de mon|depuis)|enviado desde|inviato da|verzonden vanaf",
)

PROGRAM = re.compile(
    rf"^(?:{'|'.join(PROGRAMS)})\b.{{0,60}}(?:\n.{{0,80}}){{0,2}}\Z", re.MULTILINE | re.IGNORECASE
)


def without_signature(text: str) -> str:
    """A text without its closing, its writer's address, and the name of the mail program."""
    for pattern in (PROGRAM, DASHES, CLOSING):
        text = pattern.sub("", text).rstrip()
    return text
