"""One value changes; comments, order and line ends are the user's."""

import tomllib
from pathlib import Path

import pytest

from curate.settings import load_settings, settings_text
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


@pytest.mark.parametrize(
    "text",
    ["[near_duplicate]\nenabled = true", "[near_duplicate]", "[near_duplicate]\n\n[b]\nc = 1\n"],
)
def test_a_table_without_the_key_gets_it(text: str) -> None:
    after = edited(text)
    expected = tomllib.loads(text)
    expected["near_duplicate"]["threshold"] = 0.9
    assert tomllib.loads(after) == expected
    assert set(text.splitlines()) <= set(after.splitlines())


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
    file.write_text(settings_text({"near_duplicate": {"enabled": True}}), "utf-8")
    before = file.read_text("utf-8").splitlines()
    set_value(file, "near_duplicate", "threshold", 0.9)
    after = file.read_text("utf-8").splitlines()
    assert [line for line in after if line not in before] == ["threshold = 0.9"]
    assert len(after) == len(before)
    assert load_settings(file).recipe.near_duplicate.threshold == 0.9


@pytest.mark.parametrize(
    "text",
    [
        "near_duplicate = { threshold = 0.92 } # mine\n",
        "near_duplicate.threshold = 0.92\n",
        "[near_duplicate]\n'threshold' = 0.92\n",
        'x = """\n[near_duplicate]\nthreshold = 0.92\n"""\n',
        'x = """\n[near_duplicate]\n# threshold = 0.92\n"""\n[near_duplicate]\nenabled = true\n',
        "[ near_duplicate ]\n# threshold = 0.92\n# threshold = 0.93\n",
    ],
)
def test_however_it_is_written_the_value_is_set_and_nothing_else(tmp_path: Path, text: str) -> None:
    file = tmp_path / "curate.toml"
    file.write_text(text, "utf-8")
    expected = tomllib.loads(text)
    expected.setdefault("near_duplicate", {})["threshold"] = 0.9
    set_value(file, "near_duplicate", "threshold", 0.9)
    assert tomllib.loads(file.read_text("utf-8")) == expected
    assert text.count("#") - file.read_text("utf-8").count("#") <= 1


@pytest.mark.parametrize(
    ("text", "problem"),
    [("[near_duplicate\n", "is not valid TOML"), ("near_duplicate = 3\n", "is not a table")],
)
def test_what_cannot_be_changed_is_said_and_left_as_it_is(
    tmp_path: Path, text: str, problem: str
) -> None:
    file = tmp_path / "curate.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(UserError, match=problem):
        set_value(file, "near_duplicate", "threshold", 0.9)
    assert file.read_text("utf-8") == text
