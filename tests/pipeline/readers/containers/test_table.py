"""Tables with any delimiter, from any program, with the line of each row."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.readers import BadRow, Row
from pipeline.readers.containers import table_rows

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


def test_a_quote_that_is_never_closed_is_text(rows: Rows) -> None:
    assert rows('q,a\nx,y\n"u,v\nw,z\n\ns,t') == [
        Row(2, {"q": "x", "a": "y"}),
        Row(3, {"q": '"u', "a": "v"}),
        Row(4, {"q": "w", "a": "z"}),
        Row(6, {"q": "s", "a": "t"}),
    ]


def test_the_delimiter_is_the_one_that_gives_rows_of_one_width(rows: Rows) -> None:
    read = rows('id;question, as asked;answer\n1;"a, b, c";d\n2;e;f, g\n')
    assert read == [
        Row(2, {"id": "1", "question, as asked": "a, b, c", "answer": "d"}),
        Row(3, {"id": "2", "question, as asked": "e", "answer": "f, g"}),
    ]


def test_bars_part_cells_too(rows: Rows) -> None:
    assert rows("question|answer\na, b|c") == [Row(2, {"question": "a, b", "answer": "c"})]


def test_a_quote_that_would_run_for_long_is_text(
    rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table_rows, "CELL_LIMIT", 100)
    lines = "".join(f"row {n},some words\n" for n in range(50))
    assert rows(f'q,a\n"u,v\n{lines}') == [
        Row(2, {"q": '"u', "a": "v"}),
        *(Row(n + 3, {"q": f"row {n}", "a": "some words"}) for n in range(50)),
    ]


WORDS = st.text(st.characters(codec="utf-8", categories=("L", "N")), min_size=1, max_size=6)
UNQUOTED = st.lists(st.tuples(WORDS, WORDS, WORDS), min_size=2, max_size=6)


@given(UNQUOTED, st.data(), st.sampled_from("\t,;"))
def test_stray_quotes_in_a_file_that_quotes_nothing_merge_no_rows(
    rows: Rows, cells: list[tuple[str, ...]], data: st.DataObject, delimiter: str
) -> None:
    written = []
    for row in cells:
        marks = data.draw(st.tuples(*[st.sampled_from(["{}", '"{}', '{}" x', 'x "{}" y'])] * 3))
        written.append([mark.format(cell) for mark, cell in zip(marks, row, strict=True)])
    text = "\n".join(delimiter.join(row) for row in [["id", "q", "a"], *written])
    assert [list(row.value.values()) for row in rows(text)] == written


def test_a_file_with_both_kinds_of_quotes_keeps_its_rows(rows: Rows) -> None:
    text = 'id,q,a\n1,"one, two\nthree",x\n2,"four,y\n3,five,z\n4,the 27" one,u\n5,"a ""b""",v\n'
    assert [list(row.value.values()) for row in rows(text)] == [
        ["1", "one, two\nthree", "x"],
        ["2", '"four', "y"],
        ["3", "five", "z"],
        ["4", 'the 27" one', "u"],
        ["5", 'a "b"', "v"],
    ]


def test_quotes_behind_backslashes_are_quotes(rows: Rows) -> None:
    assert rows('q,a\n"say \\"hi\\", please",yes\n') == [
        Row(2, {"q": 'say "hi", please', "a": "yes"})
    ]


HEADERS = [
    ("What is it?,A mug\nWhere is it?,Here\n", True),
    ("1,Where is my parcel now?,It is in Ulm.\n2,And now?,In Bonn.\n", True),
    ("question,answer\nWhat is it?,A mug\n", False),
    ("Question asked by the customer today,answer\nWhat is it?,A mug\n", False),
    ("Frage,Antwort\nWas ist das?,Ein Krug\n", False),
    ("Ticket ID,Subject\n7,Mug\n", False),
    ("alpha,beta\n1,2\n", False),
]


@pytest.mark.parametrize(("text", "is_headless"), HEADERS)
def test_a_table_without_a_header_keeps_its_first_row(
    rows: Rows, text: str, is_headless: bool
) -> None:
    read = rows(text)
    assert len(read) == text.count("\n") - (not is_headless)
    assert isinstance(read[0], Row)
    assert ("1" in read[0].value) == is_headless
    assert read[0].line == (1 if is_headless else 2)


def test_columns_of_the_same_name_are_told_apart(rows: Rows) -> None:
    assert rows("text,text,id\na,b,c\n") == [Row(2, {"text": "a", "text_2": "b", "id": "c"})]


def test_the_line_that_tells_excel_the_delimiter_is_no_row(rows: Rows) -> None:
    assert rows("sep=;\nq;a\nx, y;z\n") == [Row(3, {"q": "x, y", "a": "z"})]
