"""Counting the books of a workspace: where every row that was read went."""

import polars as pl

from schemas.books import Books
from schemas.manifest import BatchManifest
from schemas.verdict import Action


def settle(
    batches: list[BatchManifest], records: int, kept: pl.DataFrame, verdicts: pl.DataFrame
) -> Books:
    """Count the books, which check that they balance.

    Args:
        batches: The batches that were not undone.
        records: How many records there are; all other rows were rejected or repeated.
        kept: The kept records.
        verdicts: All verdicts.

    Raises:
        ValidationError: they do not balance, which is an error in curate.
    """
    drops = verdicts.filter(pl.col("action") == Action.drop.value)
    flags = verdicts.filter(pl.col("action") == Action.flag.value)
    flags = flags.join(kept, on="id", how="semi").unique(["id", "reason"])
    read = sum(batch.read for batch in batches)
    rejected = sum(sum(batch.rejected.values()) for batch in batches)
    return Books(
        read=read,
        rejected=rejected,
        repeated=read - rejected - records,
        records=records,
        kept=len(kept),
        dropped=_count(drops, "reason"),
        flagged=_count(flags, "reason"),
        languages=_count(kept, "language"),
        domains=_count(kept, "domain"),
        origins=_count(kept, "origin"),
    )


def _count(frame: pl.DataFrame, column: str) -> dict[str, int]:
    """How often each value occurs, commonest first, then by name."""
    counts = frame.group_by(column).len().sort(["len", column], descending=[True, False])
    return dict(zip(counts[column], counts["len"], strict=True))
