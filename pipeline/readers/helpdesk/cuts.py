"""Parts of a message that are not its writer's own words: recognised, cut, and counted."""

import re
from collections import Counter
from functools import lru_cache

from pipeline.readers.helpdesk.notes import is_automatic_note
from pipeline.readers.helpdesk.quotes import without_quotes
from pipeline.readers.helpdesk.signatures import without_signature

CUTS = {"quoted mail": without_quotes, "signature": without_signature}
"""In this order: a signature comes before the mail that is answered."""

NAMES_OF_SIDES = (
    "agent", "support", "support agent", "customer", "customer support", "client", "visitor",
)  # fmt: skip
"""Words that stand for a writer's name at the start of a message."""


def own_words(text: str, writer: str, cuts: Counter[str]) -> str:
    """What its writer says in a message, "" for nothing; each cut is counted by its kind.

    Args:
        text: The plain text of a message.
        writer: The name of its writer, "" if it is not known; it is cut from the beginning.
        cuts: Counts, which grow.
    """
    for kind, cut in CUTS.items():
        shorter = cut(text).strip()
        if shorter != text:
            cuts[kind] += 1
            text = shorter
    name = _name_at_start(writer).match(text)
    if name:
        cuts["name at the start"] += 1
        text = text[name.end() :].strip()
    if is_automatic_note(text):
        cuts["automatic note"] += 1
        return ""
    return text


@lru_cache(4096)
def _name_at_start(writer: str) -> re.Pattern[str]:
    """`Anna: `, `[10:32] Anna (Acme): `, `Agent: ` at the start of a text that goes on."""
    first_name = writer.split()[:1]
    known = (writer, *first_name, *NAMES_OF_SIDES)
    names = "|".join(re.escape(name) for name in known if len(name) > 1)
    clock = r"[\[(]?(?:\d{1,2}:\d{2}(?::\d{2})?(?:\s*[ap]m)?[\])]?\s*)?"
    company = r"(?:\s*\([^)\n]{1,40}\)|\s(?:from|at|von|de)\s[^:\n]{1,40})?"
    return re.compile(rf"{clock}[\[(*]*(?:{names})[\])*]*{company}\s*:\**\s+(?=\S)", re.IGNORECASE)
