"""The books as a picture: to scale, and nothing that is there is invisible."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from curate.terminal.funnel import BAR_CELLS, bar, funnel
from schemas.books import Books
from schemas.manifest import BatchManifest


@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_a_bar_is_to_scale_and_never_invisible(value: int, whole: int) -> None:
    value = min(value, whole)
    drawn = bar(value, whole)
    assert bool(drawn) == bool(value)
    assert abs(len(drawn) - BAR_CELLS * value / whole) <= 1


def test_every_row_of_the_books_has_a_line_with_its_number() -> None:
    books = Books(
        read=10, rejected=2, repeated=1, records=7, kept=4,
        dropped={"short_reply": 3}, languages={"en": 4}, domains={"x": 4}, origins={"human": 4},
    )  # fmt: skip
    batch = BatchManifest(
        batch="0001-ingest", created=datetime.now(UTC), version="1", read=10,
        rejected={"unreadable": 2}, repeated=1, records=7,
    )  # fmt: skip
    lines = "\n".join(funnel(books, [batch]))
    counts = {"read": 10, "rejected": 2, "repeated": 1, "short reply": 3, "kept": 4}
    for name, count in counts.items():
        assert any(
            line.strip().startswith(name) and str(count) in line for line in lines.splitlines()
        )
    assert "unreadable 2" in lines
    assert "40.0%" in lines


def test_empty_books_have_a_funnel_too() -> None:
    assert funnel(Books(), [])
