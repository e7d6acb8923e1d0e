import json
from pathlib import Path

import pytest

from curate.commands import report as command


def test_the_page_is_written_beside_what_it_is_about(run, workspace: Path, chats: Path) -> None:
    run("ingest", chats, "-C", workspace)
    out, _ = run("report", "-C", workspace)
    page = workspace / "curated" / "report.html"
    assert page.read_text("utf-8").startswith("<!doctype html>")
    assert "below the alarm at 150" in out
    assert f"Wrote {page}" in out
    _, err = run("status", "-C", workspace)
    assert err == ""


def test_the_json_equals_the_books(run, workspace: Path, chats: Path) -> None:
    run("ingest", chats, "-C", workspace)
    books = json.loads(run("status", "--json", "-C", workspace)[0])
    facts = json.loads(run("report", "--json", "-C", workspace)[0])
    assert facts["books"] == {name: books[name] for name in facts["books"]}
    assert Path(facts["page"]).is_file()
    assert facts["findings"]


def test_it_goes_where_it_is_told_and_shows_no_text(run, workspace: Path, chats: Path) -> None:
    run("ingest", chats, "-C", workspace)
    page = workspace / "out" / "board.html"
    run("report", "-C", workspace, "-o", page, "--no-examples")
    assert "kayak" not in page.read_text("utf-8")
    assert not (workspace / "curated" / "report.html").exists()
    run("report", "-C", workspace, "-o", page)
    assert "kayak" in page.read_text("utf-8")


def test_it_opens_the_page_when_asked(
    run, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(command.click, "launch", opened.append)
    run("report", "--open", "-C", workspace)
    assert opened == [str((workspace / "curated" / "report.html").resolve())]
