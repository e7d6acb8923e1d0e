"""The vocabulary is closed, and every word of it has a manual."""

import pytest

from schemas.reasons import Reason, Rejection


@pytest.mark.parametrize("reason", [*Reason, *Rejection])
def test_every_reason_has_a_manual_of_a_sentence_at_least(reason: Reason | Rejection) -> None:
    assert len(reason.manual.split()) > 3
    assert reason.manual.endswith(".")


def test_a_rejected_row_and_a_dropped_record_never_share_a_reason() -> None:
    assert not {*map(str, Reason)} & {*map(str, Rejection)}


def test_a_reason_reads_as_its_name() -> None:
    assert all(str(reason) == reason.name for reason in [*Reason, *Rejection])
