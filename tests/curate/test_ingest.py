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


LOST = {"question": "Where is it?", "answer": "In Ulm.", "note": "Ask the driver where he left it."}


def test_columns_that_are_in_no_record_are_named_by_every_command(
    run, workspace, tmp_path, monkeypatch
) -> None:
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "chats.jsonl"
    file.write_text("".join(json.dumps(LOST | {"id": n}) + "\n" for n in range(3)), "utf-8")
    dry, _ = run("ingest", file, "--dry-run", "-C", workspace)
    assert "left out: note (3 rows)" in dry
    out, _ = run("ingest", file, "-C", workspace)
    assert "left out: note (3 rows)" in out
    checked, _ = run("check", file)
    assert "The column note of" in checked
    assert "no findings" not in checked
    reported, _ = run("report", "-C", workspace)
    assert "The column note of" in reported


def test_a_file_of_which_nothing_can_be_read_is_a_finding_with_the_reason(
    run, workspace, tmp_path
) -> None:
    file = tmp_path / "chats.jsonl"
    file.write_text('{"Anliegen": "Wo ist mein Paket heute?", "Befund": "Es ist in Ulm."}\n' * 2)
    _, err = run("ingest", file, "-C", workspace, code=1)
    assert "has Anliegen, Befund" in err
    assert "name its columns with --map" in err
    out, _ = run("ingest", file, "--map", "user=Anliegen,assistant=Befund", "-C", workspace)
    assert "1 new record" in out
    again, _ = run("ingest", file, "--map", "user=Anliegen,assistant=Befund", "-C", workspace)
    assert "already ingested" in again


def test_a_file_that_was_read_whole_is_not_read_again_for_a_mapping(
    run, workspace, tmp_path
) -> None:
    file = tmp_path / "chats.jsonl"
    file.write_text(json.dumps({"question": "Where is it?", "answer": "In Ulm."}))
    run("ingest", file, "-C", workspace)
    out, _ = run("ingest", file, "--map", "user=answer,assistant=question", "-C", workspace)
    assert "to read it differently, undo its batch first" in out


def test_personal_data_is_named_with_the_line_that_masks_it(run, workspace, tmp_path) -> None:
    file = tmp_path / "chats.jsonl"
    answer = "Please write to mara.lindqvist@lindqvist-pottery.se, who answers all such questions."
    row = {"question": "Whom can I ask about it?", "answer": answer, "thinking": "Mara knows."}
    file.write_text(json.dumps(row))
    run("ingest", file, "-C", workspace)
    for command in ("status", "report"):
        out, _ = run(command, "-C", workspace)
        assert "hold personal data" in out
        assert '[personal_data] action = "mask"' in out
    page = (workspace / "curated" / "report.html").read_text("utf-8")
    assert "Mara knows." in page, "thoughts stand beside the reply"


TALK = """\
03.05.24, 10:12 - Mara: How do I return a tent that I bought last week?
03.05.24, 10:13 - Ton: Open your account, choose the order, and follow the three steps there.
"""


def test_a_chat_of_people_is_refused_with_its_speakers_and_read_once_one_is_named(
    run, workspace, tmp_path
) -> None:
    file = tmp_path / "_chat.txt"
    file.write_text(TALK, "utf-8")
    _, err = run("ingest", file, "-C", workspace, code=1)
    assert "is a chat of Mara (1 message) and Ton (1 message)" in err
    assert "--me NAME" in err
    assert "tent" not in err
    _, err = run("ingest", file, "--me", "Jo", "-C", workspace, code=2)
    assert "nobody in these chats is called 'Jo'" in err
    assert "Mara (1 message)" in err
    dry, _ = run("ingest", file, "--me", "ton", "--dry-run", "-C", workspace)
    assert "assistant: Open your account" in dry
    out, _ = run("ingest", file, "--me", "ton", "-C", workspace)
    assert "1 new record" in out
    file.write_text(f"{TALK}05.05.24, 09:00 - Mara: Is anybody there?\n", "utf-8")
    _, err = run("ingest", file, "--me", "ton", "-C", workspace)
    assert "the assistant gives no reply here" in err
    again, _ = run("ingest", file, "--me", "ton", "-C", workspace)
    assert "already ingested" in again
