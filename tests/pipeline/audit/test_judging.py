"""Blind judgements say how often a reason is right, and how much it misses."""

import random

import polars as pl
import pytest

from pipeline.audit.judging.draw import UNFOUND, draw, strata
from pipeline.audit.judging.judgements import (
    append_judgements,
    make_judgement,
    read_judgements,
    settled,
)
from pipeline.audit.judging.kinds import PAIRED, REASONS, SINGLE, Flaw, faults_of
from pipeline.audit.judging.scores import fault_scores, reason_scores
from schemas.errors import UserError
from schemas.frames import VERDICT_SCHEMA
from schemas.reasons import Reason


def verdicts(*rows: tuple[str, str, str, str | None]) -> pl.DataFrame:
    """Verdicts of `(id, action, reason, other_id)`."""
    full = [(id, "stage", action, reason, None, other) for id, action, reason, other in rows]
    return pl.DataFrame(full, schema=VERDICT_SCHEMA, orient="row")


def ids(count: int) -> pl.Series:
    return pl.Series([f"{number:05d}" for number in range(count)])


def test_every_reason_is_judged_once_alone_or_in_pairs() -> None:
    assert not set(SINGLE) & set(PAIRED)
    assert set(REASONS) == set(Flaw)
    assert all(faults_of(reason) for reason in SINGLE)


def test_each_reason_and_as_many_of_none_are_drawn_in_an_order_that_tells_nothing() -> None:
    found = [(f"{number:05d}", "flag", "cut_off", None) for number in range(100)]
    found += [(f"{number:05d}", "drop", "echo", None) for number in range(90, 200)]
    items = draw(ids(1000), verdicts(*found), 10, seed=0)
    counts = dict(items.group_by("stratum").len().iter_rows())
    assert counts == {"flag cut_off": 10, "drop echo": 10, UNFOUND: 20}
    by_stratum = items["stratum"].to_list()
    assert by_stratum != sorted(by_stratum)
    assert draw(ids(1000), verdicts(*found), 10, seed=0).equals(items)
    larger = draw(ids(1000), verdicts(*found), 30, seed=0)
    assert set(items["id"]) <= set(larger["id"])
    assert not items["id"].equals(draw(ids(1000), verdicts(*found), 10, seed=1)["id"])


def test_only_the_reasons_that_are_asked_for_are_drawn() -> None:
    found = [("00001", "flag", "cut_off", None), ("00002", "drop", "near_duplicate", "00003")]
    pairs = draw(ids(9), verdicts(*found), 5, 0, (Reason.near_duplicate,))
    assert pairs.rows() == [("00002", "00003", "drop near_duplicate")]
    single = draw(ids(9), verdicts(*found), 5, 0, (Reason.cut_off,))
    assert set(single["stratum"]) == {"flag cut_off", UNFOUND}


def test_a_record_is_in_the_stratum_of_its_first_reason() -> None:
    found = verdicts(("00000", "flag", "echo", None), ("00000", "drop", "empty_reply", None))
    assert strata(ids(2), found)["stratum"].to_list() == ["drop empty_reply", UNFOUND]


def known_filter(seed: int) -> tuple[bool, bool, float]:
    """Whether the intervals of a simulated filter hold its precision and recall; their width."""
    rng = random.Random(seed)
    every = ids(2000)
    faulty = {id for id in every if rng.random() < 0.2}
    flagged = [id for id in every if rng.random() < (0.7 if id in faulty else 0.01)]
    found = verdicts(*[(id, "drop", "cut_off", None) for id in flagged])
    items = draw(every, found, 100, seed)
    judged = {(id, None): frozenset(["breaks_off"] if id in faulty else []) for id in items["id"]}
    [score] = reason_scores(every, found, judged)
    [fault] = fault_scores(every, found, judged)
    caught = len(faulty & set(flagged))
    return (
        score.precision.low <= caught / len(flagged) <= score.precision.high,
        fault.recall.low <= caught / len(faulty) <= fault.recall.high,
        fault.recall.high - fault.recall.low,
    )


def test_precision_and_recall_of_a_known_filter_are_within_their_intervals() -> None:
    runs = [known_filter(seed) for seed in range(100)]
    for part in (0, 1):
        assert sum(run[part] for run in runs) >= 88  # of 95 % intervals; fewer: one in 500
    assert max(run[2] for run in runs) < 0.5


def test_a_pair_is_right_if_it_is_the_same_and_a_guarded_one_if_it_is_not() -> None:
    rows = [(f"{n:05d}", "drop", "near_duplicate", "00099") for n in range(3)]
    rows += [(f"{n:05d}", "flag", "guarded_pair", "00099") for n in range(3, 6)]
    judged = {(f"{n:05d}", "00099"): n in (0, 1, 3) for n in range(6)}
    scores = {score.reason: score for score in reason_scores(ids(100), verdicts(*rows), judged)}
    assert (scores["near_duplicate"].right, scores["near_duplicate"].judged) == (2, 3)
    assert (scores["guarded_pair"].right, scores["guarded_pair"].judged) == (2, 3)


def test_a_reason_that_drops_and_is_surely_wrong_too_often_is_said_to_be() -> None:
    def score(action: str, right: int, judges: int = 40) -> bool:
        rows = [(f"{n:05d}", action, "echo", None) for n in range(40)]
        fault = frozenset(["repeats_question"])
        judged = {(f"{n:05d}", None): fault if n < right else frozenset() for n in range(judges)}
        [only] = reason_scores(ids(100), verdicts(*rows), judged)
        return only.is_wrong_too_often

    assert score("drop", 20)
    assert not score("drop", 40)
    assert not score("flag", 20)
    assert not score("drop", 0, judges=9)
    assert score("drop", 0, judges=10)


def test_the_latest_of_each_person_and_the_majority_count(new_store) -> None:
    store = new_store([])
    cut, echo = (Flaw.breaks_off,), (Flaw.repeats_question,)
    given = [
        make_judgement(("a", None), "ada", echo),
        make_judgement(("a", None), "ada", cut),
        make_judgement(("a", None), "bob", (*cut, *echo)),
        make_judgement(("a", None), "eve"),
        make_judgement(("b", "c"), "ada", same=True),
        make_judgement(("d", "e"), "ada", same=True),
        make_judgement(("d", "e"), "bob", same=False),
    ]
    assert append_judgements(store, given) == 7
    assert append_judgements(store, given[1:]) == 0
    assert settled(read_judgements(store)) == {("a", None): {"breaks_off"}, ("b", "c"): True}


def test_a_line_that_is_no_judgement_is_named(new_store) -> None:
    store = new_store([])
    append_judgements(store, [make_judgement(("a", None), "ada")])
    path = store.reviews_dir / "audit.jsonl"
    path.write_text(path.read_text("utf-8") + "{}\n", "utf-8")
    with pytest.raises(UserError, match=r"audit\.jsonl:2 is not a valid judgement"):
        read_judgements(store)
