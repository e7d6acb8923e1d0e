"""Of questions that mean the same: which of their answers say the same, and how many stay."""

import re

import polars as pl

from pipeline.features.fold import fold
from pipeline.features.tokens import UNSPACED
from schemas.reasons import Reason

SAME = 0.8
"""Share of words in common (Jaccard, as Broder's resemblance, 1997) from which two answers say the
same: one word in nine may be another."""

WORD = re.compile(rf"[{UNSPACED}]|[^\W{UNSPACED}]+")


def settled(fallen: pl.DataFrame, survivors: pl.DataFrame, stay: int | None) -> pl.DataFrame:
    """Say of each fallen row why it falls, and let up to `stay` answers to a question stand.

    Args:
        fallen: `id`, `other_id` (the survivor) and `replies`, best first.
        survivors: `id` and `replies` of all that they fell to.
        stay: how many different answers to one question stay, the survivor's among them; None
            for all.

    Returns:
        `fallen` with `reason` and `stands` (bool: it stays after all, as another answer).
    """
    answers = {
        id: [_words(replies)] for id, replies in survivors.select("id", "replies").iter_rows()
    }
    reasons, stands = list[str](), list[bool]()
    for other_id, replies in fallen.select("other_id", "replies").iter_rows():
        words, said = _words(replies), answers[other_id]
        known = any(_alike(words, one) for one in said)
        stays = not known and (stay is None or len(said) < stay)
        if stays:
            said.append(words)
        reason = Reason.near_duplicate if known else Reason.same_question_other_answer
        reasons.append(reason.value)
        stands.append(stays)
    return fallen.with_columns(
        reason=pl.Series(reasons, dtype=pl.String), stands=pl.Series(stands, dtype=pl.Boolean)
    )


def _words(replies: list[str]) -> frozenset[str]:
    return frozenset(WORD.findall(fold("\n".join(replies))))


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    return len(one & other) >= SAME * len(one | other)
