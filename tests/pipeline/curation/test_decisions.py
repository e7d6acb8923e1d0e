"""Of several words on one record, the latest of each reviewer and the gravest of all."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.curation.decisions import standing
from schemas.decision import Choice, Decision


def said(choice: str, reviewer: str = "ada", hour: int = 0, child: str | None = None) -> Decision:
    at = datetime(2026, 1, 1, hour, tzinfo=UTC)
    return Decision(
        record_id="r", reviewer=reviewer, choice=Choice(choice), child_id=child, at=at
    )  # fmt: skip


@pytest.mark.parametrize(
    ("log", "stands"),
    [
        ([said("keep")], "keep"),
        ([said("reject"), said("keep", hour=1)], "keep"),
        ([said("keep", hour=1), said("reject")], "keep"),
        ([said("keep"), said("reject", "bob")], "reject"),
        ([said("reject"), said("fix", "bob", 1, "c")], "reject"),
        ([said("fix", child="c"), said("keep", "bob", 1)], "fix"),
    ],
)
def test_the_latest_of_each_and_the_gravest_of_all_stands(log: list[Decision], stands) -> None:
    found = standing(log)
    assert ("r" in found.rejected, "r" in found.fixed, "r" in found.kept) == (
        stands == "reject", stands == "fix", stands == "keep",
    )  # fmt: skip


def test_of_several_corrections_the_latest_stands() -> None:
    log = [said("fix", child="early"), said("fix", "bob", 1, "late")]
    assert standing(log).fixed == {"r": "late"}
    assert standing(log).approved == {"late"}


DECISIONS = st.builds(
    said,
    choice=st.sampled_from(["keep", "reject", "fix"]),
    reviewer=st.sampled_from(["ada", "bob"]),
    hour=st.integers(0, 9),
    child=st.sampled_from("cd"),
)


@given(
    st.lists(DECISIONS, max_size=6, unique_by=lambda d: (d.reviewer, d.at)), st.randoms()
)  # fmt: skip
def test_the_order_of_the_log_never_matters(log: list[Decision], random) -> None:
    other = list(log)
    random.shuffle(other)
    assert standing(other) == standing(log)
