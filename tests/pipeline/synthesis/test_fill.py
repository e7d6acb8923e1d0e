"""One call fills an order: hold out first, then generate against what is kept, as it was given."""

from typing import Any

import pytest

from pipeline.curation.curated import load_or_compute
from pipeline.curation.recipe import Recipe
from pipeline.curation.run_stages import Curation
from pipeline.curation.splits import SplitSettings, held_out_ids
from pipeline.features import Features
from pipeline.features.embed import EmbeddingSettings
from pipeline.features.tokens import RULES, TokenSettings
from pipeline.filters.personal_data import PersonalData
from pipeline.filters.short_reply import ShortReply
from pipeline.synthesis import fill
from pipeline.synthesis.fill import fill_order
from tests.pipeline.llm.loopback import Loopback
from tests.pipeline.synthesis.standin import settings_for

ANSWER = "Open your account, choose the order, and follow the three steps that you find there."
ASKED = "Who will answer me when I call +49 30 901820 in the middle of the night?"

QUESTIONS = (
    "Where is the parcel that I ordered in the first week of March?",
    "Can I change the colour of the armchair before you build it?",
    "Why was the annual subscription renewed without any warning?",
    "Which of your two vacuum cleaners is better for a wooden floor?",
)

MASKING = Curation(
    features=Features(
        tokens=TokenSettings(tokenizer=RULES), embedding=EmbeddingSettings(model="ngrams")
    ),
    recipe=Recipe(personal_data=PersonalData(action="mask")),
)

STRICT = MASKING.model_copy(update={"recipe": Recipe(short_reply=ShortReply(exempt="none"))})


@pytest.fixture
def handed_over(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What `synthesize` was called with; nothing is generated."""
    arguments: list[Any] = []
    monkeypatch.setattr(fill, "synthesize", lambda *given: arguments.extend(given))
    return arguments


def test_a_repeat_of_a_masked_record_is_rejected(new_store, talk, handed_over) -> None:
    store = new_store([talk(ASKED, ANSWER)])
    assert "[PHONE]" in load_or_compute(store, MASKING).kept["question"][0]
    fill_order(store, MASKING, SplitSettings(), settings_for("http://127.0.0.1:9"), "support", 1)
    ask_gate = handed_over[5]
    assert ask_gate(talk(ASKED, ANSWER, origin="synthetic")).reason == "exact_repeat"


def test_without_languages_the_target_languages_are_written_in(
    new_store, talk, handed_over
) -> None:
    store = new_store([talk(ASKED, ANSWER)])
    settings = settings_for("http://127.0.0.1:9")
    fill_order(store, MASKING, SplitSettings(), settings, "support", 1)
    assert handed_over[3] == MASKING.features.language.targets


def test_records_are_held_out_before_anything_is_generated(new_store, talk, handed_over) -> None:
    questions = {talk(question, ANSWER).id: question for question in QUESTIONS}
    store = new_store([talk(question, ANSWER) for question in QUESTIONS])
    splits = SplitSettings(held_out=0.5)
    fill_order(store, MASKING, splits, settings_for("http://127.0.0.1:9"), "support", 1)
    held_out = held_out_ids(store)
    assert len(held_out) == 2
    ask_gate = handed_over[5]
    for id, question in questions.items():
        refusal = ask_gate(talk(f"{question} Thanks", ANSWER, origin="synthetic"))
        assert refusal.reason == ("near_heldout" if id in held_out else "near_duplicate")


def test_what_the_filters_reject_is_counted_and_not_recorded(new_store) -> None:
    store = new_store()
    with Loopback() as server:
        settings = settings_for(server.root, budget_usd=0.02, min_yield=0)
        report = fill_order(store, STRICT, SplitSettings(), settings, "support", 4, ("en",))
    assert report.books.rejected.keys() == {"short_reply"}
    assert store.records().height == report.accepted == 0
