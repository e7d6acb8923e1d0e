"""Commands say what happened, in words or as JSON, and end with the code that they should."""

import json
import os
import subprocess
import sys
from pathlib import Path

import click
import polars as pl
import pytest

import pipeline.ingest as reading
from curate.cli import COMMANDS, LazyGroup
from curate.cli import curate as front_door

HEAVY = ("polars", "pydantic", "torch", "argilla", "rich", "numpy", "schemas", "pipeline")
"""What a help must never import."""

LIGHT = frozenset({"click", "curate"})
"""All that a help may import beside the standard library."""


def imported_by(code: str) -> tuple[str, set[str]]:
    """What a piece of Python prints, and the top-level packages that it imports."""
    listing = "import sys; print(' '.join({name.split('.')[0] for name in sys.modules}))"
    whole = f"import sys\nbefore = set(sys.modules)\n{code}\n{listing}"
    done = subprocess.run([sys.executable, "-c", whole], capture_output=True, text=True, check=True)
    *output, names = done.stdout.splitlines()
    return "\n".join(output), set(names.split())


def own(names: set[str]) -> set[str]:
    """Those that are neither of the standard library nor there before anything is imported."""
    return names - set(sys.stdlib_module_names) - imported_by("")[1]


def test_importing_curate_costs_the_standard_library() -> None:
    assert own(imported_by("import curate")[1]) == {"curate"}


def test_the_list_of_commands_costs_click() -> None:
    code = "from curate.cli import main; sys.argv = ['curate', '--help']\n"
    printed, names = imported_by(f"{code}try: main()\nexcept SystemExit: pass")
    assert own(names) <= LIGHT
    assert all(name in printed for name in COMMANDS)


def commands() -> dict[str, click.Command]:
    """Every command by what a user types after `curate`, groups opened."""
    assert isinstance(front_door, LazyGroup)
    context = click.Context(front_door)
    found: dict[str, click.Command] = {}
    for name in COMMANDS:
        opened = front_door.get_command(context, name)
        assert opened is not None
        found[name] = opened
        if isinstance(opened, click.Group):
            found |= {f"{name} {inner}": c for inner, c in opened.commands.items()}
    return found


@pytest.mark.parametrize("name", commands())
def test_every_command_has_a_help_with_an_example_on_its_own_line(name: str, run) -> None:
    out, _ = run(*name.split(), "--help")
    example = out.split("Example:\n")[1]
    assert example.lstrip(" ").startswith("curate ")


def test_the_help_of_every_command_costs_click() -> None:
    """All in one process, so that it takes a second; the one that imports more is then named."""
    code = (
        "from curate.cli import curate\n"
        f"for words in {[name.split() for name in commands()]}:\n"
        "    try: curate.main([*words, '--help'], prog_name='curate')\n"
        "    except SystemExit: pass\n"
        f"    heavy = {{name.split('.')[0] for name in sys.modules}} & set({HEAVY})\n"
        "    assert not heavy, (words, heavy)\n"
    )
    assert own(imported_by(code)[1]) <= LIGHT


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_is_a_script_for_the_shell(run, shell: str) -> None:
    out, _ = run("completion", shell)
    assert "_CURATE_COMPLETE" in out
    assert f"{shell}_complete" in out


def test_commands_are_completed() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from curate.cli import main; main()"],
        env={
            **os.environ,
            "_CURATE_COMPLETE": "bash_complete",
            "COMP_WORDS": "curate in",
            "COMP_CWORD": "1",
        },
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["plain,init", "plain,ingest"]


def test_the_workspace_may_be_named_before_the_command_as_in_git(run, workspace, chats) -> None:
    run("-C", workspace, "ingest", chats)
    books = json.loads(run("-C", workspace, "status", "--json")[0])
    assert books["read"] == 4
    assert (
        json.loads(run("-C", workspace.parent, "status", "-C", workspace.name, "--json")[0])
        == books
    )
    assert json.loads(run("-C", "nowhere", "status", "-C", workspace, "--json")[0]) == books
    _, err = run("-C", "nowhere", "status", code=2)
    assert "curate init" in err


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_stands_in_the_readme(name: str) -> None:
    readme = Path(__file__).parents[2] / "README.md"
    assert f"curate {name}" in readme.read_text("utf-8")


# -- exit codes ----------------------------------------------------------------------------------


def test_a_new_workspace_is_made_once(run, tmp_path: Path) -> None:
    folder = tmp_path / "my-bot"
    out, _ = run("init", folder, "--language", "en", "--language", "th")
    assert "curate ingest" in out
    assert 'targets = ["en", "th"]' in (folder / "curate.toml").read_text("utf-8")
    _, err = run("init", folder, code=2)
    assert "exists already" in err
    run("status", "-C", folder)


def test_rows_that_are_refused_or_dropped_are_no_failure(run, workspace, chats) -> None:
    out, err = run("ingest", chats, "-C", workspace)
    assert "Read 4 rows from 1 file: 2 new records." in out
    assert "records/0001-ingest.rejected.jsonl" in err
    assert ["kept", "1"] in [line.split()[:2] for line in out.splitlines()]
    again, _ = run("ingest", chats, "-C", workspace)
    assert "already ingested (same contents)" in again
    assert "No new file to read." in again


def test_a_bad_file_among_good_ones_is_a_finding(run, workspace, chats) -> None:
    bad = workspace / "bad.bin"
    bad.write_bytes(b"\0")
    out, err = run("ingest", bad, chats, "-C", workspace, code=1)
    assert "2 new records" in out
    assert "binary" in err


def test_a_check_below_the_alarm_is_a_finding(run, workspace, chats) -> None:
    run("ingest", chats, "-C", workspace)
    run("status", "-C", workspace)
    _, err = run("status", "--check", "-C", workspace, code=1)
    assert "too few records in en" in err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["frobnicate"], "No such command"),
        (["status", "--colour"], "No such option"),
        (["ingest"], "Missing argument"),
        (["status", "-C", "nowhere"], "curate init"),
        (["ingest", "gone.jsonl"], "gone.jsonl does not exist"),
        (["explain"], "no record and no reason is named"),
        (["explain", "--reason", "boredom"], "there is no reason 'boredom'"),
        (["explain", "ffff"], "no record's id begins with 'ffff'"),
    ],
)
def test_a_mistake_of_the_user_is_2_without_a_traceback(
    run, workspace, monkeypatch: pytest.MonkeyPatch, arguments: list[str], said: str
) -> None:
    monkeypatch.chdir(workspace)
    out, err = run(*arguments, code=2)
    assert said in err
    assert "Traceback" not in err
    assert out == ""


def raising(error: BaseException):
    def read(*_: object) -> None:
        raise error

    return read


def test_our_own_mistake_is_said_in_a_sentence_and_traced_on_request(
    run, workspace, chats, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "ingest_files", raising(RuntimeError("oh\nno")))
    _, err = run("ingest", chats, "-C", workspace, code=2)
    assert "this is an error in curate: RuntimeError: oh" in err
    assert "Traceback" not in err
    _, err = run("--debug", "ingest", chats, "-C", workspace, code=2)
    assert "Traceback" in err


def test_a_full_disk_is_the_users_to_mend(
    run, workspace, chats, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrapped = pl.exceptions.ComputeError("IO error: No space left on device (os error 28)")
    for error in (OSError(28, "No space left on device", "x"), wrapped):
        monkeypatch.setattr(reading, "ingest_files", raising(error))
        _, err = run("ingest", chats, "-C", workspace, code=2)
        assert "the disk is full" in err
        assert "curate itself" not in err
    monkeypatch.setattr(reading, "ingest_files", raising(OSError(13, "Permission denied", "x")))
    _, err = run("ingest", chats, "-C", workspace, code=2)
    assert "Permission denied: x" in err


def test_an_interruption_is_130_and_says_how_to_go_on(
    run, workspace, chats, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "ingest_files", raising(KeyboardInterrupt()))
    _, err = run("ingest", chats, "-C", workspace, code=130)
    assert "run the same command again" in err


# -- JSON ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [
        ["ingest", "chats.jsonl"],
        ["status"],
        ["status", "--check"],
        ["explain", "--reason", "short_reply"],
        ["review", "status"],
        ["synth", "--domain", "support", "--n", "3", "--dry-run"],
    ],
    ids=" ".join,
)
def test_json_is_one_object_and_nothing_else(
    run, workspace, chats, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    monkeypatch.chdir(workspace)
    out, _ = run(*arguments, "--json", code=int("--check" in arguments))
    assert isinstance(json.loads(out), dict)


def test_the_books_as_json_balance(run, workspace, chats) -> None:
    run("ingest", chats, "-C", workspace)
    out, _ = run("status", "--json", "-C", workspace)
    books = json.loads(out)
    assert books["read"] == 4 == books["rejected"] + books["repeated"] + books["records"]
    assert books["records"] == books["kept"] + sum(books["dropped"].values())
    assert books["dropped"] == {"short_reply": 1}
    assert books["flagged"] == {"label_conflict": 1}
    assert books["languages"] == {"en": 1}
    assert books["next"][-1] == "curate train"


def test_status_in_words_names_gaps_alarms_and_the_next_command(run, workspace, chats) -> None:
    out, _ = run("status", "-C", workspace)
    assert "next: curate ingest FILE…" in out
    run("ingest", chats, "-C", workspace)
    out, _ = run("status", "-C", workspace)
    assert "needs 199" in out
    assert "below 150" in out
    assert "next: curate synth" in out
