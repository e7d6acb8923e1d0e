"""The subject of a ticket, where the customer's first message says less than it."""

import re

from pipeline.readers.candidate import Turn

REPLY_MARKS = re.compile(
    r"\A(?:\s*(?:re|aw|fw|fwd|wg|sv|tr|rv|antw)\s*:)+\s*|\[[^\]]{1,30}#?\d*\]", re.I
)
"""`Re:` and `[Ticket #4711]`, which mail programs and desks put into subjects."""

FEW_WORDS = 12
"""A message of so few words that has none of the subject's own leans on it."""

LONG_WORD = 4
"""Letters of a word that tells what a text is about."""

WORD = re.compile(r"\w+")


def with_subject(turns: list[Turn], subject: str) -> list[Turn]:
    """The turns with the subject before the first message, if this says less than the subject.

    It does if it has fewer words than the subject, or if it is short and has none of its words:
    "See the subject, please", "It still does not work".
    """
    subject = REPLY_MARKS.sub("", subject).strip()
    if not subject or not turns or turns[0]["role"] != "user":
        return turns
    text = str(turns[0]["content"])
    if subject.casefold() in text.casefold():
        return turns
    asked, said = _words(subject), _words(text)
    telling = {word for word in asked if len(word) >= LONG_WORD}
    leans = len(said) <= FEW_WORDS and bool(telling) and telling.isdisjoint(said)
    if len(asked) > 1 and (len(said) < len(asked) or leans):
        return [turns[0] | {"content": f"{subject}\n\n{text}"}, *turns[1:]]
    return turns


def _words(text: str) -> list[str]:
    return WORD.findall(text.casefold())
