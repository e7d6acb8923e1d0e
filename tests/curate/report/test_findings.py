from curate.report.facts import Facts, ReviewFacts, RunFacts
from curate.report.findings import findings
from pipeline.curation.coverage import LanguageCoverage
from review.status import ReviewStatus
from schemas.books import Books
from train.outcome import HeldOutLoss


def said(facts: Facts, level: str) -> str:
    return "\n".join(remark.text for remark in findings(facts) if remark.level == level)


def with_books(facts: Facts, **counts) -> Facts:
    books = Books(**{"languages": {}, "domains": {}, "origins": {}, **counts})
    return facts.model_copy(update={"books": books})


def full(kept: int, **origins: int) -> dict:
    shares = origins or {"human": kept}
    return {"languages": {"en": kept}, "domains": {"x": kept}, "origins": shares}


def test_a_language_below_the_alarm_is_red_and_one_below_the_target_amber(facts: Facts) -> None:
    coverage = {
        "ja": LanguageCoverage(records=141, missing=59, alarm=True),
        "de": LanguageCoverage(records=160, missing=40, alarm=False),
        "en": LanguageCoverage(records=900, missing=0, alarm=False),
    }
    found = facts.model_copy(update={"coverage": coverage})
    assert "ja has 141 records" in said(found, "red")
    assert "de has 160 records" in said(found, "amber")
    assert not any(r.text.startswith("en ") for r in findings(found))
    [ja] = [r for r in findings(found) if r.text.startswith("ja ")]
    assert ja.command == "curate synth --domain support --language ja --n 59"


def test_a_reason_that_takes_more_than_a_tenth_is_named_with_its_manual(facts: Facts) -> None:
    little = with_books(facts, read=100, records=100, kept=90, dropped={"echo": 10}, **full(90))
    much = with_books(facts, read=100, records=100, kept=89, dropped={"echo": 11}, **full(89))
    assert "echo" not in said(little, "amber")
    assert "11 of 100 records (11.0%) were dropped as echo" in said(much, "amber")
    assert "curate explain --reason echo" in {r.command for r in findings(much)}


def test_rows_that_could_not_be_read_are_red_when_they_are_many(facts: Facts) -> None:
    few = with_books(facts, read=100, rejected=5, records=95, kept=95, **full(95))
    many = with_books(facts, read=100, rejected=25, records=75, kept=75, **full(75))
    assert "5 of 100 rows" in said(few, "amber")
    assert "25 of 100 rows" in said(many, "red")


def test_mostly_synthetic_label_conflicts_and_nobody_read_it(facts: Facts) -> None:
    found = with_books(
        facts, read=10, records=10, kept=10, flagged={"label_conflict": 1},
        **full(10, synthetic=6, human=4),
    )  # fmt: skip
    amber = said(found, "amber")
    assert "6 of 10 kept records (60.0%) were written by a model" in amber
    assert "Label conflict on 1 of 10 kept records" in amber
    assert "Nobody has looked at the data yet" in amber


def test_red_comes_first_and_every_finding_names_a_place(facts: Facts) -> None:
    found = findings(facts)
    levels = [remark.level for remark in found]
    assert levels == sorted(levels, key=lambda level: level != "red")
    assert all(remark.place for remark in found)


def test_a_check_says_nothing_of_targets_review_or_training(facts: Facts) -> None:
    checked = facts.model_copy(update={"checked": ("chats.csv",)})
    assert {r.place for r in findings(checked)}.isdisjoint({"languages", "review", "training"})


def test_an_empty_workspace_has_one_finding(empty) -> None:
    [only] = findings(empty())
    assert only.command == "curate ingest FILE…"


def run(**changes) -> RunFacts:
    loss = HeldOutLoss(rows=9, tokens=99, base=4.0, adapter=3.0, improved_rows=9)
    whole = {"finished": True, "held_out": loss, "current": True, **changes}
    return RunFacts(name="0001", base_model="tiny", method="qlora", losses=(), **whole)


def of_training(facts: Facts, *runs: RunFacts) -> list[tuple[str, str]]:
    found = findings(facts.model_copy(update={"runs": runs}))
    return [(r.level, r.text) for r in found if r.place == "training"]


def test_a_run_that_learnt_on_the_present_set_is_no_finding(facts: Facts) -> None:
    assert of_training(facts, run()) == []


def test_a_run_that_did_not_learn_is_red(facts: Facts) -> None:
    worse = HeldOutLoss(rows=9, tokens=99, base=4.0, adapter=4.1, improved_rows=1)
    [(level, text)] = of_training(facts, run(held_out=worse))
    assert (level, "learned nothing" in text) == ("red", True)


def test_a_run_that_is_stale_or_not_finished_is_amber(facts: Facts) -> None:
    assert "trained on other records" in of_training(facts, run(current=False))[0][1]
    assert "is not finished" in of_training(facts, run(finished=False))[0][1]


def review(facts: Facts, decided: int, **choices: int) -> list[str]:
    status = ReviewStatus(
        frame=1, size=100, sample=20, decided=decided, choices=choices, reviewers={}
    )
    looked = facts.model_copy(update={"review": ReviewFacts(status=status, wrong={})})
    return [r.text for r in findings(looked) if r.place == "review"]


def test_records_that_wait_for_a_reviewer_are_named(facts: Facts) -> None:
    assert review(facts, 15, keep=15) == ["5 of 20 sampled records are waiting for a reviewer."]
    assert review(facts, 20, keep=19, fix=1) == []


def test_many_bad_records_in_the_sample_are_named(facts: Facts) -> None:
    [text] = review(facts, 20, keep=18, fix=1, reject=1)
    assert text == "2 of 20 reviewed records (10.0%) were rejected or corrected."
