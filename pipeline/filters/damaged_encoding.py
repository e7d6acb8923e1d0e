"""Text that was decoded wrongly before it came here."""

import re

import polars as pl

from pipeline.filters.screen import any_reply, measured, prose
from pipeline.filters.stage import FlagOrDrop, Stage
from schemas.reasons import Reason
from schemas.verdict import Action

SCREEN = r"\u{FFFD}|[ÃÂÐÑãåæçè][\u{80}-\u{BF}€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|â€|\?{3}"

DAMAGE = re.compile(
    r"""
    \ufffd                                             # the decoder's own mark for a lost character
    | Ã[\u0080-\u00bf€‚ƒ„†‡ˆ‰Š‹ŒŽ˜™š›œžŸ]              # é as Latin-1: Ã©
    | Â[\u0080-\u00bf]                                 # a no-break space or ° as Latin-1
    | â€[\u0080-\u00bf™œ˜“”¦¢\u009d]                   # a curly quote or dash as Windows-1252
    | (?:[ÐÑ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]){3}  # Cyrillic
    | (?:[ãåæçè][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]{2}){2}  # Chinese, Japanese
    """,
    re.VERBOSE,
)

LOST = re.compile(r"\?{3,}")
"""What is left of a script that the target encoding lacked: `????? ??? ?????`."""

MOSTLY = 0.3
"""Share of a reply that is question marks in runs, from which they are no emphasis."""


class DamagedEncoding(Stage):
    """Drop records with a reply that was decoded wrongly.

    `Ã©` for é, `â€™` for an apostrophe, U+FFFD, or question marks in place of a whole script.
    """

    action: FlagOrDrop = Action.drop

    def __call__(self, records: pl.DataFrame) -> pl.DataFrame:
        """Verdicts on `records`; the value is the number of damaged places in all replies."""
        found = measured(records, any_reply(SCREEN), _damage)
        return self.verdicts(found, self.action, Reason.damaged_encoding, pl.col("found"))


def _damage(question: str, replies: list[str]) -> int:
    """Damaged places, but for those that the question shows and asks about."""
    return sum(damaged_places(reply) for reply in replies if not DAMAGE.search(prose(question)))


def damaged_places(reply: str) -> int:
    """How many places of a reply were decoded wrongly."""
    text = prose(reply)
    lost = LOST.findall(text)
    mostly = len(lost) > 1 and sum(map(len, lost)) >= MOSTLY * len(text)
    return len(DAMAGE.findall(text)) + (len(lost) if mostly else 0)
