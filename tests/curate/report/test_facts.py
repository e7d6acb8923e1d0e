import json
from datetime import UTC, datetime
from pathlib import Path

from curate.checking import CURATION
from curate.report.facts import Facts, gather_facts
from pipeline.curation.curated import Curated, load_or_compute
from pipeline.curation.recipe import Recipe
from pipeline.curation.run_stages import Curation
from pipeline.features import Features
from pipeline.features.embed import EmbeddingSettings
from pipeline.features.models import NGRAMS
from pipeline.filters.stage import Stage
from pipeline.store.store import Store
from review.sampling.frame import freeze_frame
from schemas.decision import Choice, Decision
from schemas.message import Message
from schemas.reasons import Reason
from schemas.record import Record
from train.manifest import RunManifest, TrainingBooks
from train.outcome import Outcome
from train.prepare.preflight import PreflightReport
from train.settings import TrainSettings


def test_every_reason_of_the_books_is_there_with_its_counts(facts: Facts) -> None:
    counted = {fact.reason: (fact.dropped, fact.flagged) for fact in facts.reasons}
    books = facts.books
    assert set(counted) == {*books.dropped, *books.flagged}
    assert {r: n for r, (n, _) in counted.items() if n} == books.dropped
    assert {r: n for r, (_, n) in counted.items() if n} == books.flagged
    assert {Reason.short_reply, Reason.exact_repeat, Reason.empty_reply} <= set(books.dropped)


def test_the_threshold_is_the_setting_that_the_values_are_held_against(facts: Facts) -> None:
    by_reason = {fact.reason: fact.histogram for fact in facts.reasons}
    short = by_reason[Reason.short_reply]
    assert short is not None
    assert (short.name, short.threshold) == ("min_tokens", 10)
    repeat = by_reason[Reason.exact_repeat]
    assert repeat is None  # nothing is measured


def test_what_a_stage_holds_its_values_against_is_a_number_of_its_settings() -> None:
    stages = [getattr(Recipe(), name) for name in Recipe.model_fields]
    limits = [getattr(stage, stage.limit) for stage in stages if stage.limit]
    assert len(limits) > 5
    assert all(type(limit) in (int, float) for limit in limits)


def test_what_a_stage_measures_is_said_in_its_own_words(facts: Facts) -> None:
    [short] = [fact for fact in facts.reasons if fact.reason == Reason.short_reply]
    assert short.measured == "number of tokens of the longest reply"


def test_a_reason_that_counts_something_else_is_held_against_no_setting(tmp_path: Path) -> None:
    form = "Good morning, the parcel of my order {} is still not here, where is it?"
    records = [
        Record(
            messages=(
                Message(role="user", content=form.format(number)),
                Message(role="assistant", content=f"It is on its way to you, number {number}."),
            ),
            source="tickets.jsonl:1",
        )
        for number in range(40_000, 40_006)
    ]
    store = Store(tmp_path)
    with store.open_batch("ingest") as batch:
        for record in records:
            batch.add(record)
    embedding = EmbeddingSettings(model=NGRAMS)
    curation = Curation(features=Features(embedding=embedding), recipe=Recipe())
    curated = load_or_compute(store, curation)
    reasons = {fact.reason: fact for fact in gather_facts("t", store, curated, curation).reasons}
    template = reasons[Reason.same_template]
    assert template.measured == "number of questions of the template"
    assert template.histogram is not None
    assert (template.histogram.threshold, template.histogram.example) == (None, 6)


def test_stages_that_are_off_are_named(facts: Facts) -> None:
    recipe = Recipe()
    assert facts.off
    assert all(isinstance(getattr(recipe, name), Stage) for name in facts.off)
    assert "near_duplicate" in facts.off


def test_review_is_counted_with_what_was_wrong(
    store: Store, curated: Curated, facts: Facts
) -> None:
    assert facts.review is None
    frame = freeze_frame(store, curated.kept["id"], 0.2, 0)
    at = facts.created
    decision = Decision(
        record_id=frame.sample[0], reviewer="ana", choice=Choice.reject, wrong=("style",), at=at
    )
    store.append_decisions([decision, decision])
    found = gather_facts("desk", store, curated, CURATION).review
    assert found is not None
    assert (found.status.decided, found.wrong) == (1, {"style": 1})


def test_a_run_tells_its_losses_also_when_it_is_not_finished(
    store: Store, curated: Curated
) -> None:
    run = store.runs_dir / "0001"
    run.mkdir(parents=True)
    settings = {"base_model": "tiny", "method": "qlora"}
    (run / "config.json").write_text(json.dumps({"identity": "x", "settings": settings}))
    lines = [json.dumps({"step": step, "loss": 9 / step}) for step in range(1, 1001)]
    (run / "metrics.jsonl").write_text("\n".join(lines) + "\n")
    [found] = gather_facts("desk", store, curated, CURATION).runs
    assert (found.finished, found.base_model, found.losses[0]) == (False, "tiny", (1, 9.0))
    assert 200 <= len(found.losses) <= 300


def test_the_facts_hold_no_text_of_any_record(facts: Facts) -> None:
    said = facts.model_dump_json()
    assert "mill" not in said
    assert "Insert response" not in said


def test_a_finished_run_tells_its_books_and_whether_it_is_of_this_set(
    store: Store, curated: Curated
) -> None:
    run = store.runs_dir / "0001"
    run.mkdir(parents=True)
    settings = TrainSettings()
    manifest = RunManifest(
        name="0001", identity="x", created=datetime.now(UTC), base_model="tiny",
        base_fingerprint="y", curated_key=curated.key, settings=settings,
        books=TrainingBooks(kept=3, trained=2, held_out=1), languages={"en": 2},
        preflight=PreflightReport(checks=(), tokens={}, trained_tokens=9, dropped={}),
        outcome=Outcome(
            steps=1, train_loss=1.0, held_out=None, trainable_parameters=1, device="cpu"
        ),
        versions={},
    )  # fmt: skip
    config = {"identity": "x", "settings": settings.model_dump(mode="json")}
    (run / "config.json").write_text(json.dumps(config))
    (run / "manifest.json").write_text(manifest.model_dump_json())
    [found] = gather_facts("desk", store, curated, CURATION).runs
    assert (found.finished, found.current, found.books) == (True, True, manifest.books)
