"""What is printed is text: nothing in data speaks to the terminal, our own styles do."""

import json
from collections.abc import Callable

import pytest
from rich.progress import Progress
from rich.text import Text

from curate.terminal.output import console, say, say_error, say_json
from schemas.errors import UserError

EVIL = "a\x1b[2Jb\x1b]0;c\x07d\x9b7me\x7ff\x00g\rh"


@pytest.mark.parametrize(
    "tell",
    [
        lambda: say(EVIL),
        lambda: console().print("  ", Text(EVIL), sep=""),
        lambda: say_error(UserError(EVIL, EVIL)),
    ],
)
def test_control_characters_are_never_printed(
    capsys: pytest.CaptureFixture[str], tell: Callable[[], None]
) -> None:
    tell()
    printed = "".join(capsys.readouterr())
    assert "a\ufffd[2Jb\ufffd]0;c" in printed
    assert "d\ufffd7me\ufffdf\ufffdg" in printed
    assert [one for one in printed if not one.isprintable() and one != "\n"] == []


def test_newlines_tabs_and_our_styles_stay(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    say("one\n\ttwo\x1b", style="bold")
    assert capsys.readouterr().out.startswith("\x1b[1mone")
    console().print("one\ttwo ümlaut 好 ⏎")
    assert "two ümlaut 好 ⏎" in capsys.readouterr().out


def test_a_bar_still_moves_the_cursor(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    with Progress(console=console(), transient=True) as bars:
        bars.add_task("x\x1byz", total=1)
    printed = capsys.readouterr().out
    assert "\x1b[2K" in printed
    assert "x\ufffdy" in printed


def test_json_is_the_same_value_without_them(capsys: pytest.CaptureFixture[str]) -> None:
    say_json({"text": EVIL + "\n好"})
    printed = capsys.readouterr().out
    assert json.loads(printed) == {"text": EVIL + "\n好"}
    assert [one for one in printed if not one.isprintable() and one != "\n"] == []
