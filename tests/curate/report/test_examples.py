import polars as pl

from curate.checking import CURATION
from curate.report.examples import EXAMPLES_EACH, Examples, collect_examples
from pipeline.curation.curated import load_or_compute
from pipeline.store.store import Store
from schemas.reasons import Reason, Rejection


def test_a_reason_has_a_few_examples_and_says_where_they_come_from(examples: Examples) -> None:
    found = examples.reasons[Reason.short_reply]["dropped"]
    assert len(found) == EXAMPLES_EACH
    assert {example.sides[0].source for example in found} == {"chats.jsonl:1"}
    assert all(example.value is not None for example in found)


def test_a_repeat_stands_beside_its_kept_twin_with_what_differs(examples: Examples) -> None:
    [repeat] = examples.reasons[Reason.exact_repeat]["dropped"]
    assert [side.role for side in repeat.sides] == ["dropped", "kept"]
    marked = {p.text for side in repeat.sides for p in side.question if p.differs}
    assert marked == {"WHERE", "Where"}


def test_a_rejected_row_says_where_why_and_what(examples: Examples, evil: str) -> None:
    [row] = examples.rejected[Rejection.unreadable]
    assert (row.source, row.text) == ("chats.jsonl:9", evil)


def test_secrets_and_addresses_are_masked_in_every_text(tmp_path, record) -> None:
    store, key = Store(tmp_path), "ghp_" + "a1B2c3D4e5F6g7H8i9J0" * 2
    with store.open_batch("ingest") as batch:
        batch.add(record(f"Use {key} for me, I am anna.berg@mailbox.org", "ok"))
        batch.reject("chats.jsonl:9", Rejection.unreadable, "not JSON", f"token {key}")
    examples = collect_examples(store, load_or_compute(store, CURATION), CURATION)
    said = str(examples)
    assert "for me" in said
    assert key not in said
    assert "anna.berg" not in said


def test_pairs_around_the_threshold_are_shown_on_both_sides(tmp_path, record) -> None:
    from pipeline.curation.recipe import Recipe
    from pipeline.curation.run_stages import Curation
    from pipeline.features import Features

    store, curation = Store(tmp_path), Curation(features=Features(), recipe=Recipe())
    answer = "Open your account, choose the order, and follow the three steps that you find there."
    with store.open_batch("ingest") as batch:
        for question in (
            "How do I return a tent that I bought online?",
            "How can I return a tent that I bought online?",
            "How do I return a tent that I bought in the shop?",
            "Which kayak is best for a lake?",
        ):
            batch.add(record(question, answer, language="en"))
    curated = load_or_compute(store, curation)
    limit = curation.recipe.near_duplicate.threshold
    examples = collect_examples(store, curated, curation)
    dropped = curated.verdicts.filter(pl.col("reason") == Reason.near_duplicate.value)
    assert len(dropped) == len(examples.above) >= 1
    assert all((pair.value or 0) > limit for pair in examples.above)
    assert all((pair.value or 1) <= limit for pair in examples.below)
    assert all([side.role for side in pair.sides] == ["kept", "kept"] for pair in examples.below)
