"""Text that was decoded with the wrong character encoding before it came here."""

import re

import polars as pl

from pipeline.filters.screen import any_reply, measured, prose
from pipeline.filters.stage import FlagOrDrop, Stage
from schemas.reasons import Reason
from schemas.verdict import Action

_MAYBE_DAMAGED = r"\u{FFFD}|[ÃÂÐÑãåæçè][\u{80}-\u{BF}€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|â€|\?{3}"

_DAMAGE = re.compile(
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

_LOST_LETTERS = re.compile(r"\?{3,}")
"""What an encoding leaves of a script that it does not have: `????? ??? ?????`."""

_MOSTLY = 0.3
"""Share of a reply in runs of question marks from which they are lost letters, not emphasis."""


class DamagedEncoding(Stage):
    """Drop records with a reply that was decoded with the wrong character encoding.

    It shows as `Ã©` for é, `â€™` for an apostrophe, U+FFFD for a lost character, or question marks
    in place of a whole script.
    """

    measures = "number of damaged places in all replies"

    action: FlagOrDrop = Action.drop

    def __call__(self, records: pl.DataFrame) -> pl.DataFrame:
        """Verdicts on `records`; each value is what this stage `measures`."""
        matching = measured(records, any_reply(_MAYBE_DAMAGED), _count_damage)
        return self.verdicts(matching, self.action, Reason.damaged_encoding, pl.col("measure"))


def _count_damage(question: str, replies: list[str]) -> int:
    """Damaged places in the replies; none where the question shows such damage itself."""
    if _DAMAGE.search(prose(question)):
        return 0
    return sum(damaged_places(reply) for reply in replies)


def damaged_places(reply: str) -> int:
    """How many places of a reply were decoded wrongly."""
    text = prose(reply)
    marks = _LOST_LETTERS.findall(text)
    is_mostly_marks = len(marks) > 1 and sum(map(len, marks)) >= _MOSTLY * len(text)
    return len(_DAMAGE.findall(text)) + (len(marks) if is_mostly_marks else 0)
