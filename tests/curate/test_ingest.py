"""What the command line says of files, before and while they are read."""

import json

import pytest


def test_a_dry_run_shows_what_would_be_read_and_writes_nothing(run, workspace, chats) -> None:
    before = sorted(workspace.rglob("*"))
    out, _ = run("ingest", chats, "--dry-run", "-C", workspace)
    assert "JSON Lines" in out
    assert "user:" in out
    assert "Nothing was written." in out
    said, _ = run("ingest", chats, "--dry-run", "--json", "-C", workspace)
    assert json.loads(said)["files"][0]["records"]
    assert sorted(workspace.rglob("*")) == before


@pytest.mark.parametrize("mapping", ["user", "user=", "user=a,assistent=b", "user=a"])
def test_a_mapping_that_makes_no_sense_is_a_mistake_of_the_user(
    run, workspace, chats, mapping
) -> None:
    _, err = run("ingest", chats, "--map", mapping, "-C", workspace, code=2)
    assert "--map" in err
