"""Near pairs counted in strata, with a fixed random few of each.

Among 20,000 questions 200 million pairs may be near, so a pair is three numbers until it is known
to be one of the few with the smallest hashes.
"""

import numpy as np
import polars as pl

from pipeline.near_duplicates.join import SLACK, NearPairs, compare_within, cosines, projected
from pipeline.near_duplicates.questions import Questions, questions_of

EACH = 400
"""Pairs kept of a stratum: labelled all, a share of 95 % is known to 2 points."""

MIXED = "mixed"
"""The language of a pair of two languages."""

STRATUM = ("language", "band", "guarded")

PAIR_SCHEMA: dict[str, type[pl.DataType]] = {
    "language": pl.String,
    "band": pl.Float64,
    "guarded": pl.Boolean,
    "hash": pl.UInt64,
    "one": pl.String,
    "other": pl.String,
    "cosine": pl.Float64,
}

HELD_SCHEMA: dict[str, type[pl.DataType]] = {
    "code": pl.Int64,
    "hash": pl.UInt64,
    "row": pl.Int64,
    "earlier": pl.Int64,
}

COUNT_SCHEMA = {name: PAIR_SCHEMA[name] for name in STRATUM} | {"pairs": pl.Int64}


def sample_pairs(
    group: pl.DataFrame, lower: list[float], floor: float
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Sample and count the pairs of comparable records.

    Args:
        group: records of `with_questions` with the same tools and encoder, in order of id.
        lower: the lower ends of the bands of cosine, ascending.
        floor: cosine above which pairs are counted.

    Returns:
        The pairs with the smallest hashes of each stratum (`PAIR_SCHEMA`), and how many pairs each
        has (`COUNT_SCHEMA`).
    """
    questions = questions_of(group)
    strata = _Strata(group["question_language"], lower)
    keys = np.array([int(id[:16], 16) for id in group["id"]], np.uint64)
    limit = np.full(strata.size, np.iinfo(np.uint64).max, np.uint64)
    counts, held = np.zeros(strata.size, np.int64), pl.DataFrame(schema=HELD_SCHEMA)
    for pairs in compare_within(projected(questions.vectors), floor):
        code = strata.codes(pairs, _highest_band(questions, pairs, lower), questions)
        counts += np.bincount(code, minlength=strata.size)
        mark = _mixed(keys[pairs.row] + keys[pairs.other])
        low = mark <= limit[code]
        found = {"code": code, "hash": mark, "row": pairs.row, "earlier": pairs.other}
        fresh = {name: column[low] for name, column in found.items()}
        held = smallest(pl.concat([held, pl.DataFrame(fresh, schema=HELD_SCHEMA)]), ("code",))
        full = held.group_by("code").agg(pl.len(), pl.col("hash").max()).filter(len=EACH)
        limit[full["code"].to_numpy()] = full["hash"].to_numpy()
    there = pl.DataFrame({"code": np.flatnonzero(counts), "pairs": counts[counts > 0]})
    return _sides(strata.named(held), group, questions), strata.named(there).select(
        list(COUNT_SCHEMA)
    )


class _Strata:
    """Numbers for the strata of one group; band 0 is below all thresholds, and no stratum."""

    def __init__(self, languages: pl.Series, lower: list[float]) -> None:
        self._names = [*languages.unique().sort(), MIXED]
        self._spoken = languages.replace_strict(
            self._names, range(len(self._names)), return_dtype=pl.Int64
        ).to_numpy()
        self._lower = lower
        self._shape = (len(self._names), len(lower) + 1, 2)

    @property
    def size(self) -> int:
        """How many numbers there are."""
        return int(np.prod(self._shape))

    def codes(self, pairs: NearPairs, band: np.ndarray, questions: Questions) -> np.ndarray:
        """The number of the stratum of each pair."""
        one, other = self._spoken[pairs.row], self._spoken[pairs.other]
        language = np.where(one == other, one, len(self._names) - 1)
        guarded = questions.guarded(pairs.row, pairs.other).astype(np.int64)
        code: np.ndarray = np.ravel_multi_index((language, band, guarded), self._shape)
        return code

    def named(self, numbered: pl.DataFrame) -> pl.DataFrame:
        """Rows with a `code` and the columns of `STRATUM` instead, without those of band 0."""
        language, band, guarded = np.unravel_index(numbered["code"].to_numpy(), self._shape)
        return numbered.with_columns(
            language=pl.Series(np.array(self._names)[language], dtype=pl.String),
            band=pl.Series(np.array([0, *self._lower])[band], dtype=pl.Float64),
            guarded=pl.Series(guarded == 1, dtype=pl.Boolean),
        ).filter(pl.col("band") > 0)


def _sides(held: pl.DataFrame, group: pl.DataFrame, questions: Questions) -> pl.DataFrame:
    """The ids of the pairs, the smaller one first, and their exact cosine (`PAIR_SCHEMA`)."""
    row, earlier = held["row"].to_numpy(), held["earlier"].to_numpy()
    return held.with_columns(
        one=group["id"].gather(earlier),
        other=group["id"].gather(row),
        cosine=pl.Series(_exact(questions, row, earlier), dtype=pl.Float64),
    ).select(list(PAIR_SCHEMA))


def _highest_band(questions: Questions, pairs: NearPairs, lower: list[float]) -> np.ndarray:
    """The place, from 1 on, of the highest threshold above which a pair is near; 0 for none.

    The band of its cosine, but a lower one for a pair that is as near only by a beginning that
    many questions share.
    """
    cosine = pairs.product.astype(np.float64)
    close = np.array([np.abs(cosine - edge) < 2 * SLACK for edge in lower]).any(axis=0)
    cosine[close] = _exact(questions, pairs.row[close], pairs.other[close])
    band = np.searchsorted(lower, cosine)
    for place in range(len(lower), 0, -1):
        here = np.flatnonzero(band == place)
        apart = questions.different(pairs.row[here], pairs.other[here], lower[place - 1])
        band[here[apart]] -= 1
    return band


def _exact(questions: Questions, rows: np.ndarray, others: np.ndarray) -> np.ndarray:
    found: np.ndarray = cosines(questions.vectors, questions.vectors, rows, others).clip(max=1)
    return found


def _mixed(keys: np.ndarray) -> np.ndarray:
    """SplitMix64 (Steele, Lea and Flood 2014): near numbers become unrelated ones."""
    keys = (keys ^ (keys >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    keys = (keys ^ (keys >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed: np.ndarray = keys ^ (keys >> np.uint64(31))
    return mixed


def smallest(pairs: pl.DataFrame, stratum: tuple[str, ...]) -> pl.DataFrame:
    """The pairs with the `EACH` smallest hashes of each stratum."""
    return pairs.sort("hash").group_by(stratum, maintain_order=True).head(EACH)
