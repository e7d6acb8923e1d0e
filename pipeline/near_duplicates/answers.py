"""Among questions that mean the same: which answers say the same, and how many of them stay.

What the assistant is told by the system text is part of what it is asked: two shops may answer the
same question differently, and so may two personas. So answers are counted by system text.
"""

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
        fallen: `id`, `other_id` (the survivor), `system` and `replies`, best first.
        survivors: `id`, `system` and `replies` of the rows that they fell to.
        stay: how many different answers to one question stay, including that of the survivor;
            None for all.

    Returns:
        `fallen` with `reason` and `stands` (bool: it stays after all, as another answer).
    """
    answers: dict[str, dict[str, list[frozenset[str]]]] = {
        id: {fold(system): [_words(replies)]}
        for id, system, replies in survivors.select("id", "system", "replies").iter_rows()
    }
    reasons, stands = list[str](), list[bool]()
    for other_id, system, replies in fallen.select("other_id", "system", "replies").iter_rows():
        words, by_system = _words(replies), answers[other_id]
        known = any(_alike(words, answer) for kept in by_system.values() for answer in kept)
        kept = by_system.setdefault(fold(system), [])
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
