"""Pairs are labelled by keys or by a sheet; the table and the settings follow."""

import csv
import json
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from pipeline.audit.calibration.labels import read_labels
from pipeline.store.store import Store

SETTINGS = """\
[tokens]
tokenizer = "rules"
[embedding]
model = "ngrams"
[near_duplicate]
# threshold = 0.92
"""

ANSWER = "Open your account, choose the {}, and follow the three steps that you find there."
THINGS = ("tent", "kayak", "canoe", "lantern", "stove", "jacket", "compass", "rope")


@pytest.fixture
def workspace(run, tmp_path: Path) -> Path:
    """28 pairs of questions that differ in one word, and one that looks like a formula."""
    (tmp_path / "curate.toml").write_text(SETTINGS, "utf-8")
    asked = [f"How do I return the {thing} that I bought in your shop?" for thing in THINGS]
    asked += ["=How do I return the cup that I bought in your shop, please?"]
    rows = [{"question": q, "answer": ANSWER.format(q.split()[5])} for q in asked]
    file = tmp_path / "chats.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    run("ingest", file, "-C", tmp_path)
    return tmp_path


def pressing(monkeypatch: pytest.MonkeyPatch, *keys: str) -> None:
    """A terminal on which these keys are pressed, some in haste."""
    pressed: Iterator[str] = iter(keys)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(click, "getchar", lambda: next(pressed))


def threshold(workspace: Path) -> float | None:
    settings = tomllib.loads((workspace / "curate.toml").read_text("utf-8"))
    found: float | None = settings["near_duplicate"].get("threshold")
    return found


def filled(file: Path, same: str, rows: int = 1000) -> None:
    with file.open(encoding="utf-8-sig", newline="") as opened:
        sheet = list(csv.DictReader(opened))
    with file.open("w", encoding="utf-8", newline="") as opened:
        out = csv.DictWriter(opened, sheet[0], delimiter=";")
        out.writeheader()
        for number, row in enumerate(sheet):
            out.writerow({**row, "same": same if number < rows else ""})


def test_keys_become_labels_at_once_and_others_are_waited_past(
    run, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pressing(monkeypatch, "y", "x", "\x1boq", "Ny", "s", "q")
    out, _ = run("calibrate", "-C", workspace, "--by", "ada")
    labels = read_labels(Store(workspace))
    assert [(label.same, label.by, label.model) for label in labels] == [
        (True, "ada", "ngrams"),
        (False, "ada", "ngrams"),
    ]
    assert "Would an answer to one also answer the other?" in out
    assert "pair 1 of " in out
    assert "pair 4 of " in out
    assert "2 of them labelled" in out


def test_what_was_labelled_is_not_asked_again(
    run, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pressing(monkeypatch, "y", "q")
    first, _ = run("calibrate", "-C", workspace)
    total = int(first.split("pair 1 of ")[1].split()[0])
    pressing(monkeypatch, "\x04")
    again, _ = run("calibrate", "-C", workspace)
    assert f"pair 1 of {total - 1}" in again


def test_without_a_terminal_it_says_what_stands(run, workspace: Path) -> None:
    out, _ = run("calibrate", "-C", workspace)
    assert "Nothing is labelled yet" in out
    assert "unknown" in out
    assert read_labels(Store(workspace)) == []


def test_a_sheet_goes_out_and_comes_back(run, workspace: Path) -> None:
    file = workspace / "pairs.csv"
    out, _ = run("calibrate", "-C", workspace, "--write", file)
    assert "fill in y or n" in out
    filled(file, "y")
    out, err = run("calibrate", "-C", workspace, "--csv", file, "--by", "bob")
    many = len(read_labels(Store(workspace)))
    assert many >= 28
    assert f"{many} labels read, {many} of them new" in err
    assert "Proposed: 0.80" in out
    assert threshold(workspace) is None
    _, err = run("calibrate", "-C", workspace, "--csv", file, "--by", "bob")
    assert "0 of them new" in err


def test_a_yes_writes_the_threshold(run, workspace: Path) -> None:
    file = workspace / "pairs.csv"
    run("calibrate", "-C", workspace, "--write", file)
    filled(file, "y")
    out, _ = run("calibrate", "-C", workspace, "--csv", file, "--yes", "--json")
    found = json.loads(out)
    assert (found["proposed"], found["threshold"], found["written"]) == (0.8, 0.92, True)
    assert threshold(workspace) == 0.8
    out, _ = run("calibrate", "-C", workspace, "--yes")
    assert "It is the current one." in out


def test_a_no_on_the_terminal_writes_nothing(
    run, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = workspace / "pairs.csv"
    run("calibrate", "-C", workspace, "--write", file)
    filled(file, "y")
    pressing(monkeypatch, "q")
    for answer in (False, True):
        monkeypatch.setattr(click, "confirm", lambda *_, answer=answer: answer)
        run("calibrate", "-C", workspace, "--csv", file)
        assert threshold(workspace) == (0.8 if answer else None)


@pytest.mark.parametrize("rows", [1, 4])
@pytest.mark.parametrize("same", ["y", "n"])
def test_too_few_labels_propose_nothing(run, workspace: Path, rows: int, same: str) -> None:
    file = workspace / "pairs.csv"
    run("calibrate", "-C", workspace, "--write", file)
    filled(file, same, rows)
    out, err = run("calibrate", "-C", workspace, "--csv", file, "--yes")
    assert f"{rows} label{'s' * (rows > 1)} read" in err
    assert "proposed yet: about" in out
    assert "more labels would" in out
    assert threshold(workspace) is None


def test_different_questions_propose_nothing(run, workspace: Path) -> None:
    file = workspace / "pairs.csv"
    run("calibrate", "-C", workspace, "--write", file)
    filled(file, "n")
    out, _ = run("calibrate", "-C", workspace, "--csv", file, "--yes")
    assert "No threshold can be proposed: with these labels" in out
    assert "0.80 itself finds them all" in out


def test_no_text_of_a_sheet_is_a_formula(run, workspace: Path) -> None:
    file = workspace / "pairs.csv"
    run("calibrate", "-C", workspace, "--write", file)
    text = file.read_text("utf-8-sig")
    assert "'=How do I" in text
    assert ",=How" not in text
    assert '"=How' not in text


def test_a_sheet_that_is_there_is_not_written_over(run, workspace: Path) -> None:
    file = workspace / "pairs.csv"
    file.write_text("labels", "utf-8")
    _, err = run("calibrate", "-C", workspace, "--write", file, code=2)
    assert "may contain labels" in err
    assert file.read_text("utf-8") == "labels"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a,b\n1,2\n", "has no column one, other, same"),
        ("one,other,same\na,b,perhaps\n", "pairs.csv:2: same = 'perhaps' is not an answer"),
        ("one,other,same\na,b,ja\n", "1, same, true, y, yes or 0, different, false, n, no"),
        ("one,other,same\na,a,y\n", "pairs.csv:2: one and other are the same record"),
        ("one,other,same\na,b,y\n", "belong to another workspace"),
        (None, "pairs.csv cannot be read"),
    ],
)
def test_a_sheet_that_is_none_is_the_users_to_mend(run, workspace: Path, text, said: str) -> None:
    file = workspace / "pairs.csv"
    if text is not None:
        file.write_text(text, "utf-8")
    _, err = run("calibrate", "-C", workspace, "--csv", file, code=2)
    assert said in err
    assert read_labels(Store(workspace)) == []


def test_a_cell_too_long_to_be_read_is_the_users_to_mend(run, workspace: Path) -> None:
    file = workspace / "pairs.csv"
    file.write_text(f"one,other,same\na,{'b' * 200_000},y\n", "utf-8")
    before = csv.field_size_limit(131_072)
    _, err = run("calibrate", "-C", workspace, "--csv", file, code=2)
    csv.field_size_limit(before)
    assert "pairs.csv cannot be read after line 1: field larger than" in err


def test_to_write_and_to_read_exclude_each_other(run, workspace: Path) -> None:
    _, err = run("calibrate", "-C", workspace, "--write", "a", "--csv", "b", code=2)
    assert "cannot be used together" in err


def test_a_sheet_of_long_questions_goes_out_and_comes_back(run, workspace: Path) -> None:
    text = "my long story about the camping trip " * 5000
    rows = [{"question": f"{text}{end}", "answer": ANSWER.format(end)} for end in ("one", "two")]
    more, file = workspace / "more.jsonl", workspace / "pairs.csv"
    more.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    run("ingest", more, "-C", workspace)
    run("calibrate", "-C", workspace, "--write", file)
    assert file.stat().st_size < 100_000
    assert "camping trip one" in file.read_text("utf-8-sig")
    filled(file, "y")
    _, err = run("calibrate", "-C", workspace, "--csv", file)
    assert "labels read" in err


@pytest.mark.parametrize(("option", "value"), [("--precision", "nan"), ("-n", -3), ("-n", 0)])
def test_a_number_that_is_none_is_refused(run, workspace: Path, option: str, value: object) -> None:
    _, err = run("calibrate", "-C", workspace, option, value, code=2)
    assert f"Invalid value for '{option}'" in err


def test_people_who_disagree_are_said_and_a_split_pair_counts_as_unlabelled(
    run, workspace: Path
) -> None:
    hers, his = workspace / "ada.csv", workspace / "bob.csv"
    for file in (hers, his):
        run("calibrate", "-C", workspace, "--write", file)
    filled(hers, "y")
    filled(his, "n", 3)
    alone, _ = run("calibrate", "-C", workspace, "--csv", hers, "--by", "ada", "--json")
    assert json.loads(alone)["disagreements"] == {"pairs": 0, "split": 0}
    out, _ = run("calibrate", "-C", workspace, "--csv", his, "--by", "bob")
    assert "People disagree on 3 pairs" in out
    assert "(3 split)" in out
    both, _ = run("calibrate", "-C", workspace, "--json")
    assert json.loads(both)["disagreements"] == {"pairs": 3, "split": 3}
    assert json.loads(both)["labelled"] == json.loads(alone)["labelled"] - 3
    more = workspace / "more.csv"
    out, _ = run("calibrate", "-C", workspace, "--write", more, "--by", "bob")
    assert "all pairs of the sample are labelled" in out
    out, _ = run("calibrate", "-C", workspace, "--write", more, "--by", "cy")
    assert "Wrote 3 pairs" in out


def test_a_key_takes_the_last_answer_back_and_another_says_which_there_are(
    run, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pressing(monkeypatch, "b", "y", "j", "b", "n", "q")
    out, _ = run("calibrate", "-C", workspace, "--by", "ada")
    labels = read_labels(Store(workspace))
    assert [label.same for label in labels] == [True, False]
    assert len({(label.one, label.other) for label in labels}) == 1
    assert out.count("The keys are y (yes), n (no), s (skip), b (back") == 1
    assert "1 of them labelled" in out


def test_where_nothing_is_near_nothing_is_asked_and_no_sheet_is_written(
    run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "curate.toml").write_text(SETTINGS, "utf-8")
    file, sheet = tmp_path / "chats.jsonl", tmp_path / "pairs.csv"
    file.write_text(
        json.dumps({"question": "Who wrote it?", "answer": ANSWER.format("pen")}), "utf-8"
    )
    run("ingest", file, "-C", tmp_path)
    out, _ = run("calibrate", "-C", tmp_path, "--write", sheet)
    assert "nothing to label: no pair has a cosine above 0.80" in out
    assert not sheet.exists()
    pressing(monkeypatch)
    out, _ = run("calibrate", "-C", tmp_path)
    assert "nothing to label: no pair has a cosine above 0.80" in out
    assert "no pair above 0.80 could be labelled" in out


def test_a_threshold_that_calibrate_wrote_is_not_called_wrong(run, workspace: Path) -> None:
    file = workspace / "pairs.csv"
    run("calibrate", "-C", workspace, "--write", file)
    settings = (workspace / "curate.toml").read_text("utf-8")
    (workspace / "curate.toml").write_text(f"{settings}threshold = 0.8\n", "utf-8")
    assert "threshold = 0.8 does not fit ngrams" in run("doctor", "-C", workspace)[0]
    filled(file, "y")
    run("calibrate", "-C", workspace, "--csv", file, "--yes")
    assert "does not fit" not in run("doctor", "-C", workspace)[0]


def test_a_line_that_is_no_label_is_the_users_to_mend(run, workspace: Path) -> None:
    (workspace / "reviews").mkdir(exist_ok=True)
    (workspace / "reviews" / "pairs.jsonl").write_text("garbage\n", "utf-8")
    _, err = run("calibrate", "-C", workspace, code=2)
    assert "pairs.jsonl:1 is not a valid label of a pair" in err
