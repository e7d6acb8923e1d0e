"""Kept records that repeat evaluation questions are named, written, and fail a check."""

import io
import json
import sys
from pathlib import Path

import pytest

SETTINGS = """\
[tokens]
tokenizer = "rules"
[embedding]
model = "ngrams"
"""

ANSWER = "Open your account, choose the order, and follow the three steps that you find there."
EGGS = "A farmer has {} eggs and sells the half of them at the market. How many are left?"


@pytest.fixture
def workspace(run, tmp_path: Path) -> Path:
    (tmp_path / "curate.toml").write_text(SETTINGS, "utf-8")
    rows = [
        {"question": "How do I return a tent to the shop by the station?", "answer": ANSWER},
        {"question": EGGS.format(16), "answer": ANSWER},
        {"question": "Who wrote the old song about the sea?", "answer": ANSWER},
    ]
    file = tmp_path / "chats.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    run("ingest", file, "-C", tmp_path)
    return tmp_path


@pytest.fixture
def benchmark(tmp_path: Path) -> Path:
    file = tmp_path / "benchmark.jsonl"
    asked = ["How do I return the tent to the shop by the station?", EGGS.format(12)]
    file.write_text("".join(json.dumps({"prompt": one}) + "\n" for one in asked), "utf-8")
    return file


def test_leaks_and_what_is_only_near_are_told_apart(run, workspace, benchmark) -> None:
    out, _ = run("leakage", benchmark, "-C", workspace)
    assert "1 of 3 kept records are near-duplicates (cosine above 0.92) of 2 questions" in out
    leaks, near = out.split("As similar, but different")
    assert "benchmark.jsonl:1" in leaks
    assert "return a tent" in leaks
    assert "return the tent" in leaks
    assert "benchmark.jsonl:2" in near
    assert "16 eggs" in near


def test_json_and_ids_for_scripts(run, workspace, benchmark) -> None:
    ids = workspace / "ids.jsonl"
    out, _ = run("leakage", benchmark, "-C", workspace, "--json", "--write", ids)
    found = json.loads(out)
    assert (found["questions"], found["kept"], found["threshold"]) == (2, 3, 0.92)
    [leak], [near] = found["leaks"], found["guarded"]
    assert leak["line"] == "benchmark.jsonl:1"
    assert near["kept_question"] == EGGS.format(16)
    assert [json.loads(line) for line in ids.read_text("utf-8").splitlines()] == [
        {"id": leak["id"]}
    ]


def test_a_check_fails_on_a_leak_and_passes_without(run, workspace, benchmark) -> None:
    _, err = run("leakage", benchmark, "-C", workspace, "--check", code=1)
    assert "1 kept record repeats a question of benchmark.jsonl" in err
    run("leakage", benchmark, "-C", workspace, "--check", "--threshold", "0.9999")


def test_a_file_that_is_missing_is_the_users_to_mend(run, workspace) -> None:
    _, err = run("leakage", "gone.jsonl", "-C", workspace, code=2)
    assert "gone.jsonl does not exist" in err


@pytest.mark.parametrize("number", ["+1 415 273 9164", "+49 30 901820"])
def test_a_question_that_is_masked_leaks_all_the_same(run, workspace, number: str) -> None:
    settings = SETTINGS + '[personal_data]\naction = "mask"\n'
    (workspace / "curate.toml").write_text(settings, "utf-8")
    asked = f"Who will answer me when I call {number} in the middle of the night?"
    more, file = workspace / "more.jsonl", workspace / "private.jsonl"
    more.write_text(json.dumps({"question": asked, "answer": ANSWER}), "utf-8")
    file.write_text(json.dumps({"question": asked}), "utf-8")
    run("ingest", more, "-C", workspace)
    out, _ = run("leakage", file, "-C", workspace, "--check", "--json", code=1)
    [leak] = json.loads(out)["leaks"]
    assert leak["cosine"] == 1
    assert "[PHONE]" in leak["kept_question"]


def test_rows_without_a_question_are_counted_and_fail_a_check(run, workspace, benchmark) -> None:
    with benchmark.open("a", encoding="utf-8") as opened:
        opened.write('{"x": 1}\n{"x": 2}\n')
    out, _ = run("leakage", benchmark, "-C", workspace)
    assert "No question was found in 2 rows, the first benchmark.jsonl:3." in out
    out, err = run(
        "leakage", benchmark, "-C", workspace, "--json", "--check", "--threshold", 0.9999, code=1
    )
    assert json.loads(out)["unread"] == 2
    assert "no question was found in 2 rows, the first benchmark.jsonl:3" in err
    assert "help: name its column" in err


@pytest.mark.parametrize("threshold", ["nan", "0", "1.5", "-inf"])
def test_a_threshold_that_is_none_is_refused(run, workspace, benchmark, threshold) -> None:
    _, err = run("leakage", benchmark, "-C", workspace, "--threshold", threshold, code=2)
    assert "Invalid value for '--threshold'" in err


def test_a_text_sends_no_command_to_the_terminal(run, workspace) -> None:
    file = workspace / "escapes.jsonl"
    asked = "\x1b[2J\x1b]0;mine\x07How do I return the tent to the shop by the\x9b7m station?"
    file.write_text(json.dumps({"prompt": asked}), "utf-8")
    out, _ = run("leakage", file, "-C", workspace, "--threshold", "0.5")
    assert "return the tent" in out
    assert "\x1b" not in out
    assert "\x9b" not in out


def test_where_nothing_is_kept_there_is_nothing_to_check(run, benchmark, tmp_path: Path) -> None:
    (tmp_path / "curate.toml").write_text(SETTINGS, "utf-8")
    out, err = run("leakage", benchmark, "-C", tmp_path, code=2)
    assert "nothing is kept in this workspace" in err
    assert out == ""


def test_a_file_that_is_there_is_not_written_over(run, workspace, benchmark) -> None:
    before = benchmark.read_bytes()
    _, err = run("leakage", benchmark, "-C", workspace, "--write", benchmark, code=2)
    assert "benchmark.jsonl exists already" in err
    assert benchmark.read_bytes() == before


def test_what_to_do_with_the_ids_is_said(run, workspace, benchmark) -> None:
    out, _ = run("leakage", benchmark, "-C", workspace, "--write", workspace / "ids.jsonl")
    assert "Wrote 1 id to " in out
    assert "next: `curate explain ID`" in out


def test_a_broken_row_is_said_to_be_broken_and_fails_a_check(run, workspace, benchmark) -> None:
    with benchmark.open("a", encoding="utf-8") as opened:
        opened.write('{"prompt": "Who\n')
    far = ("--threshold", 0.9999)
    out, err = run("leakage", benchmark, "-C", workspace, "--check", *far, code=1)
    assert "1 row could not be read, the first benchmark.jsonl:3: " in out
    assert "benchmark.jsonl:3: " in err
    out, _ = run("leakage", benchmark, "-C", workspace, "--json")
    assert (json.loads(out)["broken"], json.loads(out)["unread"]) == (1, 0)


def test_standard_input_is_called_so(run, workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"Who wrote it?")))
    out, _ = run("leakage", "-", "-C", workspace)
    assert "of 1 question in standard input." in out
