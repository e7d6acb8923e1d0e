"""`curate audit`: a sheet without verdicts goes out, and judgements come back."""

import csv
import io
import json
from pathlib import Path

import pytest

from pipeline.audit.judging.kinds import Flaw

LONG = "Open your account, choose the order, and follow the three steps that you find there. "
ECHO = "The green boat left the old harbour at dawn, and nobody saw it come back again that day."
ROWS = [
    *[(f"How do I {deed} the {thing}?", f"{LONG}It is for the {thing}, to {deed} it.")
      for deed in ("mend", "return", "wash") for thing in ("tent", "stove", "lamp")],
    ("Draw a chart.", "<nooutput>"),
    ("Which key do I use?", "Use AKIAIOSFODNN7EXAMPLE for now, until you have one of your own."),
    (ECHO, ECHO),
]  # fmt: skip


@pytest.fixture
def workspace(run, tmp_path: Path) -> Path:
    lines = [json.dumps({"instruction": q, "output": a, "domain": "support"}) for q, a in ROWS]
    (tmp_path / "chats.jsonl").write_text("\n".join(lines), "utf-8")
    root = tmp_path / "w"
    run("init", root)
    run("ingest", tmp_path / "chats.jsonl", "-C", root)
    return root


def rows(sheet: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(sheet.read_text("utf-8-sig"))))


def fill(sheet: Path, answers: dict[str, str]) -> None:
    """Answer `faults` by the beginning of the reply; all others are fine."""
    filled = rows(sheet)
    for row in filled:
        found = [said for begin, said in answers.items() if row["reply"].startswith(begin)]
        row["faults"] = "" if row["other_id"] else (found or ["0"])[0]
    with sheet.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, filled[0])
        writer.writeheader()
        writer.writerows(filled)


def number(flaw: Flaw) -> str:
    return str(list(Flaw).index(flaw) + 1)


def test_a_sheet_tells_no_verdict_and_its_answers_are_counted(run, workspace, tmp_path) -> None:
    sheet = tmp_path / "sheet.csv"
    out, _ = run("audit", "--write", sheet, "-C", workspace)
    assert "numbers of what" in out
    text = sheet.read_text("utf-8-sig")
    assert "non_answer" not in text
    assert "secret" not in text
    fill(sheet, {"<nooutput>": number(Flaw.no_answer), "Use AKIA": number(Flaw.private)})
    out, _ = run("audit", "--csv", sheet, "--by", "ada", "--json", "-C", workspace)
    said = json.loads(out)
    scores = {score["reason"]: score for score in said["reasons"]}
    assert (scores["non_answer"]["judged"], scores["non_answer"]["right"]) == (1, 1)
    assert (scores["echo"]["judged"], scores["echo"]["right"]) == (1, 0)
    faults = {fault["fault"]: fault for fault in said["faults"]}
    assert faults["private"]["recall"]["value"] == 1
    out, _ = run("audit", "--write", tmp_path / "b.csv", "--by", "ada", "-C", workspace)
    assert "nothing to judge" in out


def test_the_table_is_shown_and_a_sheet_is_never_overwritten(run, workspace, tmp_path) -> None:
    sheet = tmp_path / "sheet.csv"
    run("audit", "--write", sheet, "-C", workspace)
    run("audit", "--write", sheet, "-C", workspace, code=2)
    out, _ = run("audit", "--show", "-C", workspace)
    assert "nothing judged" in out
    assert "non_answer" in out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--reason", "nonsense"], "is not a reason that can be judged"),
        (["--write", "a.csv", "--csv", "b.csv"], "cannot be used together"),
        (["--csv", "missing.csv"], "cannot be read"),
    ],
)
def test_mistakes_are_said_in_one_sentence(run, workspace, arguments, said) -> None:
    _, err = run("audit", *arguments, "-C", workspace, code=2)
    assert said in err


@pytest.mark.parametrize("answer", ["99", "x", "-1", "1.5"])
def test_an_answer_that_is_none_is_named_with_its_line(run, workspace, tmp_path, answer) -> None:
    sheet = tmp_path / "sheet.csv"
    run("audit", "--write", sheet, "-C", workspace)
    fill(sheet, {"<nooutput>": answer})
    _, err = run("audit", "--csv", sheet, "-C", workspace, code=2)
    assert "is not an answer" in err
    assert "sheet.csv:" in err


def test_a_reason_that_drops_and_is_wrong_is_a_finding(run, tmp_path) -> None:
    lines = [json.dumps({"instruction": f"Draw chart {n}.", "output": "N/A"}) for n in range(90)]
    (tmp_path / "chats.jsonl").write_text("\n".join(lines), "utf-8")
    root, sheet = tmp_path / "w", tmp_path / "sheet.csv"
    run("init", root)
    run("ingest", tmp_path / "chats.jsonl", "-C", root)
    run("audit", "--write", sheet, "-n", 30, "-C", root)
    fill(sheet, {})
    run("audit", "--csv", sheet, "-C", root)
    _, err = run("audit", "--show", "--check", "-C", root, code=1)
    assert "non_answer" in err
