"""The bundled example shows every stage at work, and its new rows are found for what they are."""

import re
from collections import defaultdict
from pathlib import Path

import pytest

from curate.example.tour import DEMO_LANGUAGES, FILES
from curate.new_workspace import runnable_settings
from curate.settings import FILE, load_settings, settings_text
from pipeline.curation.curated import load_or_compute
from pipeline.curation.recipe import Recipe
from pipeline.ingest import ingest_files
from pipeline.store.store import Store

EXPECTED = {
    184: "missing_reference",
    187: "damaged_encoding",
    188: "leaked_tag",
    189: "non_answer",
    190: "boilerplate",
    191: "missing_context",
    192: "glued_task",
    193: "cut_off",
    194: "repetition",
    195: "echo",
    196: "wrong_language",
    197: "secret",
    198: "personal_data",
    199: "too_long",
    200: "template_reply",
    201: "template_reply",
    202: "template_reply",
}
"""Lines of chats.jsonl, and the one reason for which each was written."""


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """The reasons found by `file:line`, with the settings of the demo."""
    folder = tmp_path_factory.mktemp("example")
    (folder / FILE).write_text(settings_text(runnable_settings(DEMO_LANGUAGES)), "utf-8")
    store = Store(folder)
    ingest_files(store, list(FILES))
    verdicts = load_or_compute(store, load_settings(folder / FILE).curation).verdicts
    placed = verdicts.join(store.records(), on="id")
    reasons: dict[str, set[str]] = defaultdict(set)
    for source, stage, reason in placed.select("source", "stage", "reason").iter_rows():
        reasons[Path(source).name] |= {stage, reason}
    return reasons


@pytest.mark.parametrize("stage", Recipe.model_fields)
def test_every_stage_finds_something_in_the_example(stage: str, found) -> None:
    assert any(stage in reasons for reasons in found.values())


def test_a_near_duplicate_is_told_from_another_answer_to_the_same_question(found) -> None:
    duplicates = found["chats.jsonl:204"] | found["chats.jsonl:205"]
    assert "near_duplicate" in duplicates
    assert "same_question_other_answer" not in duplicates
    assert "same_question_other_answer" in found["chats.jsonl:173"]
    assert "guarded_pair" in found["chats.jsonl:203"]


@pytest.mark.parametrize(("line", "reason"), EXPECTED.items())
def test_a_row_is_found_for_what_it_was_written_for_alone(line: int, reason: str, found) -> None:
    assert found[f"chats.jsonl:{line}"] - {"undetermined_language", "short_reply"} == {reason}


def test_the_example_has_no_address_that_somebody_could_have() -> None:
    text = "".join(path.read_text("utf-8") for path in FILES)
    assert set(re.findall(r"@([A-Za-z0-9.-]+[A-Za-z])", text)) <= {"example.org", "example.com"}
