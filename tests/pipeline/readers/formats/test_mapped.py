"""The user's own names for columns, and a format that the user names."""

from typing import Any

import pytest

from pipeline.readers.candidate import Candidate, Refused
from pipeline.readers.formats import FORMATS, read_as
from pipeline.readers.formats.mapped import apply_mapping
from schemas.errors import UserError
from schemas.reasons import Rejection

MAPPING = {"user": "frage", "assistant": "antwort"}
ROW = {"frage": "Hi?", "Antwort ": "Yes.", "sprache": "de", "thema": "wetter", "rolle": "Be kind."}
TURNS = [{"role": "user", "content": "Hi?"}, {"role": "assistant", "content": "Yes."}]


def test_mapped_columns_are_the_conversation_and_its_labels() -> None:
    mapping = MAPPING | {"language": "sprache", "domain": "thema", "system": "rolle"}
    [candidate] = apply_mapping(ROW, mapping)
    assert isinstance(candidate, Candidate)
    assert candidate.turns == [{"role": "system", "content": "Be kind."}, *TURNS]
    assert (candidate.language, candidate.domain) == ("de", "wetter")


def test_what_is_not_mapped_is_no_part_of_it() -> None:
    [candidate] = apply_mapping(ROW | {"system": "x", "domain": "y"}, MAPPING)
    assert isinstance(candidate, Candidate)
    assert (candidate.turns, candidate.language, candidate.domain) == (TURNS, None, None)
    assert candidate.meta == {"sprache": "de", "thema": "wetter", "system": "x", "domain": "y"}
    assert [part.column for part in candidate.left_out] == ["rolle"]


@pytest.mark.parametrize("column", [{"label": "False"}, {"image": "cat.png"}])
def test_a_mapping_does_not_hide_a_bad_reply_or_a_picture(column: dict[str, str]) -> None:
    [refused] = apply_mapping(ROW | column, MAPPING)
    assert isinstance(refused, Refused)


@pytest.mark.parametrize("row", [{"frage": "Hi?"}, {}, 5, ["a"]])
def test_a_row_without_the_column_says_what_it_has(row: Any) -> None:
    [refused] = apply_mapping(row, MAPPING)
    assert isinstance(refused, Refused)
    assert refused.reason is Rejection.unknown_format
    assert "has no column" in refused.why


def test_a_mapped_column_that_says_nothing_readable_is_refused() -> None:
    [refused] = apply_mapping({"frage": {"x": 1}, "antwort": "Yes."}, MAPPING)
    assert isinstance(refused, Refused)
    assert "frage is neither" in refused.why


def test_an_unknown_part_names_the_nearest() -> None:
    with pytest.raises(UserError, match="does not know asistant; perhaps assistant"):
        apply_mapping(ROW, {"user": "frage", "asistant": "antwort"})


@pytest.mark.parametrize("mapping", [{}, {"user": "frage"}, {"user": "frage", "assistant": ""}])
def test_a_mapping_without_both_sides_is_refused(mapping: dict[str, str]) -> None:
    with pytest.raises(UserError, match="names no column for"):
        apply_mapping(ROW, mapping)


def test_a_named_format_reads_what_an_earlier_one_would_have_taken() -> None:
    row = {"messages": TURNS, "question": "Who?", "answer": "Me."}
    [candidate] = read_as("question_answer", row)
    assert isinstance(candidate, Candidate)
    assert candidate.turns[0]["content"] == "Who?"


@pytest.mark.parametrize("name", FORMATS)
def test_a_row_that_is_not_of_the_named_format_is_refused(name: str) -> None:
    [refused] = read_as(name, {"colour": "red"})
    assert isinstance(refused, Refused)
    assert refused.why == f"is no {name}: it has colour"


def test_an_unknown_format_names_the_nearest() -> None:
    with pytest.raises(UserError, match="no format share_gpt; perhaps sharegpt"):
        read_as("share_gpt", {})
