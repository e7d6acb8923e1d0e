"""Tables with any delimiter, from any program, with the line of each row."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.readers import BadRow, Row
from pipeline.readers.containers import table

Rows = Callable[[str | bytes], list[Row | BadRow]]

TABLE = [Row(2, {"question": "Hi?", "answer": "Yes"}), Row(3, {"question": "Ho?", "answer": "No"})]


@pytest.mark.parametrize(
    "content",
    [
        "question,answer\nHi?,Yes\nHo?,No\n",
        "question;answer\nHi?;Yes\nHo?;No",
        "question\tanswer\nHi?\tYes\nHo?\tNo",
        "question,answer\r\nHi?,Yes\r\nHo?,No\r\n",
        "\ufeffquestion,answer\nHi?,Yes\nHo?,No",
        ' question , answer \n"Hi?","Yes"\n"Ho?",No',
    ],
    ids=["commas", "semicolons", "tabs", "CRLF", "BOM", "quotes"],
)
def test_a_table_is_read_whatever_program_saved_it(rows: Rows, content: str) -> None:
    assert rows(content) == TABLE


def test_quotes_hold_separators_line_breaks_and_quotes(rows: Rows) -> None:
    read = rows('q,a\n"one,\r\ntwo","say ""hi"""\n\nthree,"four\n"\nfive,six')
    assert read == [
        Row(2, {"q": "one,\r\ntwo", "a": 'say "hi"'}),
        Row(5, {"q": "three", "a": "four\n"}),
        Row(7, {"q": "five", "a": "six"}),
    ]


def test_a_table_row_of_another_width_is_bad_with_its_cells(rows: Rows) -> None:
    assert rows("q,a\nx,y,z\nu,v") == [
        BadRow(2, "3 cells where the header has 2", '["x", "y", "z"]'),
        Row(3, {"q": "u", "a": "v"}),
    ]


def test_a_cell_of_any_length_is_read_and_so_are_the_rows_behind_it(rows: Rows) -> None:
    long = "word " * 40_000
    assert rows(f"q,a\nx,{long}\nu,v") == [
        Row(2, {"q": "x", "a": long}),
        Row(3, {"q": "u", "a": "v"}),
    ]


CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)
LINES = st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=5)


@given(table=LINES, delimiter=st.sampled_from(",;\t"), end=st.sampled_from(["\n", "\r\n"]))
def test_every_quoted_table_is_read_as_it_was_written(
    rows: Rows, table: list[tuple[str, str]], delimiter: str, end: str
) -> None:
    quoted = [delimiter.join('"' + cell.replace('"', '""') + '"' for cell in row) for row in table]
    read = rows(end.join([f"q{delimiter}a", *quoted]))
    assert [(row.value["q"], row.value["a"]) for row in read] == table


def test_bytes_that_are_no_utf_8_make_their_row_bad_and_no_other(rows: Rows) -> None:
    good, bad = rows(b"q,a\nx,y\n\xe4,z\n")
    assert good == Row(2, {"q": "x", "a": "y"})
    assert isinstance(bad, BadRow)
    assert (bad.line, bad.text) == (3, '["\\xe4", "z"]')
    assert "not UTF-8" in bad.why


def test_a_nul_makes_its_row_bad_and_no_other(rows: Rows) -> None:
    table = "question,answer\n" + "some words,and more\n" * 20_000
    *good, bad = rows(f"{table}x,y\0z\n")
    assert len(good) == 20_000
    assert isinstance(bad, BadRow)
    assert (bad.line, bad.why) == (20_002, "holds NUL bytes")


def test_a_quote_that_is_never_closed_costs_one_line(rows: Rows) -> None:
    first, bad, *rest = rows('q,a\nx,y\n"u,v\nw,z\n\ns,t')
    assert first == Row(2, {"q": "x", "a": "y"})
    assert isinstance(bad, BadRow)
    assert (bad.line, bad.why, bad.text) == (3, "opens a quote that is never closed", '["\\"u,v"]')
    assert rest == [Row(4, {"q": "w", "a": "z"}), Row(6, {"q": "s", "a": "t"})]


def test_the_delimiter_is_the_one_that_gives_rows_of_one_width(rows: Rows) -> None:
    read = rows('id;question, as asked;answer\n1;"a, b, c";d\n2;e;f, g\n')
    assert read == [
        Row(2, {"id": "1", "question, as asked": "a, b, c", "answer": "d"}),
        Row(3, {"id": "2", "question, as asked": "e", "answer": "f, g"}),
    ]


def test_bars_part_cells_too(rows: Rows) -> None:
    assert rows("question|answer\na, b|c") == [Row(2, {"question": "a, b", "answer": "c"})]


def test_a_cell_beyond_the_limit_costs_the_line_on_which_its_quote_opens(
    rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table, "CELL_LIMIT", 100)
    lines = "".join(f"row {n},some words\n" for n in range(50))
    bad, *rest = rows(f'q,a\n"u,v\n{lines}')
    assert isinstance(bad, BadRow)
    assert (bad.line, bad.text) == (2, '["\\"u,v"]')
    assert rest == [Row(n + 3, {"q": f"row {n}", "a": "some words"}) for n in range(50)]
