"""One value changes; comments, order and line ends are the user's."""

import tomllib
from pathlib import Path

import pytest

from curate.settings import load, template
from curate.toml_edit import set_value, with_value
from schemas.errors import UserError


def edited(text: str) -> str:
    return with_value(text, "near_duplicate", "threshold", 0.9)


def test_a_value_is_changed_and_its_comment_stays() -> None:
    text = "# mine\n[near_duplicate]  # see docs\nthreshold   = 0.92  # ours\nenabled = true\n"
    assert edited(text) == text.replace("0.92", "0.9")


def test_the_default_behind_its_mark_is_taken() -> None:
    text = (
        '[a]\n# threshold = 1\n[near_duplicate]\n# Above it.\n# threshold = 0.92\n\n[b]\nc = "x"\n'
    )
    assert edited(text) == text.replace("# threshold = 0.92", "threshold = 0.9")


def test_a_value_stands_before_a_default() -> None:
    text = "[near_duplicate]\n# threshold = 0.92\nthreshold = 0.95\n"
    assert edited(text) == text.replace("0.95", "0.9")


def test_a_table_without_the_key_gets_it_below_its_header() -> None:
    assert edited("[near_duplicate]\nenabled = true") == (
        "[near_duplicate]\nthreshold = 0.9\nenabled = true"
    )
    assert edited("[near_duplicate]") == "[near_duplicate]\nthreshold = 0.9\n"


@pytest.mark.parametrize("text", ["", "[a]\nb = 1\n", "[a]\nb = 1"])
def test_a_file_without_the_table_gets_it_at_the_end(text: str) -> None:
    after = edited(text)
    assert after.startswith(text)
    assert tomllib.loads(after)["near_duplicate"] == {"threshold": 0.9}


def test_line_ends_of_windows_stay() -> None:
    text = "[near_duplicate]\r\nthreshold = 0.92\r\n"
    assert edited(text) == text.replace("0.92", "0.9")
    assert edited("[a]\r\n").endswith("[near_duplicate]\r\nthreshold = 0.9\r\n")


def test_the_file_that_init_writes_differs_in_one_line(tmp_path: Path) -> None:
    file = tmp_path / "curate.toml"
    file.write_text(template({"near_duplicate": {"enabled": True}}), "utf-8")
    before = file.read_text("utf-8").splitlines()
    set_value(file, "near_duplicate", "threshold", 0.9)
    after = file.read_text("utf-8").splitlines()
    assert [line for line in after if line not in before] == ["threshold = 0.9"]
    assert len(after) == len(before)
    assert load(file).recipe.near_duplicate.threshold == 0.9


@pytest.mark.parametrize(
    "text",
    [
        "near_duplicate = { threshold = 0.92 }\n",
        "near_duplicate.threshold = 0.92\n",
        "[near_duplicate]\n'threshold' = 0.92\n",
        'x = """\n[near_duplicate]\nthreshold = 0.92\n"""\n',
    ],
)
def test_what_is_written_otherwise_is_left_as_it_is(tmp_path: Path, text: str) -> None:
    file = tmp_path / "curate.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(UserError, match="not changed by itself"):
        set_value(file, "near_duplicate", "threshold", 0.9)
    assert file.read_text("utf-8") == text
