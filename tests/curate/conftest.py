"""The command line, run in this process as `curate` runs it."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from curate.cli import main

SETTINGS = """\
[tokens]
tokenizer = "rules"
[short_reply]
exempt = "none"
[near_duplicate]
enabled = false
[embedding]
languages = []
"""

ANSWER = "Open your account, choose the order, and follow the three steps that you find there."
CHATS = f"""\
{{"question": "How do I return a tent?", "answer": "{ANSWER}", "domain": "support"}}
{{"question": "How do I return a kayak?", "answer": "ok"}}
{{"text": "no conversation"}}
{{"question": "How do I return a tent?", "answer": "{ANSWER}", "domain": "returns"}}
"""


@pytest.fixture
def run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[str, str]]:
    """Runs `curate ARGS…`, expects its exit code, and gives what it printed: output and errors."""
    monkeypatch.setenv("TOKENIZERS_PARALLELISM", "false")

    def call(*arguments: object, code: int = 0) -> tuple[str, str]:
        monkeypatch.setattr(sys, "argv", ["curate", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capsys.readouterr()
        assert ended.value.code == code, err
        return out, err

    return call


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A workspace that needs no model, in which nothing was read."""
    (tmp_path / "curate.toml").write_text(SETTINGS)
    return tmp_path


@pytest.fixture
def chats(tmp_path: Path) -> Path:
    """Four rows: a record, a short one, one that is refused, a repeat with another label."""
    file = tmp_path / "chats.jsonl"
    file.write_text(CHATS)
    return file
