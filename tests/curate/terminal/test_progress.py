"""Long work shows a bar on a terminal and a line now and then elsewhere, never on the output."""

import pytest

from curate.terminal import progress
from curate.terminal.progress import showing


def test_short_work_shows_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with showing("reading") as tell:
        tell(1, 2, "a.jsonl")
    assert capsys.readouterr() == ("", "")


def test_long_work_without_a_terminal_is_a_line_on_the_error_stream(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "EVERY_S", -1)
    with showing("reading") as tell:
        tell(1000, 20000, "a.jsonl")
        tell(2000)
    lines = "reading: 1,000 of 20,000 a.jsonl\nreading: 2,000\n"
    assert capsys.readouterr() == ("", lines)


def test_long_work_on_a_terminal_is_a_bar_on_the_error_stream(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    monkeypatch.setattr(progress, "AFTER_S", -1)
    with showing("reading") as tell:
        tell(1, 2, "a.jsonl")
    out, err = capsys.readouterr()
    assert "reading" in err
    assert "1/2" in err
    assert out == ""
