"""The end of a mail that says who wrote it, and with which program."""

import re

CAPITALISED = r"(?-i:[A-ZÀ-ÖØ-Þ][\w.'’&-]*)"

SIGNER = rf"{CAPITALISED}(?: (?:at|of|from|the|and|&|von|der|de|del|la|{CAPITALISED})){{0,5}}"
"""`Anna`, `Anna de Vries`, `The Team at Acme`; a sentence would go on in small letters."""

CLOSING_PHRASES = (
    r"(?:with )?(?:(?:best|kind|kindest|warm|many) )?(?:regards|wishes|thanks)",
    r"all the best|best|cheers|sincerely|yours (?:sincerely|truly|faithfully)|thank you|thx",
    r"mit (?:freundlichen|besten|lieben) grüßen|(?:viele|beste|liebe|freundliche|schöne) grüße",
    r"mfg|vg|lg",
    r"cordialement|bien à vous|(?:un )?saludos?(?: cordiales)?|atentamente|cordiali saluti",
    r"met vriendelijke groet(?:en)?|atenciosamente|pozdrawiam",
)

CLOSING_AND_ADDRESS = re.compile(
    rf"\n[ \t]*(?:{'|'.join(CLOSING_PHRASES)})[,.!]?[ \t]*"
    rf"\n\s*{SIGNER}[ ,.]*(?:\n[^\n?]{{0,80}}){{0,6}}\Z",
    re.IGNORECASE,
)
"""A closing with a name on the next line, and up to six short lines of address."""

DASHES_AND_SIGNATURE = re.compile(r"^--[ \t]?\n(?:.|\n){1,600}\Z", re.MULTILINE)
"""The line that mail programs put before a signature."""

MAIL_PROGRAMS = (
    r"sent (?:from my|from mail|from yahoo|via|with)|get outlook for",
    r"von meinem .{2,30} gesendet|gesendet (?:von|mit)",
    r"envoyé (?:de mon|depuis)|enviado desde|inviato da|verzonden vanaf",
)

SENT_FROM = re.compile(
    rf"^(?:{'|'.join(MAIL_PROGRAMS)})\b.{{0,60}}(?:\n.{{0,80}}){{0,2}}\Z",
    re.MULTILINE | re.IGNORECASE,
)


def without_signature(text: str) -> str:
    """A text without its closing, its writer's address, and the name of the mail program."""
    for pattern in (SENT_FROM, DASHES_AND_SIGNATURE, CLOSING_AND_ADDRESS):
        text = pattern.sub("", text).rstrip()
    return text
