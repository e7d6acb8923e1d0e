import json
import subprocess
import sys
from pathlib import Path

import pytest

import curate


def test_it_says_what_is_in_a_file_and_writes_one_page(
    run, workspace: Path, chats: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = workspace / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    out, _ = run("check", chats)
    assert ["read", "4"] in [line.split()[:2] for line in out.splitlines()]
    assert ["kept", "2"] in [line.split()[:2] for line in out.splitlines()]
    assert "Short reply on 1 of 2 kept records" in out
    assert [path.name for path in here.iterdir()] == ["chats.jsonl.report.html"]
    page = (here / "chats.jsonl.report.html").read_text("utf-8")
    assert "curate check" in page
    assert 'id="training"' not in page


def test_the_json_is_the_books_of_the_file(run, chats: Path, tmp_path: Path) -> None:
    out, _ = run("check", chats, "--json", "-o", tmp_path / "page.html")
    found = json.loads(out)
    assert (found["books"]["read"], found["books"]["kept"]) == (4, 2)
    assert found["page"] == str(tmp_path / "page.html")
    assert found["checked"] == ["chats.jsonl"]


def test_a_file_among_good_ones_that_cannot_be_read_is_a_finding(
    run, chats: Path, tmp_path: Path
) -> None:
    bad = tmp_path / "bad.bin"
    bad.write_bytes(b"\0")
    out, err = run("check", chats, bad, "-o", tmp_path / "page.html", code=1)
    assert "A file could not be read" in out
    assert "bad.bin" in err


@pytest.mark.parametrize("text", ["", None])
def test_a_file_that_is_empty_or_missing_is_the_users_mistake(
    run, tmp_path: Path, text: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    if text is not None:
        (tmp_path / "chats.csv").write_text(text)
    _, err = run("check", tmp_path / "chats.csv", code=2)
    assert "chats.csv" in err
    assert not list(tmp_path.glob("*.html"))


def test_it_takes_no_torch_and_no_workspace(chats: Path, tmp_path: Path) -> None:
    script = (
        "import sys; sys.argv = ['curate', 'check', sys.argv[1]]\n"
        "from curate.cli import curate\n"
        "curate.main(standalone_mode=False)\n"
        "heavy = {'torch', 'transformers', 'faiss', 'sentence_transformers', 'argilla'}\n"
        "sys.exit(str(heavy & set(sys.modules)) if heavy & set(sys.modules) else 0)\n"
    )
    home = Path(curate.__file__).parents[1]
    done = subprocess.run(
        [sys.executable, "-c", script, str(chats)],
        cwd=tmp_path, env={"PYTHONPATH": str(home), "PATH": ""}, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert not (tmp_path / "curated").exists()


def test_standard_input_is_a_file_like_any_other(
    run, chats: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    with chats.open() as file:
        monkeypatch.setattr("sys.stdin", file)
        out, _ = run("check", "-")
    assert ["read", "4"] in [line.split()[:2] for line in out.splitlines()]
    assert [path.name for path in here.iterdir()] == ["stdin.report.html"]


def test_no_language_of_a_file_is_a_wrong_one(run, tmp_path: Path) -> None:
    chats = tmp_path / "chats.csv"
    answer = "Öffnen Sie Ihr Konto, wählen Sie die Bestellung und folgen Sie den drei Schritten."
    chats.write_text(f'question,answer\nWie gebe ich das Zelt zurück?,"{answer}"\n', "utf-8")
    books = json.loads(run("check", chats, "--json", "-o", tmp_path / "page.html")[0])["books"]
    assert (books["languages"], books["flagged"]) == ({"de": 1}, {})
