"""Near pairs, counted in strata, and a fixed random sample of each stratum.

Among 20,000 questions 200 million pairs may be near, so a pair is no more than three numbers until
it is known to be one of the few with the smallest hashes.
"""

import numpy as np
import polars as pl

from pipeline.near_duplicates.join import SLACK, NearPairs, compare_within, cosines, projected
from pipeline.near_duplicates.questions import Questions, questions_of

EACH = 400
"""Pairs sampled of a stratum: once all are labelled, a share of 95 % is known to 2 points."""

MIXED = "mixed"
"""The language of a pair whose questions are in two languages."""

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

SAMPLED_SCHEMA: dict[str, type[pl.DataType]] = {
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
    counts, sample = np.zeros(strata.size, np.int64), pl.DataFrame(schema=SAMPLED_SCHEMA)
    for pairs in compare_within(projected(questions.vectors), floor):
        code = strata.codes(pairs, _highest_band(questions, pairs, lower), questions)
        counts += np.bincount(code, minlength=strata.size)
        hashes = _mixed(keys[pairs.row] + keys[pairs.other])
        low = hashes <= limit[code]
        columns = {"code": code, "hash": hashes, "row": pairs.row, "earlier": pairs.other}
        tile = {name: column[low] for name, column in columns.items()}
        tile_frame = pl.DataFrame(tile, schema=SAMPLED_SCHEMA)
        sample = smallest_hashes(pl.concat([sample, tile_frame]), ("code",))
        full = sample.group_by("code").agg(pl.len(), pl.col("hash").max()).filter(len=EACH)
        limit[full["code"].to_numpy()] = full["hash"].to_numpy()
    counted = pl.DataFrame({"code": np.flatnonzero(counts), "pairs": counts[counts > 0]})
    pair_counts = strata.named(counted).select(list(COUNT_SCHEMA))
    return _with_ids(strata.named(sample), group, questions), pair_counts


class _Strata:
    """Numbers for the strata of one group. Band 0 is below all thresholds, and not a stratum."""

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
        first, second = self._spoken[pairs.row], self._spoken[pairs.other]
        language = np.where(first == second, first, len(self._names) - 1)
        guarded = questions.guarded(pairs.row, pairs.other).astype(np.int64)
        code: np.ndarray = np.ravel_multi_index((language, band, guarded), self._shape)
        return code

    def named(self, numbered: pl.DataFrame) -> pl.DataFrame:
        """Rows with the columns of `STRATUM` in addition to `code`, without those of band 0."""
        language, band, guarded = np.unravel_index(numbered["code"].to_numpy(), self._shape)
        return numbered.with_columns(
            language=pl.Series(np.array(self._names)[language], dtype=pl.String),
            band=pl.Series(np.array([0, *self._lower])[band], dtype=pl.Float64),
            guarded=pl.Series(guarded == 1, dtype=pl.Boolean),
        ).filter(pl.col("band") > 0)


def _with_ids(sample: pl.DataFrame, group: pl.DataFrame, questions: Questions) -> pl.DataFrame:
    """The pairs with both ids, the smaller one first, and the exact cosine (`PAIR_SCHEMA`)."""
    row, earlier = sample["row"].to_numpy(), sample["earlier"].to_numpy()
    return sample.with_columns(
        one=group["id"].gather(earlier),
        other=group["id"].gather(row),
        cosine=pl.Series(_exact(questions, row, earlier), dtype=pl.Float64),
    ).select(list(PAIR_SCHEMA))


def _highest_band(questions: Questions, pairs: NearPairs, lower: list[float]) -> np.ndarray:
    """The place, from 1 on, of the highest threshold above which a pair is near; 0 for none.

    This is the band of its cosine, but a lower one for a pair that is so near only by a prefix that
    many questions share.
    """
    cosine = pairs.product.astype(np.float64)
    close = np.array([np.abs(cosine - edge) < 2 * SLACK for edge in lower]).any(axis=0)
    cosine[close] = _exact(questions, pairs.row[close], pairs.other[close])
    band = np.searchsorted(lower, cosine)
    for place in range(len(lower), 0, -1):
        in_band = np.flatnonzero(band == place)
        row, other = pairs.row[in_band], pairs.other[in_band]
        band[in_band[questions.different(row, other, lower[place - 1])]] -= 1
    return band


def _exact(questions: Questions, rows: np.ndarray, others: np.ndarray) -> np.ndarray:
    """float64: the cosines of pairs; rounding may take that of two equal vectors above 1."""
    exact: np.ndarray = cosines(questions.vectors, questions.vectors, rows, others).clip(max=1)
    return exact


def _mixed(keys: np.ndarray) -> np.ndarray:
    """Hashes of numbers by SplitMix64 (Steele, Lea and Flood 2014)."""
    keys = (keys ^ (keys >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    keys = (keys ^ (keys >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed: np.ndarray = keys ^ (keys >> np.uint64(31))
    return mixed


def smallest_hashes(pairs: pl.DataFrame, stratum: tuple[str, ...]) -> pl.DataFrame:
    """The pairs with the `EACH` smallest hashes of each stratum."""
    return pairs.sort("hash").group_by(stratum, maintain_order=True).head(EACH)
