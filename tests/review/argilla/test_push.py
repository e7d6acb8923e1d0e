"""Pushing sends the sample of the open frame, however often, and draws a new one when it is due."""

import json
from datetime import UTC, datetime

import pytest

from pipeline.store.store import Store
from review.argilla.push import push_sample
from review.sampling.frame import frame_ids, sampling_frames
from schemas.decision import Choice, Decision
from schemas.errors import UserError
from schemas.record import Record


def decide(store: Store, ids: list[str], choice: Choice = Choice.keep, **more: str) -> None:
    at = datetime(2026, 1, 2, tzinfo=UTC)
    store.append_decisions(
        [Decision(record_id=i, reviewer="ada", choice=choice, at=at, **more) for i in ids]
    )


def sent_ids(fake) -> list[str]:
    return [i for cards in fake.datasets.values() for i in cards]


def test_a_fifth_of_the_kept_records_is_sent(store, records, kept, settings, fake) -> None:
    report = push_sample(store, kept(records), settings, fake)
    assert (report.sample, report.sent, report.size, report.drawn_now) == (10, 10, 50, True)
    assert sorted(sent_ids(fake)) == sorted(sampling_frames(store)[0].sample)


def test_pushing_again_sends_the_same_cards_and_adds_none(
    store, records, kept, settings, fake
) -> None:
    push_sample(store, kept(records), settings, fake)
    before = {name: dict(cards) for name, cards in fake.datasets.items()}
    report = push_sample(store, kept(records), settings.model_copy(update={"share": 0.5}), fake)
    assert (report.drawn_now, report.share, report.sent) == (False, 0.2, 10)
    assert fake.datasets == before
    assert len(sampling_frames(store)) == 1


def test_an_open_frame_is_kept_when_records_are_added(
    store, records, later_records, kept, settings, fake
) -> None:
    push_sample(store, kept(records), settings, fake)
    decide(store, list(sampling_frames(store)[0].sample[1:]))
    report = push_sample(store, kept([*records, *later_records]), settings, fake)
    assert (report.frame, report.decided, report.sent) == (1, 9, 1)


def test_a_decided_frame_gives_way_to_a_new_one_only_when_records_were_added(
    store, records, later_records, kept, settings, fake
) -> None:
    push_sample(store, kept(records), settings, fake)
    decide(store, list(sampling_frames(store)[0].sample))
    report = push_sample(store, kept(records), settings, fake)
    assert (report.frame, report.sent) == (1, 0)
    everything = [*records, *later_records]
    report = push_sample(store, kept(everything), settings, fake)
    assert (report.frame, report.drawn_now, report.size, report.sample) == (2, True, 60, 12)
    assert frame_ids(store, sampling_frames(store)[1]) == {record.id for record in everything}
    assert report.sent == 12 - report.decided


def test_a_correction_alone_is_no_reason_for_a_new_frame(
    store, records, later_records, kept, settings, fake
) -> None:
    push_sample(store, kept(records), settings, fake)
    sample = list(sampling_frames(store)[0].sample)
    child = later_records[0]
    decide(store, sample[:1], Choice.fix, child_id=child.id)
    decide(store, sample[1:])
    left = [record for record in records if record.id != sample[0]]
    assert push_sample(store, kept([*left, child]), settings, fake).frame == 1


def test_a_fresh_frame_can_be_asked_for(store, records, kept, settings, fake) -> None:
    push_sample(store, kept(records), settings, fake)
    report = push_sample(store, kept(records), settings, fake, fresh=True)
    assert (report.frame, report.sent) == (2, 10)
    assert set(sampling_frames(store)[0].sample) != set(sampling_frames(store)[1].sample)


def test_what_is_no_longer_kept_is_not_sent_and_is_counted(
    store, records, kept, settings, fake
) -> None:
    push_sample(store, kept(records), settings, fake)
    gone = sampling_frames(store)[0].sample[0]
    fake.datasets.clear()
    report = push_sample(store, kept([r for r in records if r.id != gone]), settings, fake)
    assert (report.gone, report.sent) == (1, 9)
    assert gone not in sent_ids(fake)


def test_cards_that_are_cut_are_named(store, records, kept, settings, fake) -> None:
    turns = json.loads(records[0].messages_json)
    turns[0]["content"] = "Please. " * 100
    long = Record(messages=turns, source="long.jsonl:1")
    fake.text_limit = 100
    everything = settings.model_copy(update={"share": 1.0})
    assert push_sample(store, kept([*records, long]), everything, fake).cut == (long.id,)


def test_nothing_kept_is_one_sentence_and_draws_nothing(store, kept, settings, fake) -> None:
    with pytest.raises(UserError, match="nothing to review"):
        push_sample(store, kept([]), settings, fake)
    assert sampling_frames(store) == []
