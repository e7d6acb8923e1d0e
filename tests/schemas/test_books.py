"""Books that do not balance cannot be written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from schemas.books import Books

COUNTS = st.dictionaries(st.sampled_from("abc"), st.integers(0, 9))


@st.composite
def balanced(draw: st.DrawFn) -> dict[str, object]:
    languages, dropped = draw(COUNTS), draw(COUNTS)
    kept = sum(languages.values())
    records = kept + sum(dropped.values())
    rejected, repeated = draw(st.integers(0, 9)), draw(st.integers(0, 9))
    return {
        "read": rejected + repeated + records,
        "rejected": rejected,
        "repeated": repeated,
        "records": records,
        "kept": kept,
        "dropped": dropped,
        "languages": languages,
        "domains": {"general": kept},
        "origins": {"human": kept},
    }


@given(balanced())
def test_books_that_balance_are_accepted_and_survive_json(books: dict[str, object]) -> None:
    assert Books.model_validate_json(Books(**books).model_dump_json()) == Books(**books)


@given(
    books=balanced(),
    name=st.sampled_from(["read", "rejected", "repeated", "records", "kept"]),
    off=st.integers(-9, 9).filter(bool),
)
def test_one_wrong_number_is_refused(books: dict[str, int], name: str, off: int) -> None:
    with pytest.raises(ValidationError, match=r"!=|do not add up"):
        Books(**books | {name: books[name] + off})


@given(books=balanced(), name=st.sampled_from(["dropped", "languages", "domains", "origins"]))
def test_one_row_too_many_in_a_breakdown_is_refused(books: dict[str, dict], name: str) -> None:
    with pytest.raises(ValidationError, match=r"!=|do not add up"):
        Books(**books | {name: books[name] | {"one more": 1}})
