"""What synthesis counts as accepted is trained on: the same stages, asked of one record."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from pipeline.curation.curated import Curated, load_or_compute
from pipeline.curation.gate import Gate
from pipeline.curation.run_stages import Curation
from pipeline.features.embed import Embedder
from pipeline.filters.short_reply import ShortReply
from pipeline.store.store import Store
from schemas.decision import Choice, Decision
from schemas.reasons import Reason
from schemas.record import Record

Talk = Callable[..., Record]

ANSWER = "Open your account, choose the order, and follow the three steps that you find there."
PARCEL, BREAD = "Where is my parcel?", "How do I bake bread at home?"


@pytest.fixture(scope="module")
def store(new_store: Callable[..., Store], talk: Talk) -> Store:
    records = [talk(PARCEL, ANSWER), talk(BREAD, ANSWER), talk("Wo ist mein Paket?", ANSWER)]
    return new_store(records)


@pytest.fixture(scope="module")
def kept(store: Store, curation: Curation) -> Curated:
    return load_or_compute(store, curation)


@pytest.fixture
def gate(store: Store, kept: Curated, curation: Curation, talk: Talk) -> Gate:
    """Judges against the kept, of which the question about bread is held out."""
    embedder = Embedder(curation.features.embedding, store.cache_dir)
    return Gate(store, kept, frozenset({talk(BREAD, ANSWER).id}), curation, embedder)


def test_a_new_record_is_admitted(gate: Gate, talk: Talk) -> None:
    assert gate.ask(talk("May I pay in three parts?", ANSWER)) is None


@pytest.mark.parametrize(
    ("question", "reply", "reason"),
    [
        (PARCEL.upper(), ANSWER.lower(), "exact_repeat"),
        ("Where's my parcel?", f"Sure. {ANSWER}", "near_duplicate"),
        ("How do I bake bread?", f"Sure. {ANSWER}", "near_heldout"),
        ("May I pay later?", "[Insert answer here]", "placeholder"),
        ("How may I pay for it?", " ", "empty_reply"),
        ("May I pay later?", "Ja, öffnen Sie Ihr Konto und wählen Sie die Bestellung aus.",
         "wrong_language"),
    ],
)  # fmt: skip
def test_what_would_be_dropped_is_refused_with_the_reason(
    gate: Gate, talk: Talk, question: str, reply: str, reason: str
) -> None:
    refusal = gate.ask(talk(question, reply, language="en", origin="synthetic"))
    assert refusal is not None
    assert refusal.reason.value == reason


def test_a_refusal_names_the_record_that_stands(gate: Gate, talk: Talk) -> None:
    near = gate.ask(talk("Where's my parcel?", f"Sure. {ANSWER}"))
    repeat = gate.ask(talk(PARCEL.upper(), ANSWER))
    assert near is not None
    assert repeat is not None
    assert near.other_id == repeat.other_id == talk(PARCEL, ANSWER).id
    assert near.value is not None
    assert near.value > 0.92


def test_of_a_template_no_more_are_admitted_than_stay(
    new_store: Callable[..., Store], curation: Curation, talk: Talk
) -> None:
    def asked(number: int) -> Record:
        question = f"Good morning, the parcel of my order {number} is still not here, where is it?"
        return talk(question, f"{ANSWER} Your order is number {number}.")

    store = new_store([asked(number) for number in range(40_000, 40_006)])
    kept = load_or_compute(store, curation)
    assert len(kept.kept) == curation.recipe.near_duplicate.per_template
    embedder = Embedder(curation.features.embedding, store.cache_dir)
    refusal = Gate(store, kept, frozenset(), curation, embedder).ask(asked(50_000))
    assert refusal is not None
    assert refusal.reason.value == "same_template"


def test_what_was_admitted_stands_from_then_on(gate: Gate, talk: Talk) -> None:
    first = talk("May I pay in three parts?", ANSWER)
    assert gate.ask(first) is None
    for again in (first, talk("May I pay in 3 parts?", f"Sure. {ANSWER}")):
        refusal = gate.ask(again)
        assert refusal is not None
        assert refusal.other_id == first.id


def test_what_was_refused_stands_in_nobodys_way(gate: Gate, talk: Talk) -> None:
    question = "May I pay in three parts?"
    assert gate.ask(talk(question, " ")) is not None
    assert gate.ask(talk(question, ANSWER)) is None


def test_a_language_without_vectors_is_refused_only_for_exact_repeats(
    gate: Gate, talk: Talk
) -> None:
    answer = "您好，您的包裹已经从仓库发出，预计明天下午送达，请您耐心等待。"
    assert gate.ask(talk("我的包裹现在在哪里？", answer, language="zh")) is None
    assert gate.ask(talk("我的包裹在哪里？", answer, language="zh")) is None
    again = gate.ask(talk("我的包裹在哪里?", answer, language="zh"))
    assert again is not None
    assert again.reason.value == "exact_repeat"


def test_into_an_empty_workspace_the_first_comes(
    new_store: Callable[..., Store], talk: Talk, curation: Curation
) -> None:
    store = new_store()
    embedder = Embedder(curation.features.embedding, store.cache_dir)
    gate = Gate(store, load_or_compute(store, curation), frozenset(), curation, embedder)
    assert gate.ask(talk(PARCEL, ANSWER)) is None
    refusal = gate.ask(talk("Where's my parcel?", f"Sure. {ANSWER}"))
    assert refusal is not None
    assert refusal.reason.value == "near_duplicate"


def test_with_the_stage_off_only_exact_repeats_are_refused(
    store: Store, plain: Curation, talk: Talk
) -> None:
    embedder = Embedder(plain.features.embedding, store.cache_dir)
    gate = Gate(store, load_or_compute(store, plain), frozenset(), plain, embedder)
    assert gate.ask(talk("Where's my parcel?", f"Sure. {ANSWER}")) is None
    assert gate.ask(talk(PARCEL, ANSWER)) is not None


def test_what_a_person_rejected_or_a_filter_dropped_is_not_accepted_a_second_time(
    new_store: Callable[..., Store], talk: Talk, plain: Curation
) -> None:
    """It is a record already, so accepting it would add none."""
    rejected, dropped = talk(PARCEL, ANSWER), talk(BREAD, "N/A")
    store = new_store([rejected, dropped])
    at = datetime(2026, 1, 1, tzinfo=UTC)
    store.append_decisions(
        [Decision(record_id=rejected.id, reviewer="ana", choice=Choice.reject, at=at)]
    )
    curated = load_or_compute(store, plain)
    assert curated.books.kept == 0
    embedder = Embedder(plain.features.embedding, store.cache_dir)
    gate = Gate(store, curated, frozenset(), plain, embedder)
    assert all(gate.ask(record) is not None for record in (rejected, dropped))


def test_a_short_answer_to_a_task_is_admitted_unless_short_ones_fall(
    new_store: Callable[..., Store], talk: Talk, plain: Curation
) -> None:
    """A generated record has no file that could be open chat."""
    asked, answer = "Name a colour of the tent.", "Green"
    lenient = plain.recipe.model_copy(update={"short_reply": ShortReply()})
    said = []
    for curation in (plain, plain.model_copy(update={"recipe": lenient})):
        store = new_store()
        embedder = Embedder(curation.features.embedding, store.cache_dir)
        gate = Gate(store, load_or_compute(store, curation), frozenset(), curation, embedder)
        said.append(gate.ask(talk(asked, answer, source="synth/0001:1", origin="synthetic")))
    refusal, admitted = said
    assert refusal is not None
    assert refusal.reason == Reason.short_reply
    assert admitted is None
