"""The mail that is answered, which mail programs quote below the answer or above it."""

import re

DATE_AND_NAME = r"(?:.|\n(?!\n)){5,160}?"
"""The date and name in the line before a quoted mail, which may be wrapped."""

HAS_DATE = r"(?=[^\n]*(?:\d{4}|\d:\d\d))"
"""A year or a time: `On page 3 you wrote:` is no such line."""

QUOTE_HEADERS = (
    rf"On {HAS_DATE}{DATE_AND_NAME} wrote:",
    rf"Am {HAS_DATE}{DATE_AND_NAME} schrieb {DATE_AND_NAME}:",
    rf"Le {HAS_DATE}{DATE_AND_NAME} a écrit\s?:",
    rf"El {HAS_DATE}{DATE_AND_NAME} escribió:",
    rf"Il {HAS_DATE}{DATE_AND_NAME} ha scritto:",
    rf"Op {HAS_DATE}{DATE_AND_NAME} schreef {DATE_AND_NAME}:",
    rf"Em {HAS_DATE}{DATE_AND_NAME} escreveu:",
    rf"W dniu {HAS_DATE}{DATE_AND_NAME} napisał(?:\(a\))?:",
    r"-{2,}\s*(?:Original Message|Forwarded message|Ursprüngliche Nachricht|Message d'origine"
    r"|Weitergeleitete Nachricht|Mensaje original|Messaggio originale|Mensagem original)\s*-{2,}",
    r"(?:_{10,}\s*\n\s*)?(?:From|Von|De|Da|Van|Od): .+\n\s*"
    r"(?:Sent|Gesendet|Envoyé|Enviad[oa]|Inviato|Verzonden|Date|Datum|Fecha|Data)[^\n:]*: .+",
    r"##-[^\n]{5,120}-##",
)
"""What Gmail and Apple Mail, Outlook and Zendesk put before a quoted mail."""

QUOTE_HEADER = re.compile(rf"^[ \t>]*(?:{'|'.join(QUOTE_HEADERS)})", re.MULTILINE)

QUOTED_LINES = re.compile(r"^[ \t]*>(?!>> ).*(?:\n|\Z)", re.MULTILINE)
"""Lines that begin with `>`, except those of a Python prompt."""


def without_quotes(text: str) -> str:
    """A text without the mail that it answers; an answer below the quoted lines is kept."""
    header = QUOTE_HEADER.search(text)
    if header:
        behind = text[header.end() :]
        below = QUOTED_LINES.sub("", behind) if behind.lstrip().startswith(">") else ""
        text = text[: header.start()] + below
    return QUOTED_LINES.sub("", text)
