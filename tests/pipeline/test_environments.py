"""Environments are made once, whole, and made anew when they are not."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from pipeline import environments
from pipeline.environments import environment
from schemas.errors import UserError


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CURATE_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def requirement(tmp_path: Path) -> str:
    """A wheel of one module, so that no network is needed."""
    wheel = tmp_path / "greeting-1.0-py3-none-any.whl"
    info = "greeting-1.0.dist-info"
    with zipfile.ZipFile(wheel, "w") as file:
        file.writestr("greeting.py", "WORD = 'hello'\n")
        file.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: greeting\nVersion: 1.0\n")
        tag = "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        file.writestr(f"{info}/WHEEL", tag)
        file.writestr(f"{info}/RECORD", "")
    return str(wheel)


def says(python: Path) -> str:
    code = "import greeting; print(greeting.WORD)"
    run = subprocess.run([python, "-c", code], capture_output=True, text=True, check=True)
    return run.stdout.strip()


def test_it_holds_what_was_required_and_is_made_only_once(cache: Path, requirement: str) -> None:
    steps: list[str] = []

    def note(done: int, total: int | None = None, note: str = "") -> None:
        steps.append(note)

    python = environment("greeter", (requirement,), note)
    assert says(python) == "hello"
    assert steps
    steps.clear()
    assert environment("greeter", (requirement,), note) == python
    assert steps == []


def test_a_half_made_one_is_made_anew(cache: Path, requirement: str) -> None:
    python = environment("greeter", (requirement,))
    folder = python.parent.parent
    (folder / "ready.json").unlink()
    (folder / "torn").write_text("left by a kill")
    assert says(environment("greeter", (requirement,))) == "hello"
    assert not (folder / "torn").exists()


def test_a_package_that_cannot_be_had_is_one_sentence_and_leaves_nothing_ready(
    cache: Path, tmp_path: Path
) -> None:
    with pytest.raises(UserError, match="environment for greeter could not be made") as caught:
        environment("greeter", (str(tmp_path / "absent-1.0-py3-none-any.whl"),))
    assert "package index" in caught.value.remedy
    assert not list(cache.rglob("ready.json"))


def test_a_python_that_is_too_new_and_alone_is_said_so(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(environments, "NEWEST_PYTHON", (3, 10))
    with pytest.raises(UserError, match=r"needs Python 3\.11 to 3\.13") as caught:
        environment("greeter", ())
    assert sys.version.split()[0] in caught.value.message
