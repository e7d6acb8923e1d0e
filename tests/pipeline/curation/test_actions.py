"""Whatever a stage does and its scope, the books balance, and what the gate accepts is kept."""

import itertools
from collections.abc import Callable, Iterator
from typing import Any, get_args

import polars as pl
import pytest

from pipeline.curation.curated import Curated, load_or_compute
from pipeline.curation.gate import Gate
from pipeline.curation.recipe import Recipe
from pipeline.curation.run_stages import Curation
from pipeline.features import Features
from pipeline.features.embed import Embedder, EmbeddingSettings
from pipeline.features.models import NGRAMS
from pipeline.features.tokens import RULES, TokenSettings
from pipeline.store.store import Store
from schemas.record import Origin, Record
from schemas.verdict import Action

Talk = Callable[..., Record]

MODULE = "Thank you for your message. Our team will look at your case and write back to you soon."


def choices(stage: str) -> list[str]:
    """What `[stage] action` may be; none where the stage has no such setting."""
    field = Recipe.model_fields[stage].annotation.model_fields.get("action")  # type: ignore[union-attr]
    if field is None:
        return []
    if field.annotation is Action:
        return [action.value for action in Action]
    kinds = [get_args(kind) or (kind,) for kind in get_args(field.annotation) or ()]
    values = [
        value for kind in kinds for value in (list(kind[0]) if isinstance(kind[0], type) else kind)
    ]
    return sorted({str(value) for value in values})


ACTIONS = [(stage, action) for stage in Recipe.model_fields for action in choices(stage)]

FALLS_TO_ALL = {stage: "drop" for stage, action in ACTIONS if action == "drop"}


@pytest.fixture(scope="module")
def records(talk: Talk) -> list[Record]:
    """Records with something for every scope: text modules, repeats, near-duplicates, dirt."""
    questions = ["Where is my parcel now?", "How do I pay by card?", "Can I return my shoes?"]
    dirt = [
        talk("May I pay later?", "[Insert answer here]"),
        talk("Who are you?", "As an AI language model, I do not have any opinions about that."),
        talk("Write to me.", "Sure, I wrote to ada.byron@engine-works.com about it this morning."),
        talk("How tall is it?", "It is about nine hundred metres tall, as the picture shows and"),
        talk("What is in this picture?", "There is a red house with a garden in this picture."),
        talk("Say it.", "We can do that. We can do that. We can do that. We can do that for you."),
        talk("Tell me a long story of the sea", "Tell me a long story of the sea"),
    ]
    modules = [talk(question, MODULE) for question in questions]
    repeats = [talk(question.upper(), MODULE.upper()) for question in questions]
    near = [talk("Where is my parcel now, please?", "It is on its way and comes tomorrow at noon.")]
    return [*modules, *repeats, *near, *dirt]


def curation(**actions: str) -> Curation:
    stages: dict[str, Any] = {stage: {"action": action} for stage, action in actions.items()}
    features = Features(
        tokens=TokenSettings(tokenizer=RULES), embedding=EmbeddingSettings(model=NGRAMS)
    )
    stages["near_duplicate"] = {"threshold": 0.8}
    return Curation(features=features, recipe=Recipe.model_validate(stages))


def candidates(talk: Talk) -> Iterator[Record]:
    """What a generator might write: new questions, some with a reply that stands already."""
    asked = ["Do you ship abroad?", "Is my card safe with you?", "When do you open on Sunday?"]
    answers = [
        MODULE,
        "We open at nine in the morning and close at five in the afternoon, every day but Monday.",
        "As an AI language model, I do not have any opinions about that, and I never had one.",
        "Write to ada.byron@engine-works.com, and somebody will answer you within two days.",
    ]
    for question, answer in itertools.product(asked, answers):
        yield talk(question, answer, origin=Origin.synthetic, source="synth/a:1")


def open_gate(store: Store, settings: Curation) -> Gate:
    embedder = Embedder(settings.features.embedding, store.cache_dir)
    return Gate(store, load_or_compute(store, settings), frozenset(), settings, embedder)


def check_books(curated: Curated, records: int) -> None:
    drops = curated.verdicts.filter(pl.col("action") == Action.drop.value)
    assert drops["id"].is_unique().all()
    assert curated.books.records == records == curated.books.kept + len(drops)


def check_gate(
    records: list[Record], settings: Curation, talk: Talk, new_store: Callable[..., Store]
) -> None:
    """Accept what the gate accepts, then run all stages: everything that was kept is kept still."""
    store = new_store(records)
    before = load_or_compute(store, settings)
    check_books(before, len({record.id for record in records}))
    gate = open_gate(store, settings)
    accepted = [record for record in candidates(talk) if gate.ask(record) is None]
    assert accepted
    with store.open_batch("synth") as batch:
        for record in accepted:
            batch.add(record)
    after = load_or_compute(store, settings)
    check_books(after, before.books.records + len(accepted))
    assert set(after.kept["id"]) == {*before.kept["id"], *(record.id for record in accepted)}


@pytest.mark.parametrize(("stage", "action"), ACTIONS)
def test_each_action_keeps_the_books_and_what_the_gate_accepts(
    stage: str, action: str, records: list[Record], talk: Talk, new_store: Callable[..., Store]
) -> None:
    check_gate(records, curation(**{stage: action}), talk, new_store)


def test_all_stages_dropping_at_once_keep_the_books_and_what_the_gate_accepts(
    records: list[Record], talk: Talk, new_store: Callable[..., Store]
) -> None:
    check_gate(records, curation(**FALLS_TO_ALL), talk, new_store)


def test_every_stage_that_may_drop_or_flag_is_tried() -> None:
    assert len(FALLS_TO_ALL) > 10
    assert ("template_reply", "drop") in ACTIONS
    assert ("personal_data", "mask") in ACTIONS


def test_a_record_that_two_key_stages_drop_is_dropped_once(
    records: list[Record], talk: Talk, new_store: Callable[..., Store]
) -> None:
    verdicts = load_or_compute(new_store(records), curation(template_reply="drop")).verdicts
    both = verdicts.filter(pl.col("stage").is_in(["exact_repeat", "template_reply"]))
    twice = both.filter(pl.len().over("id") == 2).sort("id", "stage")
    assert len(twice)
    assert twice["action"].to_list() == ["drop", "flag"] * (len(twice) // 2)


def test_a_candidate_that_would_take_kept_records_away_is_refused(
    talk: Talk, new_store: Callable[..., Store]
) -> None:
    """Two replies alike are allowed; a third would make a text module of all of them."""
    settings = curation(template_reply="drop")
    thin = settings.recipe.template_reply.model_copy(update={"keep": 0})
    recipe = settings.recipe.model_copy(update={"template_reply": thin})
    settings = settings.model_copy(update={"recipe": recipe})
    store = new_store([talk("Where is my parcel now?", MODULE), talk("Can I pay by card?", MODULE)])
    assert load_or_compute(store, settings).books.kept == 2
    gate = open_gate(store, settings)
    refusal = gate.ask(talk("Do you ship abroad?", MODULE))
    assert refusal is not None
    assert refusal.reason.value == "template_reply"


def test_with_exact_repeat_off_the_same_conversation_is_still_accepted_only_once(
    talk: Talk, new_store: Callable[..., Store]
) -> None:
    off = Recipe.model_validate(
        {name: {"enabled": False} for name in ("exact_repeat", "near_duplicate")}
    )
    settings = curation().model_copy(update={"recipe": off})
    gate = open_gate(new_store(), settings)
    record = talk("Do you ship abroad?", MODULE)
    assert gate.ask(record) is None
    refusal = gate.ask(record)
    assert refusal is not None
    assert refusal.reason.value == "exact_repeat"


def test_a_candidate_that_would_be_preferred_to_a_kept_record_is_refused_too(
    talk: Talk, new_store: Callable[..., Store]
) -> None:
    """Of two that say the same, one stays: the one that was kept, whichever has the smaller id."""
    texts = ["do you ship abroad?", "Do you ship abroad?", "DO YOU SHIP ABROAD?"]
    synthetic = [talk(text, MODULE, origin=Origin.synthetic) for text in texts]
    candidate, *_, stands = sorted(synthetic, key=lambda record: record.id)
    settings, store = curation(), new_store([stands])
    refusal = open_gate(store, settings).ask(candidate)
    assert refusal is not None
    assert (refusal.reason.value, refusal.other_id) == ("exact_repeat", stands.id)
