"""Pairs around the threshold: all are counted, a fixed few are asked about, the best first."""

from collections.abc import Callable
from itertools import combinations
from typing import Any

import polars as pl
import pytest

import pipeline.audit.calibration.pair_sample as pair_sample
import pipeline.audit.calibration.pairs as calibrating
from pipeline.audit.calibration.labels import SETTLED_SCHEMA
from pipeline.audit.calibration.pairs import (
    FLOOR,
    Pairs,
    bands,
    guard_says,
    near_pairs,
)
from pipeline.audit.calibration.thresholds import calibration
from pipeline.curation.curated import load_or_compute
from pipeline.curation.recipe import Recipe
from pipeline.curation.run_stages import Curation
from pipeline.features import Features
from pipeline.features.embed import EmbeddingSettings
from pipeline.features.tokens import RULES, TokenSettings
from pipeline.near_duplicates.stage import NearDuplicate
from schemas.record import Record

ANSWER = "Open your account, choose the order, and follow the {} steps that you find there."
THINGS = (
    "tent",
    "kayak",
    "canoe",
    "lantern",
    "stove",
    "jacket",
    "compass",
    "rope",
    "bottle",
    "cup",
)
ASKED = "How do I return the {} that I bought in your shop by the station?"


@pytest.fixture(scope="module")
def spelling() -> Curation:
    """Everything by hashed n-grams."""
    features = Features(
        tokens=TokenSettings(tokenizer=RULES), embedding=EmbeddingSettings(model="ngrams")
    )
    return Curation(features=features, recipe=Recipe(near_duplicate=NearDuplicate(threshold=0.92)))


@pytest.fixture(scope="module")
def records(talk) -> list[Record]:
    things = [talk(ASKED.format(thing), ANSWER.format(thing)) for thing in THINGS]
    numbers = [
        talk(f"How long do I wait for order {n} from your shop?", ANSWER.format(n)) for n in (7, 8)
    ]
    again = talk(ASKED.format("tent").upper(), ANSWER.format("twelve other"))
    return [*things, *numbers, again]


@pytest.fixture(scope="module")
def find(new_store, spelling) -> Callable[..., Pairs]:
    def look(records: list[Record], curation: Curation = spelling) -> Pairs:
        store = new_store(records)
        return near_pairs(store, load_or_compute(store, curation), curation)

    return look


@pytest.fixture(scope="module")
def pairs(find, records: list[Record]) -> Pairs:
    return find(records)


def free(pairs: Pairs) -> pl.DataFrame:
    return pairs.sample.filter(~pl.col("guarded"))


def test_pairs_that_would_fall_are_there_too(pairs: Pairs) -> None:
    """Of ten questions some are dropped as near-duplicates; each pair is there all the same."""
    found = free(pairs)
    assert len(found) == len(list(combinations(THINGS, 2)))
    assert (found["cosine"] > FLOOR).all()
    assert (found["one"] < found["other"]).all()


def test_questions_that_differ_in_spelling_alone_are_one(pairs: Pairs) -> None:
    assert pairs.questions == pairs.compared == len(THINGS) + 2
    assert pairs.sample["cosine"].max() < 1 - 1e-6


def test_a_pair_that_the_guard_holds_apart_says_why(pairs: Pairs) -> None:
    [pair] = pairs.sample.filter("guarded").to_dicts()
    assert guard_says(pair) == "number: 7 against 8"
    assert guard_says(free(pairs).to_dicts()[0]) is None


def test_the_order_of_records_changes_nothing(find, records: list[Record], pairs: Pairs) -> None:
    again = find(records[::-1])
    assert again.sample.equals(pairs.sample)
    assert again.strata.equals(pairs.strata)


def test_of_a_stratum_the_smallest_hashes_are_asked_about_and_all_are_counted(
    find, records, pairs: Pairs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pair_sample, "EACH", 2)
    few = find(records)
    assert few.strata.equals(pairs.strata)
    assert few.strata["pairs"].sum() == len(pairs.sample)
    wanted = pairs.sample.sort("hash").group_by(pair_sample.STRATUM).head(2)
    assert set(few.sample["hash"]) == set(wanted["hash"])


def test_no_more_questions_are_compared_than_it_says(
    find, records, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calibrating, "QUESTIONS", 5)
    found = find(records)
    assert (found.compared, found.questions) == (5, 12)


def test_what_is_next_to_the_threshold_is_asked_first(pairs: Pairs) -> None:
    assert set(pairs.sample["band"].head(2)) == {0.9, 0.92}
    assert not pairs.sample["guarded"].head(2).any()
    begins = pairs.sample.with_row_index("turn").group_by("band").agg(pl.col("turn").min())
    turn = dict(begins.iter_rows())
    assert turn[0.92] < turn[0.94]
    assert turn[0.9] < turn[0.88]


def test_the_present_threshold_is_always_an_edge() -> None:
    assert 0.917 in bands(0.917)
    assert bands(0.7) == bands(0.92)


def test_records_with_other_tools_are_no_pair(find, talk) -> None:
    tool = {"type": "function", "function": {"name": "find_order", "parameters": {}}}
    one = talk(ASKED.format("tent"), ANSWER.format("tent"))
    other = talk(ASKED.format("tents"), ANSWER.format("tents"), tools=(tool,))
    assert len(find([one, other]).sample) == 0


# -- thresholds ----------------------------------------------------------------------------------


def labelled(pairs: pl.DataFrame, same: bool) -> pl.DataFrame:
    return pairs.select("one", "other", same=pl.lit(same)).cast(dict(SETTLED_SCHEMA.items()))


def test_a_threshold_is_proposed_when_all_is_known(pairs: Pairs) -> None:
    found = calibration(pairs, labelled(free(pairs), True), 0.92)
    assert found.proposed == FLOOR
    assert found.missing == 0
    assert found.labelled == len(free(pairs))
    assert found.rows[0].pairs == len(free(pairs))
    assert found.rows[0].precision.low == pytest.approx(1)


def test_nothing_is_proposed_when_all_are_different(pairs: Pairs) -> None:
    found = calibration(pairs, labelled(free(pairs), False), 0.92)
    assert (found.proposed, found.missing) == (None, None)


def test_few_labels_say_how_many_more_are_needed(pairs: Pairs) -> None:
    found = calibration(pairs, labelled(free(pairs).head(3), True), 0.92)
    assert found.proposed is None
    assert found.missing is not None
    asked = pairs.sample.head(3 + found.missing)
    enough = calibration(pairs, labelled(asked.filter(~pl.col("guarded")), True), 0.92)
    assert enough.proposed is not None


def test_a_guarded_pair_is_counted_apart(pairs: Pairs) -> None:
    found = calibration(pairs, labelled(pairs.sample.filter("guarded"), True), FLOOR)
    assert (found.guarded, found.guarded_labelled, found.guarded_same) == (1, 1, 1)
    assert found.labelled == 0


def test_a_label_of_a_pair_outside_of_the_sample_is_not_counted(pairs: Pairs) -> None:
    stranger = pl.DataFrame([("0", "1", True)], schema=SETTLED_SCHEMA, orient="row")
    found = calibration(pairs, stranger, 0.92)
    assert (found.labelled, found.outside) == (0, 1)
    assert found.rows[0].precision.value is None


def test_a_language_with_enough_labels_has_a_table_of_its_own(pairs: Pairs) -> None:
    every: dict[str, Any] = calibration(pairs, labelled(free(pairs), True), 0.92).languages
    assert list(every) == ["en"]
    assert calibration(pairs, labelled(free(pairs).head(5), True), 0.92).languages == {}
