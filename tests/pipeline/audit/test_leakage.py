"""What is measured with is found among what is trained on, also when it is said otherwise."""

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from pipeline.audit.leakage import leaks
from pipeline.curation.curated import load_or_compute
from pipeline.curation.recipe import Recipe
from pipeline.curation.run_stages import Curation
from pipeline.features import Features
from pipeline.features.embed import Embedder, EmbeddingSettings
from pipeline.features.tokens import RULES, TokenSettings
from pipeline.near_duplicates.stage import NearDuplicate
from schemas.record import Record

ANSWER = "Open your account, choose the order, and follow the {} steps that you find there."
CAPITAL = "What is the name of the capital of the country of Australia?"
EGGS = "A farmer has {} eggs and sells the half of them at the market. How many are left?"


@pytest.fixture(scope="module")
def spelling() -> Curation:
    """Everything by hashed n-grams, and nothing dropped as near-duplicate."""
    features = Features(
        tokens=TokenSettings(tokenizer=RULES), embedding=EmbeddingSettings(model="ngrams")
    )
    return Curation(features=features, recipe=Recipe(near_duplicate=NearDuplicate(enabled=False)))


@pytest.fixture
def look(new_store, spelling, tmp_path: Path) -> Callable[..., pl.DataFrame]:
    def find(records: list[Record], *questions: str, threshold: float = 0.9) -> pl.DataFrame:
        kept = load_or_compute(new_store(records), spelling).kept
        asked = [(f"test:{line}", question) for line, question in enumerate(questions, 1)]
        frame = pl.DataFrame(asked, schema=["line", "question"], orient="row")
        embedder = Embedder(spelling.features.embedding, tmp_path)
        return leaks(kept, frame, spelling, embedder, threshold)

    return find


def test_a_record_that_asks_the_same_in_other_words_is_a_leak(look, talk) -> None:
    record = talk(CAPITAL.replace("name of the capital", "name of the capital city"), ANSWER)
    other = talk("How do I bake bread without any yeast at home?", ANSWER)
    found = look([record, other], EGGS.format(12), CAPITAL)
    assert found["id"].to_list() == [record.id]
    assert found["line"].to_list() == ["test:2"]
    assert found["question"].to_list() == [CAPITAL]
    assert 0.9 < found["cosine"][0] < 1
    assert not found["guarded"][0]


def test_a_record_that_differs_in_a_number_is_near_and_no_leak(look, talk) -> None:
    record = talk(EGGS.format(16), ANSWER)
    found = look([record], EGGS.format(12))
    assert found.select("id", "guarded").rows() == [(record.id, True)]


def test_a_leak_counts_before_a_guarded_question(look, talk) -> None:
    record = talk(EGGS.format(16), ANSWER)
    found = look([record], EGGS.format(12), EGGS.format(16) + " Say it.")
    assert found.select("line", "guarded").rows() == [("test:2", False)]


def test_a_repeat_in_another_spelling_is_a_leak_at_any_threshold(look, talk) -> None:
    record = talk(f"  {CAPITAL.upper()} ", ANSWER)
    found = look([record], CAPITAL, threshold=1.0)
    assert found.select("id", "cosine").rows() == [(record.id, 1.0)]


def test_one_turn_of_many_may_be_the_leak(look, talk) -> None:
    record = talk("Hello, I have two questions for you.", "Please ask.", CAPITAL, ANSWER)
    assert look([record], CAPITAL)["id"].to_list() == [record.id]


def test_tools_hide_no_leak(look, talk) -> None:
    tool = {"type": "function", "function": {"name": "find", "parameters": {}}}
    record = talk(CAPITAL.replace("name", "very name"), ANSWER, tools=(tool,))
    assert look([record], CAPITAL)["id"].to_list() == [record.id]


def test_each_record_stands_once_with_its_nearest_question(look, talk) -> None:
    record = talk(CAPITAL.replace("country", "big country"), ANSWER)
    found = look([record], CAPITAL + " Say it now, please.", CAPITAL)
    assert found["line"].to_list() == ["test:2"]


def test_nothing_kept_leaks_nothing(look) -> None:
    assert len(look([], CAPITAL)) == 0
