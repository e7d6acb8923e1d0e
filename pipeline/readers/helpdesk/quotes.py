"""The mail that is answered, which mail programs copy below the answer or above it."""

import re

SOME = r"(?:.|\n(?!\n)){5,160}?"
"""The date and name in a line before a quotation, which may be wrapped."""

DATED = r"(?=[^\n]*(?:\d{4}|\d:\d\d))"
"""A year or a time: `On page 3 you wrote:` is no such line."""

HEADERS = (
    rf"On {DATED}{SOME} wrote:",
    rf"Am {DATED}{SOME} schrieb {SOME}:",
    rf"Le {DATED}{SOME} a écrit\s?:",
    rf"El {DATED}{SOME} escribió:",
    rf"Il {DATED}{SOME} ha scritto:",
    rf"Op {DATED}{SOME} schreef {SOME}:",
    rf"Em {DATED}{SOME} escreveu:",
    rf"W dniu {DATED}{SOME} napisał(?:\(a\))?:",
    r"-{2,}\s*(?:Original Message|Forwarded message|Ursprüngliche Nachricht|Message d'origine"
    r"|Weitergeleitete Nachricht|Mensaje original|Messaggio originale|Mensagem original)\s*-{2,}",
    r"(?:_{10,}\s*\n\s*)?(?:From|Von|De|Da|Van|Od): .+\n\s*"
    r"(?:Sent|Gesendet|Envoyé|Enviad[oa]|Inviato|Verzonden|Date|Datum|Fecha|Data)[^\n:]*: .+",
    r"##-[^\n]{5,120}-##",
)
"""What mail programs put before it: Gmail and Apple Mail, Outlook, Zendesk."""

HEADER = re.compile(rf"^[ \t>]*(?:{'|'.join(HEADERS)})", re.MULTILINE)

LINES = re.compile(r"^[ \t]*>(?!>> ).*(?:\n|\Z)", re.MULTILINE)
"""Lines that begin with `>`, but not those of a Python prompt."""


def without_quotes(text: str) -> str:
    """A text without the mail that it answers; what stands under its quoted lines is kept."""
    header = HEADER.search(text)
    if header:
        behind = text[header.end() :]
        below = LINES.sub("", behind) if behind.lstrip().startswith(">") else ""
        text = text[: header.start()] + below
    return LINES.sub("", text)
