"""Which of several records that say the same is kept; never the one that happens to come first."""

import polars as pl

from schemas.record import Origin


def by_preference(records: pl.DataFrame) -> pl.DataFrame:
    """Sort the best first: reviewed or corrected, then human, then synthetic; longer answers; id.

    The id makes the order total, so that no result depends on the order of files.
    """
    trusted = pl.col("reviewed") | (pl.col("origin") == Origin.corrected.value)
    human = pl.col("origin") == Origin.human.value
    length = pl.col("replies").list.join("").str.len_chars()
    return records.sort(trusted, human, length, pl.col("id"), descending=[True, True, True, False])
