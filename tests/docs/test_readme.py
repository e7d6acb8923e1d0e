"""What README shows is what happens: its shell and its Python run on the bundled example."""

import re
import shlex
import shutil
import sys
from pathlib import Path

import pytest

import curate
from curate.cli import main

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")

NOT_RUN = ("curate train",)
"""A model takes minutes; `make demo` trains one."""


def block(language: str) -> str:
    """The first block of README in a language."""
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)[0]


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that looks like a clone, as far as README's lines look at it."""
    example = tmp_path / "curate" / "example"
    example.mkdir(parents=True)
    shutil.copy(ROOT / "curate" / "example" / "chats.jsonl", example)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    return tmp_path


def agrees(shown: list[str], printed: list[str]) -> bool:
    """Whether the printed lines are those that are shown; `…` stands for any lines, or any rest."""
    if not shown:
        return not printed
    if shown[0].strip() == "…":
        return any(agrees(shown[1:], printed[skipped:]) for skipped in range(len(printed) + 1))
    if not printed:
        return False
    start, _, cut = shown[0].partition("…")
    same = printed[0].startswith(start) if cut or "…" in shown[0] else printed[0] == start
    return same and agrees(shown[1:], printed[1:])


def steps() -> list[tuple[str, list[str]]]:
    """Each command of README's shell with the lines that are shown below it."""
    parts = block("console").split("$ ")[1:]
    lines = [part.rstrip("\n").split("\n") for part in parts]
    return [(first.partition("  #")[0].strip(), shown) for first, *shown in lines]


def test_the_shell_prints_what_is_shown(
    clone: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ran = 0
    for command, shown in steps():
        if command in NOT_RUN:
            continue
        for part in command.split(" && "):
            words = shlex.split(part)
            if words[0] == "cd":
                monkeypatch.chdir(words[1])
                continue
            monkeypatch.setattr(sys, "argv", words)
            with pytest.raises(SystemExit) as ended:
                main()
            assert ended.value.code == 0
            ran += 1
        printed = [line for line in capsys.readouterr().out.rstrip("\n").split("\n") if line]
        if shown:
            assert agrees([line for line in shown if line], printed), (command, printed)
    assert ran == 5


def test_the_python_runs(clone: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = block("python")
    names: dict[str, object] = {}
    exec(compile(code, "README.md", "exec"), names)
    question = "Is there a trade-in offer for broken camp chairs in this month?"
    assert capsys.readouterr().out == f"179 {[question]}\n"
    assert names["dataset"].num_rows == 179  # type: ignore[attr-defined]
    assert (clone / "report.html").is_file()
    assert len(code.strip().splitlines()) == 8  # an import, a blank line, six lines


def test_every_name_that_the_readme_calls_exists() -> None:
    called = set(re.findall(r"curate\.(\w+)\(", README))
    assert called
    assert called <= set(curate.__all__)


def test_every_file_that_the_readme_links_exists() -> None:
    links = [link.split("#")[0] for link in re.findall(r"\]\(([^)]+)\)", README)]
    assert [link for link in links if not (ROOT / link).exists()] == []
