"""Labels merge by rule, never by arrival."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.store.sightings import merge_sightings
from schemas.frames import SIGHTING_SCHEMA

Seen = tuple[str, str, str | None, str | None]


def merged(*seen: Seen) -> pl.DataFrame:
    rows = [("id", *row, None) for row in seen]
    return merge_sightings(pl.DataFrame(rows, schema=SIGHTING_SCHEMA, orient="row"))


@pytest.mark.parametrize(
    ("seen", "origin", "domain", "conflict"),
    [
        ([("a", "human", None, None)], "human", None, False),
        ([("a", "synthetic", None, "x"), ("b", "human", None, None)], "human", "x", False),
        ([("a", "synthetic", None, "x"), ("b", "corrected", None, "x")], "corrected", "x", False),
        ([("a", "human", None, "y"), ("b", "human", None, "x")], "human", "x", True),
        ([("a", "human", None, label) for label in "xyxyy"], "human", "y", True),
    ],
    ids=["alone", "given before none", "corrected before synthetic", "smallest", "commonest"],
)  # fmt: skip
def test_labels_merge_by_trust_then_number_then_name(
    seen: list[Seen], origin: str, domain: str | None, conflict: bool
) -> None:
    row = merged(*seen).row(0, named=True)
    assert (row["origin"], row["domain_given"], row["label_conflict"]) == (origin, domain, conflict)
    assert row["seen"] == len(seen)


LABEL = st.none() | st.sampled_from("xyz")
SEEN = st.tuples(
    st.sampled_from(["a:1", "a:2", "b:1"]),
    st.sampled_from(["human", "corrected", "synthetic"]),
    LABEL,
    LABEL,
)


@given(st.lists(SEEN, min_size=1, max_size=6), st.randoms())
def test_the_order_of_sightings_never_matters(seen: list[Seen], random) -> None:
    other = list(seen)
    random.shuffle(other)
    assert merged(*seen).equals(merged(*other))
