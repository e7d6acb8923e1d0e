"""Merging the labels of a conversation that was seen in several places, in any order.

Origin: human before corrected before synthetic. Of several labels the most common counts, then the
first by name; any label before none. Conflicts are flagged (DESIGN 3.1).
"""

import polars as pl

from schemas.record import Origin

_LABELS = ("language", "domain")


def merge_sightings(sightings: pl.DataFrame) -> pl.DataFrame:
    """One row for each id.

    Columns: `origin, source, language_given, domain_given, label_conflict, seen`, and `rejected`:
    the smallest of the replies that preference rows turn down, or null.
    """
    rank = {origin.value: place for place, origin in enumerate(Origin)}
    order = pl.col("origin").replace_strict(rank, return_dtype=pl.Int8)
    merged = sightings.group_by("id").agg(
        pl.col("origin").sort_by(order).first(),
        pl.col("source").min(),
        pl.col("rejected").min(),
        pl.len().alias("seen"),
        *[pl.col(label).drop_nulls().n_unique().alias(f"{label}s") for label in _LABELS],
    )
    for label in _LABELS:
        merged = merged.join(_commonest(sightings, label), on="id", how="left")
    conflict = pl.any_horizontal(*[pl.col(f"{label}s") > 1 for label in _LABELS])
    return merged.with_columns(label_conflict=conflict).drop([f"{label}s" for label in _LABELS])


def _commonest(sightings: pl.DataFrame, label: str) -> pl.DataFrame:
    counts = sightings.drop_nulls(label).group_by("id", label).len()
    best = counts.sort(["id", "len", label], descending=[False, True, False])
    best = best.unique("id", keep="first", maintain_order=True)
    return best.select("id", pl.col(label).alias(f"{label}_given"))
