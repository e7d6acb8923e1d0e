"""Answers come back as decisions, once each, and a better reply as a record of its own."""

import pytest

from pipeline.store.store import Store
from review.argilla.pull import FIX_UNCHANGED, KEEP_CHANGED, pull_responses
from review.argilla.push import push_sample
from review.sampling.frame import sampling_frames
from schemas.decision import Choice
from schemas.record import Record, load_messages


@pytest.fixture
def sample(store: Store, records: list[Record], kept, settings, fake) -> list[Record]:
    """The records that were pushed."""
    push_sample(store, kept(records), settings, fake)
    by_id = {record.id: record for record in records}
    return [by_id[i] for i in sampling_frames(store)[0].sample]


def reply_of(record: Record) -> str:
    return record.messages[-1].text


def stored(store: Store, record_id: str) -> dict:
    return store.records().filter(id=record_id).row(0, named=True)


def test_keep_and_reject_become_decisions_with_their_reviewer(
    store, settings, fake, sample
) -> None:
    kept_answer = fake.respond(sample[0].id, Choice.keep, reply_of(sample[0]))
    fake.respond(sample[1].id, Choice.reject, reply_of(sample[1]), who="grace")
    report = pull_responses(store, settings, fake)
    assert report.new == {Choice.keep: 1, Choice.reject: 1}
    decisions = {(d.record_id, d.reviewer): d for d in store.decisions()}
    assert decisions[sample[0].id, "ada"].choice is Choice.keep
    assert decisions[sample[0].id, "ada"].at == kept_answer.at
    assert decisions[sample[1].id, "grace"].choice is Choice.reject
    assert len(store.batches()) == 1


def test_a_better_reply_becomes_a_corrected_record_with_its_parent(
    store, settings, fake, sample
) -> None:
    fake.respond(sample[0].id, Choice.fix, "Ein <b>besserer</b> Satz.")
    report = pull_responses(store, settings, fake)
    [decision] = store.decisions()
    child = stored(store, decision.child_id)
    assert (report.new, report.corrected) == ({Choice.fix: 1}, 1)
    assert load_messages(child["messages"])[-1].text == "Ein <b>besserer</b> Satz."
    assert load_messages(child["messages"])[:-1] == sample[0].messages[:-1]
    assert (child["origin"], child["source"]) == ("corrected", "review:ada")
    assert (child["parents"], child["domain_given"]) == ([sample[0].id], "sums")
    assert store.batches()[-1].batch == "0002-review"


def test_pulling_again_changes_nothing(store, settings, fake, sample) -> None:
    fake.respond(sample[0].id, Choice.fix, "Better.")
    fake.respond(sample[1].id, Choice.keep, reply_of(sample[1]))
    pull_responses(store, settings, fake)
    facts = (store.decisions(), store.batches())
    report = pull_responses(store, settings, fake)
    assert (report.answers, report.known, report.new, report.corrected) == (2, 2, {}, 0)
    assert (store.decisions(), store.batches()) == facts


def test_a_changed_mind_is_one_more_decision(store, settings, fake, sample) -> None:
    fake.respond(sample[0].id, Choice.keep, reply_of(sample[0]), minute=0)
    pull_responses(store, settings, fake)
    fake.respond(sample[0].id, Choice.reject, reply_of(sample[0]), minute=1)
    pull_responses(store, settings, fake)
    assert [d.choice for d in store.decisions()] == [Choice.keep, Choice.reject]


@pytest.mark.parametrize(
    ("choice", "change", "what"),
    [
        (Choice.fix, lambda reply: reply, FIX_UNCHANGED),
        (Choice.fix, lambda reply: f"\r\n{reply} ", FIX_UNCHANGED),
        (Choice.fix, lambda reply: "", FIX_UNCHANGED),
        (Choice.keep, lambda reply: "Something else", KEEP_CHANGED),
    ],
)
def test_an_answer_that_contradicts_itself_is_asked_about_and_decides_nothing(
    store, settings, fake, sample, choice, change, what
) -> None:
    fake.respond(sample[0].id, choice, change(reply_of(sample[0])))
    report = pull_responses(store, settings, fake)
    [question] = report.questions
    assert (question.record_id, question.reviewer, question.what) == (sample[0].id, "ada", what)
    assert store.decisions() == []
    assert len(store.batches()) == 1


def test_a_reply_changed_beside_reject_is_no_correction(store, settings, fake, sample) -> None:
    fake.respond(sample[0].id, Choice.reject, "Half a thought")
    report = pull_responses(store, settings, fake)
    assert (report.new, report.corrected) == ({Choice.reject: 1}, 0)
    assert store.decisions()[0].child_id is None


def test_answers_on_records_that_are_not_here_are_counted(store, settings, fake, sample) -> None:
    [cards] = fake.datasets.values()
    cards["0" * 64] = cards[sample[0].id]
    fake.respond("0" * 64, Choice.keep, "x")
    report = pull_responses(store, settings, fake)
    assert (report.answers, report.unknown, report.new) == (1, 1, {})


def test_a_pull_that_was_killed_before_its_decisions_leads_to_the_same_state(
    store, settings, fake, sample, monkeypatch
) -> None:
    fake.respond(sample[0].id, Choice.fix, "Better.")

    def die(decisions) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(store, "append_decisions", die)
        with pytest.raises(KeyboardInterrupt):
            pull_responses(store, settings, fake)
    assert store.decisions() == []
    records = store.records()
    pull_responses(store, settings, fake)
    [decision] = store.decisions()
    assert decision.child_id in records["id"].to_list()
    assert store.records()["id"].to_list() == records["id"].to_list()


def test_a_late_answer_to_an_earlier_frame_still_counts(
    store, settings, fake, sample, records, later_records, kept
) -> None:
    push_sample(store, kept([*records, *later_records]), settings, fake, fresh=True)
    only_in_the_first = [r for r in sample if r.id not in sampling_frames(store)[1].sample]
    fake.respond(only_in_the_first[0].id, Choice.reject, "")
    assert pull_responses(store, settings, fake).new == {Choice.reject: 1}
