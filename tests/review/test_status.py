"""The progress of a review is read from the workspace alone."""

from review.argilla.pull import pull_responses
from review.argilla.push import push_sample
from review.sampling.frame import sampling_frames
from review.status import review_status
from schemas.decision import Choice


def test_before_the_first_push_there_is_no_status(store) -> None:
    assert review_status(store) is None


def test_each_record_of_the_sample_counts_once_by_the_gravest_choice(
    store, records, kept, settings, fake
) -> None:
    push_sample(store, kept(records), settings, fake)
    first, second, third, *_ = sampling_frames(store)[0].sample
    replies = {record.id: record.messages[-1].text for record in records}
    fake.respond(first, Choice.keep, replies[first])
    fake.respond(first, Choice.reject, replies[first], who="grace")
    fake.respond(second, Choice.fix, "Better.")
    fake.respond(third, Choice.keep, replies[third])
    pull_responses(store, settings, fake)
    status = review_status(store)
    assert status is not None
    assert (status.frame, status.size, status.sample, status.decided) == (1, 50, 10, 3)
    assert status.choices == {Choice.keep: 1, Choice.fix: 1, Choice.reject: 1}
    assert status.reviewers == {"ada": 3, "grace": 1}
