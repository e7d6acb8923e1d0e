"""The progress of a review is read from the workspace alone."""

from review.argilla.pull import pull
from review.argilla.push import push
from review.sampling.frame import frames
from review.status import status
from schemas.decision import Choice


def test_before_the_first_push_there_is_no_status(store) -> None:
    assert status(store) is None


def test_each_record_of_the_sample_counts_once_by_the_gravest_choice(
    store, records, kept, settings, fake
) -> None:
    push(store, kept(records), settings, fake)
    first, second, third, *_ = frames(store)[0].sample
    replies = {record.id: record.messages[-1].text for record in records}
    fake.answer(first, Choice.keep, replies[first])
    fake.answer(first, Choice.reject, replies[first], who="grace")
    fake.answer(second, Choice.fix, "Better.")
    fake.answer(third, Choice.keep, replies[third])
    pull(store, settings, fake)
    found = status(store)
    assert found is not None
    assert (found.frame, found.size, found.sample, found.decided) == (1, 50, 10, 3)
    assert found.choices == {Choice.keep: 1, Choice.fix: 1, Choice.reject: 1}
    assert found.reviewers == {"ada": 3, "grace": 1}
