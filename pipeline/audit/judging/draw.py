"""Which records are judged: some of each reason and some of none, in an order that tells nothing.

Records are drawn in strata: by the first reason that found them and what it did (`drop echo`,
`flag echo`), and those that no reason found. So
each judged record stands for a known number of others, and both what is found wrongly and what is
missed can be estimated. The smallest hashes are drawn: the same on every machine for one seed, and
with a larger sample the smaller one is part of it.
"""

import hashlib

import polars as pl

from pipeline.audit.judging.kinds import PAIRED, SINGLE
from schemas.reasons import Reason
from schemas.verdict import Action

UNFOUND = "none"
"""The stratum of records that no reason found."""

STRATUM_NAME = pl.concat_str("action", "reason", separator=" ")
"""The stratum of a verdict."""

ITEM_SCHEMA = {"id": pl.String, "other_id": pl.String, "stratum": pl.String}
"""What is judged: a record (`other_id` is null), or two."""


def strata(ids: pl.Series, verdicts: pl.DataFrame) -> pl.DataFrame:
    """The stratum of each record (`id, other_id, stratum`); `verdicts` as in `Curated`."""
    order = {reason.value: place for place, reason in enumerate(SINGLE)}
    found = verdicts.filter(pl.col("reason").is_in(list(order)))
    place = pl.col("reason").replace_strict(order, default=None, return_dtype=pl.Int64)
    found = found.with_columns(place=place, stratum=STRATUM_NAME)
    first = found.sort("action", "place", "id").unique("id", keep="first", maintain_order=True)
    named = pl.DataFrame({"id": ids}).join(first.select("id", "stratum"), on="id", how="left")
    return named.select(
        "id", other_id=pl.lit(None, pl.String), stratum=pl.col("stratum").fill_null(UNFOUND)
    )


def pair_strata(verdicts: pl.DataFrame) -> pl.DataFrame:
    """The pairs of records that reasons are about (`id, other_id, stratum`)."""
    pairs = verdicts.filter(
        pl.col("reason").is_in([reason.value for reason in PAIRED]),
        pl.col("other_id").is_not_null(),
    )
    return pairs.select("id", "other_id", stratum=STRATUM_NAME).unique(
        ["id", "other_id"], keep="first", maintain_order=True
    )


def draw(
    ids: pl.Series, verdicts: pl.DataFrame, each: int, seed: int, reasons: tuple[Reason, ...] = ()
) -> pl.DataFrame:
    """The items to judge (`ITEM_SCHEMA`), shuffled.

    Args:
        ids: all records.
        verdicts: every finding.
        each: how many of each reason and action; of records that no reason found, as many as of
            all others.
        seed: another seed draws other records.
        reasons: only these, if given.
    """
    names = [reason.value for reason in reasons or (*SINGLE, *PAIRED)]
    wanted = [f"{action.value} {name}" for action in Action for name in names]
    single = _smallest(strata(ids, verdicts), seed)
    found = single.filter(pl.col("stratum").is_in(wanted)).group_by("stratum").head(each)
    unfound = single.filter(pl.col("stratum") == UNFOUND).head(len(found) or each)
    pairs = _smallest(pair_strata(verdicts), seed).filter(pl.col("stratum").is_in(wanted))
    some = [pairs.group_by("stratum").head(each)]
    if not reasons or set(reasons) & set(SINGLE):
        some += [found, unfound]
    items = pl.concat([part.select(list(ITEM_SCHEMA)) for part in some])
    return _smallest(items, seed + 1).select(list(ITEM_SCHEMA))


def _smallest(items: pl.DataFrame, seed: int) -> pl.DataFrame:
    """The items by their hash, which is a random order."""
    keys = zip(items["id"], items["other_id"], strict=True)
    hashes = [hashlib.sha256(f"{seed} {id} {other}".encode()).hexdigest() for id, other in keys]
    return items.with_columns(hash=pl.Series(hashes, dtype=pl.String)).sort("hash")
