"""What stands in a message and is not what its writer says: recognised, cut, and counted."""

import re
from collections import Counter
from functools import lru_cache

from pipeline.readers.helpdesk.notes import is_note
from pipeline.readers.helpdesk.quotes import without_quotes
from pipeline.readers.helpdesk.signatures import without_signature

CUTS = {"quoted mail": without_quotes, "signature": without_signature}
"""In this order: a signature stands above the mail that is answered."""

SIDES = ("agent", "support", "support agent", "customer", "customer support", "client", "visitor")
"""Words that stand for a name at the start of a message."""


def clean(text: str, name: str, cuts: Counter[str]) -> str:
    """What its writer says in a message, "" for nothing; each cut is counted by its kind.

    Args:
        text: The plain text of a message.
        name: Its writer's, "" if it is not known; it is cut from the beginning.
        cuts: Counts, which grow.
    """
    for kind, cut in CUTS.items():
        shorter = cut(text).strip()
        if shorter != text:
            cuts[kind] += 1
            text = shorter
    named = _at_start(name).match(text)
    if named:
        cuts["name at the start"] += 1
        text = text[named.end() :].strip()
    if is_note(text):
        cuts["automatic note"] += 1
        return ""
    return text


@lru_cache(4096)
def _at_start(name: str) -> re.Pattern[str]:
    """`Anna: `, `[10:32] Anna (Acme): `, `Agent: ` at the start of a text that goes on."""
    first = name.split()[:1]
    known = "|".join(re.escape(word) for word in (name, *first, *SIDES) if len(word) > 1)
    clock = r"[\[(]?(?:\d{1,2}:\d{2}(?::\d{2})?(?:\s*[ap]m)?[\])]?\s*)?"
    of = r"(?:\s*\([^)\n]{1,40}\)|\s(?:from|at|von|de)\s[^:\n]{1,40})?"
    return re.compile(rf"{clock}[\[(*]*(?:{known})[\])*]*{of}\s*:\**\s+(?=\S)", re.IGNORECASE)
