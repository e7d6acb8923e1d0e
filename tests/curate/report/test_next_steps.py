"""`curate status` always knows what to do next."""

from datetime import UTC, datetime
from pathlib import Path

from curate.report.next_steps import next_steps
from curate.workspace import Workspace
from schemas.decision import Choice, Decision


def commands(root: Path) -> list[str]:
    workspace = Workspace.at(root)
    steps = next_steps(workspace.store, workspace.settings, workspace.current())
    return [command for command, _ in steps]


def test_first_comes_reading(workspace: Path) -> None:
    assert commands(workspace) == ["curate ingest FILE…"]


def test_then_gaps_are_filled_people_asked_and_a_model_trained(
    run, workspace: Path, chats: Path
) -> None:
    run("ingest", chats, "-C", workspace)
    gap = "curate synth --domain support --language en --n 199"
    assert commands(workspace) == [gap, "curate review serve", "curate train"]

    at = datetime(2026, 1, 1, tzinfo=UTC)
    found = Workspace.at(workspace)
    said = Decision(record_id="x", reviewer="ada", choice=Choice.keep, at=at)
    found.store.append_decisions([said])
    with (workspace / "curate.toml").open("a") as file:
        file.write("[language]\nminimum = 1\n")
    assert commands(workspace) == ["curate train"]


def test_then_the_run_goes_on_is_exported_and_talked_to(run, workspace: Path, chats: Path) -> None:
    run("ingest", chats, "-C", workspace)
    folder = workspace / "runs" / "0001"
    folder.mkdir(parents=True)
    (folder / "config.json").write_text("{}")
    assert commands(workspace)[-1] == "curate train"
    (folder / "manifest.json").write_text("{}")
    assert commands(workspace)[-1] == "curate export --to gguf"
    (folder / "exports").mkdir()
    assert commands(workspace)[-1] == "curate chat"
