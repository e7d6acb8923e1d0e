"""What the model is measured on is reserved once, and nothing near it is trained on."""

from collections.abc import Callable

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.curation.curated import load_or_compute
from pipeline.curation.recipe import Recipe
from pipeline.curation.run_stages import Curation
from pipeline.curation.splits import MARGIN, SplitSettings, held_out_ids, near_to, reserve, split
from pipeline.features import Features
from pipeline.features.embed import Embedder, EmbeddingSettings
from pipeline.features.tokens import RULES, TokenSettings
from pipeline.near_duplicates.stage import NearDuplicate
from pipeline.near_duplicates.vectors import vectors_of, with_vectors
from pipeline.store.store import Store
from schemas.record import Origin, Record

NewStore = Callable[..., Store]
Talk = Callable[..., Record]

ANSWER = "Of course: open your account, choose the order, and follow the three steps there."


@pytest.fixture(scope="session")
def blind() -> Curation:
    """No language is known to the encoder, so every question stands alone."""
    embedding = EmbeddingSettings(languages=())
    features = Features(tokens=TokenSettings(tokenizer=RULES), embedding=embedding)
    return Curation(features=features, recipe=Recipe())


def add(store: Store, records: list[Record]) -> None:
    with store.open_batch("ingest") as batch:
        for record in records:
            batch.add(record)


ORIGINS = st.lists(st.sampled_from([*Origin]), min_size=1, max_size=40)


@settings(max_examples=25)
@given(origins=ORIGINS, more=ORIGINS, share=st.sampled_from([0.1, 0.2, 0.5]))
def test_the_share_of_human_records_is_reserved_and_only_ever_grows(
    origins: list[Origin],
    more: list[Origin],
    share: float,
    new_store: NewStore,
    talk: Talk,
    blind: Curation,
) -> None:
    chosen = SplitSettings(held_out=share)
    # Not approved by anybody, a correction would be superseded.
    records = [
        talk(f"Question {n}?", f"{n} {ANSWER}", origin=origin)
        for n, origin in enumerate([*origins, *more])
    ]
    store = new_store(records[: len(origins)])
    first = reserve(store, load_or_compute(store, blind).kept, blind, chosen)
    assert reserve(store, load_or_compute(store, blind).kept, blind, chosen) == first

    add(store, records[len(origins) :])
    kept = load_or_compute(store, blind).kept
    second = reserve(store, kept, blind, chosen)
    human = kept.filter(origin="human")
    assert first <= second <= set(human["id"])
    assert len(second) == max(len(first), round(share * len(human)))
    assert held_out_ids(store) == second

    parts = split(store, kept, second, blind)
    everywhere = [*parts.trained, *parts.held_out, *parts.near_heldout]
    assert sorted(everywhere) == kept["id"].to_list()
    assert set(parts.held_out) == second


def test_another_seed_holds_out_others(new_store: NewStore, talk: Talk, blind: Curation) -> None:
    records = [talk(f"Question {n}?", f"{n} {ANSWER}") for n in range(40)]
    chosen = []
    for seed in (1, 1, 2):
        store = new_store(records)
        kept = load_or_compute(store, blind).kept
        chosen.append(reserve(store, kept, blind, SplitSettings(seed=seed)))
    assert chosen[0] == chosen[1] != chosen[2]


def test_a_reserved_record_that_is_kept_no_longer_is_replaced_by_another(
    new_store: NewStore, talk: Talk, blind: Curation
) -> None:
    store = new_store([talk(f"Question {n}?", f"{n} {ANSWER}") for n in range(10)])
    kept = load_or_compute(store, blind).kept
    [first] = reserve(store, kept, blind, SplitSettings())
    [second] = reserve(store, kept.filter(pl.col("id") != first), blind, SplitSettings())
    assert held_out_ids(store) == {first, second}


THINGS = ["tent", "kayak", "stove", "rope", "lamp", "boot", "map", "sleeping bag"]
PATTERNS = ["How do I return a {}?", "How can I return my {} please?", "What does a {} weigh?",
            "Is the {} waterproof?", "Can I repair a {} myself?"]  # fmt: skip


@pytest.fixture(scope="module")
def near(
    new_store: NewStore, talk: Talk, curation: Curation
) -> tuple[Store, pl.DataFrame, Curation]:
    """Questions in pairs that are near each other, none dropped, a few of them synthetic."""
    keeps_all = Recipe(near_duplicate=NearDuplicate(enabled=False))
    lenient = curation.model_copy(update={"recipe": keeps_all})
    records = [
        talk(pattern.format(thing), f"{thing} {ANSWER}", origin=origin)
        for thing in THINGS
        for pattern, origin in zip(PATTERNS, ["human", "synthetic", *["human"] * 3], strict=True)
    ]
    store = new_store(records)
    return store, load_or_compute(store, lenient).kept, lenient


def test_no_trained_question_is_near_a_held_out_one(near) -> None:
    store, kept, curation = near
    held_out = reserve(store, kept, curation, SplitSettings(held_out=0.3))
    parts = split(store, kept, held_out, curation)
    assert len(parts.held_out) == round(0.3 * len(kept.filter(origin="human")))
    assert parts.near_heldout

    embedder = Embedder(curation.features.embedding, store.cache_dir)
    frame = with_vectors(kept, curation.features, embedder).filter(encoder="model")
    vectors = dict(zip(frame["id"], vectors_of(frame), strict=True))
    trained, away = ([vectors[id] for id in ids] for ids in (parts.trained, parts.held_out))
    limit = curation.recipe.near_duplicate.threshold - MARGIN
    assert (np.stack(trained) @ np.stack(away).T).max() <= limit
    nearest = (np.stack([vectors[id] for id in parts.near_heldout]) @ np.stack(away).T).max(axis=1)
    assert (nearest > limit).all()


def test_a_new_question_near_a_held_out_one_is_not_reserved_but_left_out(
    near, talk: Talk, new_store: NewStore
) -> None:
    _, _, curation = near
    old = talk("How do I return a tent?", ANSWER)
    store = new_store([old])
    kept = load_or_compute(store, curation).kept
    [held_out] = reserve(store, kept, curation, SplitSettings(held_out=0.9))
    add(store, [talk("How do I return the tent?", f"{ANSWER} {n}") for n in range(3)])
    kept = load_or_compute(store, curation).kept
    assert reserve(store, kept, curation, SplitSettings(held_out=0.9)) == {held_out}
    parts = split(store, kept, frozenset({held_out}), curation)
    assert (len(parts.near_heldout), parts.trained) == (3, ())


@pytest.mark.parametrize(("cosine", "is_near"), [(0.84, False), (0.86, True), (0.93, True)])
def test_what_is_near_a_held_out_question_begins_at_085_for_a_threshold_of_092(
    cosine: float, is_near: bool, blind: Curation
) -> None:
    assert blind.recipe.near_duplicate.threshold == 0.92
    record = directed("asked", cosine, (1 - cosine**2) ** 0.5)
    held_out = directed("held out", 1.0, 0.0)
    assert near_to(record, held_out, blind) == ({"asked"} if is_near else set())


def test_a_cosine_at_the_limit_is_not_near(blind: Curation) -> None:
    cosine = 0.875  # exact in float32, and so is its sum with the margin less the margin
    record, held_out = directed("asked", cosine, 0.0), directed("held out", 1.0, 0.0)
    for threshold, is_near in ((cosine + MARGIN, False), (cosine + MARGIN - 1e-9, True)):
        assert (threshold - MARGIN == cosine) is not is_near
        recipe = Recipe(near_duplicate=NearDuplicate(threshold=threshold))
        curation = Curation(features=blind.features, recipe=recipe)
        assert near_to(record, held_out, curation) == ({"asked"} if is_near else set())


def directed(id: str, *vector: float) -> pl.DataFrame:
    """A record with a vector."""
    return pl.DataFrame(
        {"id": [id], "tool_set": [""], "encoder": ["model"], "vector": [list(vector)]},
        schema_overrides={"vector": pl.List(pl.Float32)},
    )


def test_all_ids_of_a_reservation_are_flushed_to_disk_once(
    new_store: NewStore, talk: Talk, blind: Curation, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = new_store([talk(f"Question {n}?", f"{n} {ANSWER}") for n in range(40)])
    kept = load_or_compute(store, blind).kept
    flushed: list[int] = []
    monkeypatch.setattr("os.fsync", flushed.append)
    reserved = reserve(store, kept, blind, SplitSettings(held_out=0.5))
    assert held_out_ids(store) == reserved
    assert len(reserved) == 20
    assert len(flushed) == 1
