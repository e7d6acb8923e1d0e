"""What is to be masked never leaves, and the facts stay."""

import polars as pl
import pytest

from pipeline.curation.curated import load_or_compute
from pipeline.curation.masking import unmasked
from pipeline.filters.personal_data import PersonalData
from pipeline.filters.secret import SECRET_MASK, Secret

KEY = "AKIAIOSFODNN7QWERTZU"
MAIL = "ada.miller@fernhill-outdoor.co.uk"
QUESTION = f"My key is {KEY}, what can I do with it?"
REPLY = f"Please write to {MAIL} about it, and revoke that key in your account today."


@pytest.fixture
def strict(plain):
    stages = {"secret": Secret(action="mask"), "personal_data": PersonalData(action="mask")}
    return plain.model_copy(update={"recipe": plain.recipe.model_copy(update=stages)})


def test_a_masked_text_leaves_in_no_column_and_no_file(new_store, talk, strict) -> None:
    record = talk(QUESTION, REPLY)
    store = new_store(
        [
            record,
            talk("Another question, without any?", "Just a plain reply, and no more than that."),
        ]
    )
    for curated in (
        load_or_compute(store, strict),
        load_or_compute(store, strict),
    ):  # computed, then read
        assert record.id in set(curated.kept["id"])
        text = str(curated.kept.to_dicts())
        assert KEY not in text
        assert MAIL not in text
        assert SECRET_MASK in text
    written = str(pl.read_parquet(store.curated_dir / "kept.parquet").to_dicts())
    assert KEY not in written
    assert MAIL not in written


def test_the_facts_stay_and_a_flag_alone_masks_nothing(new_store, talk, plain, strict) -> None:
    store = new_store([talk(QUESTION, REPLY)])
    load_or_compute(store, strict)
    assert KEY in store.records()["messages"][0]
    curated = load_or_compute(store, plain)
    assert KEY in curated.kept["messages"][0]
    assert {"secret", "personal_data"} <= set(curated.verdicts["reason"])


def test_what_is_compared_is_the_text_that_was_given(new_store, talk, strict, plain) -> None:
    store = new_store([talk(QUESTION, REPLY), talk("Another question?", "A plain reply to it.")])
    given = unmasked(load_or_compute(store, strict).kept, store.records())
    assert given.equals(load_or_compute(store, plain).kept)
