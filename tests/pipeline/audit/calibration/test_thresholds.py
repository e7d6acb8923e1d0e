"""A threshold is proposed where enough is labelled, and no lower one is open."""

import polars as pl
import pytest

from pipeline.audit.calibration.labels import SETTLED_SCHEMA, append_labels, make_label
from pipeline.audit.calibration.pair_sample import PAIR_SCHEMA, STRATUM
from pipeline.audit.calibration.pairs import Pairs
from pipeline.audit.calibration.thresholds import (
    ABOVE,
    ENOUGH,
    Calibration,
    calibration,
    unfit,
)
from pipeline.curation.recipe import Recipe
from pipeline.curation.run_stages import Curation
from pipeline.features import Features
from pipeline.features.embed import EmbeddingSettings
from pipeline.features.models import NGRAMS
from pipeline.near_duplicates.stage import NearDuplicate

MINILM = EmbeddingSettings().model
BANDS = (0.9, 0.92, 0.94, 0.96, 0.98)


def sampled(*counts: int) -> Pairs:
    """So many pairs in each of `BANDS`, all of them in the sample, the highest first."""
    rows = [
        ("en", band, False, number, f"{band}-{number}", "b", band)
        for band, count in reversed(list(zip(BANDS, counts, strict=True)))
        for number in range(count)
    ]
    sample = pl.DataFrame(rows, schema=PAIR_SCHEMA, orient="row")
    strata = sample.group_by(STRATUM).agg(pairs=pl.len().cast(pl.Int64)).sort(STRATUM)
    return Pairs(sample, strata, 50, 50)


def judged(pairs: Pairs, yes: dict[float, int], no: dict[float, int]) -> Calibration:
    """What follows from so many labels of each band."""
    rows = [
        (f"{band}-{number}", "b", number < yes.get(band, 0))
        for band in BANDS
        for number in range(yes.get(band, 0) + no.get(band, 0))
    ]
    return calibration(pairs, pl.DataFrame(rows, schema=SETTLED_SCHEMA, orient="row"), 0.92)


def test_one_label_of_one_pair_proposes_nothing() -> None:
    found = judged(sampled(50, 50, 20, 10, 1), {0.98: 1}, {})
    assert found.rows[-1].precision.low == 1
    assert found.proposed is None
    assert found.missing is not None
    assert found.missing >= ENOUGH - 1


def test_nothing_is_proposed_while_a_lower_threshold_is_open() -> None:
    pairs = sampled(200, 200, 40, 40, 40)
    above = {0.94: 40, 0.96: 40, 0.98: 40}
    open_below = judged(pairs, above, {})
    assert open_below.proposed is None
    assert open_below.missing is not None
    assert judged(pairs, above, {0.92: 12}).proposed == 0.94


def test_the_pairs_above_a_proposed_threshold_must_be_labelled() -> None:
    few = sampled(50, 50, 0, 0, ABOVE - 1)
    found = judged(few, {0.98: ABOVE - 1}, {0.92: 30})
    assert (found.proposed, found.missing) == (None, None)
    enough = sampled(50, 50, 0, 0, ABOVE)
    assert judged(enough, {0.98: ABOVE}, {0.92: 30}).proposed == 0.94


def test_few_labels_that_say_no_leave_it_open() -> None:
    found = judged(sampled(50, 50, 50, 50, 50), {}, {0.92: 3})
    assert found.proposed is None
    assert found.missing is not None
    assert found.missing >= ENOUGH - 3


def test_when_all_is_known_nothing_is_missing() -> None:
    counts = dict(zip(BANDS, (20, 20, 20, 20, 20), strict=True))
    found = judged(sampled(*counts.values()), {}, counts)
    assert (found.proposed, found.missing) == (None, None)
    found = judged(sampled(*counts.values()), counts, {})
    assert (found.proposed, found.missing) == (0.8, 0)


def test_without_a_pair_there_is_nothing_to_label() -> None:
    found = judged(sampled(0, 0, 0, 0, 0), {}, {})
    assert (found.rows[0].pairs, found.proposed, found.missing) == (0, None, None)


def curation(threshold: float, enabled: bool = True) -> Curation:
    return Curation(
        features=Features(),
        recipe=Recipe(near_duplicate=NearDuplicate(threshold=threshold, enabled=enabled)),
    )


@pytest.mark.parametrize(
    ("labels", "model", "silent"),
    [
        (0, MINILM, False),
        (ENOUGH - 1, MINILM, False),
        (ENOUGH, MINILM, True),
        (ENOUGH, NGRAMS, True),
        (ENOUGH, "another/model", False),
    ],
)
def test_a_threshold_that_labels_speak_for_is_not_called_wrong(
    new_store, labels: int, model: str, silent: bool
) -> None:
    store = new_store([])
    given = [make_label((str(id), "z"), True, "ada", model) for id in range(labels)]
    append_labels(store, given)
    assert (unfit(store, curation(0.85)) is None) == silent


def test_a_threshold_is_not_judged_where_it_fits_or_is_not_used(new_store) -> None:
    store = new_store([])
    assert unfit(store, curation(0.92)) is None
    assert unfit(store, curation(0.5, enabled=False)) is None
