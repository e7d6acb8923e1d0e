"""Among questions that mean the same: which answers say the same, and how many of them stay."""

import re

import polars as pl

from pipeline.features.fold import fold
from pipeline.features.tokens import UNSPACED
from schemas.reasons import Reason

SAME = 0.8
"""Share of words in common (Jaccard index, Broder 1997) from which two answers count as the same:
one word in nine may differ."""

WORD = re.compile(rf"[{UNSPACED}]|[^\W{UNSPACED}]+")


def compare_answers(
    fallen: pl.DataFrame, survivors: pl.DataFrame, stay: int | None
) -> pl.DataFrame:
    """Say for each fallen row why it falls, and let up to `stay` answers to a question stand.

    Args:
        fallen: `id`, `other_id` (the survivor) and `replies`, best first.
        survivors: `id` and `replies` of the rows that they fell to.
        stay: how many different answers to one question stay, including that of the survivor;
            None for all.

    Returns:
        `fallen` with `reason` and `stands` (bool: it stays after all, as another answer).
    """
    answers = {
        id: [_words(replies)] for id, replies in survivors.select("id", "replies").iter_rows()
    }
    reasons, stands = list[str](), list[bool]()
    for other_id, replies in fallen.select("other_id", "replies").iter_rows():
        words, kept = _words(replies), answers[other_id]
        known = any(_alike(words, answer) for answer in kept)
        stays = not known and (stay is None or len(kept) < stay)
        if stays:
            kept.append(words)
        reason = Reason.near_duplicate if known else Reason.same_question_other_answer
        reasons.append(reason.value)
        stands.append(stays)
    return fallen.with_columns(
        reason=pl.Series(reasons, dtype=pl.String), stands=pl.Series(stands, dtype=pl.Boolean)
    )


def _words(replies: list[str]) -> frozenset[str]:
    return frozenset(WORD.findall(fold("\n".join(replies))))


def _alike(words: frozenset[str], others: frozenset[str]) -> bool:
    return len(words & others) >= SAME * len(words | others)
