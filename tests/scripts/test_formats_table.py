"""README says what is read, as the code does."""

from scripts.formats_table import BEGIN, END, README, table


def test_the_table_of_formats_in_readme_is_up_to_date() -> None:
    text = README.read_text("utf-8")
    assert text.partition(BEGIN)[2].partition(END)[0] == table(), "python -m scripts.formats_table"
