"""A record's life can be told from the beginning of its id."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from curate.workspace import Workspace
from pipeline.curation.splits import SplitSettings, reserve
from pipeline.store.store import Store
from schemas.decision import Choice, Decision
from schemas.message import Message
from schemas.reasons import Reason, Rejection
from schemas.record import Origin, Record


@pytest.fixture
def ids(run, workspace: Path, chats: Path) -> dict[str, str]:
    """Id of the kept and of the dropped record."""
    run("ingest", chats, "-C", workspace)
    records = Store(workspace).records()
    places = [Path(source).name for source in records["source"]]
    return dict(zip(places, records["id"], strict=True))


def test_it_tells_where_from_what_was_said_and_what_became_of_it(
    run, workspace: Path, chats: Path, ids: dict[str, str]
) -> None:
    out, _ = run("explain", ids["chats.jsonl:1"][:12], "-C", workspace)
    assert "How do I return a tent?" in out
    assert f"seen at {chats}:1 (human), domain support" in out
    assert f"seen at {chats}:4 (human), domain returns" in out
    assert "flagged by label_conflict: label conflict (2)" in out
    assert "· kept" in out


def test_a_drop_is_told_with_what_was_measured(run, workspace: Path, ids) -> None:
    out, _ = run("explain", ids["chats.jsonl:2"].upper(), "-C", workspace, "--json")
    told = json.loads(out)
    assert told["id"] == ids["chats.jsonl:2"]
    assert told["messages"][1] == {"role": "assistant", "content": "ok"}
    assert "dropped by short_reply: short reply (1)" in told["life"]
    assert "kept" not in told["life"]


def test_a_decision_and_a_held_out_place_are_told(run, workspace: Path, ids) -> None:
    store = Store(workspace)
    id = ids["chats.jsonl:2"]
    said = Decision(
        record_id=id, reviewer="ada", choice=Choice.reject, wrong=("tone",), note="too curt",
        at=datetime(2026, 1, 1, tzinfo=UTC),
    )  # fmt: skip
    store.append_decisions([said])
    out, _ = run("explain", id, "-C", workspace)
    assert "reviewed by ada: reject (tone), “too curt”" in out
    assert "dropped by review: rejected by reviewer" in out


def test_a_beginning_that_several_share_is_not_enough(run, workspace: Path, ids) -> None:
    _, err = run("explain", "", "-C", workspace, code=2)
    assert "2 ids begin with ''" in err
    assert "give more of the id" in err


def test_what_a_run_did_with_it_is_told(run, workspace: Path, ids) -> None:
    kept, dropped = ids["chats.jsonl:1"], ids["chats.jsonl:2"]
    folder = workspace / "runs" / "0001"
    folder.mkdir(parents=True)
    (folder / "config.json").write_text("{}")
    splits = {"trained": [kept], "held_out": [], "dropped": {dropped: "too_long"}}
    (folder / "splits.json").write_text(json.dumps(splits))
    assert "run 0001: trained on (not finished)" in run("explain", kept, "-C", workspace)[0]
    (folder / "manifest.json").write_text("{}")
    assert "run 0001: trained on\n" in run("explain", kept, "-C", workspace)[0]
    assert "run 0001: left out: too long" in run("explain", dropped, "-C", workspace)[0]


def test_what_a_generated_record_was_made_from_is_told(run, workspace: Path, ids) -> None:
    parent = ids["chats.jsonl:1"]
    made = Record(
        messages=(Message(role="user", content="a?"), Message(role="assistant", content="b")),
        source="job-1:7", origin=Origin.synthetic, parents=(parent,), meta={"model": "m", "x": 0},
    )  # fmt: skip
    with Store(workspace).open_batch("synth") as batch:
        batch.add(made)
    out, _ = run("explain", made.id, "-C", workspace)
    assert "seen at job-1:7 (synthetic)" in out
    assert f"made from `{parent[:12]}`" in out
    assert "details: model m" in out


@pytest.mark.parametrize("reason", [*Reason, *Rejection])
def test_every_reason_is_explained_outside_of_any_workspace(run, reason, tmp_path: Path) -> None:
    out, _ = run("explain", "--reason", reason.value)
    assert out.startswith(f"{reason.value}: {reason.manual[:20]}")


def test_a_held_out_record_is_said_to_be_one(run, workspace: Path, ids) -> None:
    found = Workspace.at(workspace)
    curation = found.settings.curation
    kept = found.current().kept
    [held_out] = reserve(found.store, kept, curation, SplitSettings(held_out=0.9))
    out, _ = run("explain", held_out, "-C", workspace)
    assert "held out: models are measured on it, and never trained" in out


def test_a_pair_is_shown_with_its_differing_words_and_what_parts_it(run, tmp_path: Path) -> None:
    answer = "Open your account, choose the order, and follow the three steps that you find there."
    asked = ["How do I return a tent within 14 days?", "How do I return a tent within 30 days?"]
    asked.append("How do I return a tent within 14 days, please?")
    rows = [json.dumps({"question": question, "answer": answer}) for question in asked]
    (tmp_path / "chats.jsonl").write_text("\n".join(rows), "utf-8")
    run("init", tmp_path / "bot")
    run("ingest", tmp_path / "chats.jsonl", "-C", tmp_path / "bot")
    out, _ = run("explain", "--drop", "guarded_pair", "-C", tmp_path / "bot")
    assert "this question:   How do I return a tent within [" in out
    assert "they differ in:  number: " in out
    out, _ = run("explain", "--drop", "near_duplicate", "-C", tmp_path / "bot")
    assert "[, please]" in out


@pytest.mark.parametrize("count", [0, -3])
def test_a_number_of_records_that_is_none_is_refused(run, workspace: Path, count: int) -> None:
    _, err = run("explain", "-C", workspace, "--drop", "short_reply", "-n", count, code=2)
    assert "Invalid value for '-n'" in err


def test_many_records_cost_one_reading(
    run, workspace: Path, ids, monkeypatch: pytest.MonkeyPatch
) -> None:
    from curate.report.life import Lives

    found = Workspace.at(workspace)
    lives = Lives(found.store, found.current())
    read: list[str] = []
    for name in ("records", "sightings", "decisions"):
        whole = getattr(Store, name)
        monkeypatch.setattr(
            Store, name, lambda store, name=name, whole=whole: read.append(name) or whole(store)
        )
    for _ in range(50):
        assert all(lives.of(lives.find(id)).events for id in ids.values())
    # Records read the sightings once more, for the labels that were given.
    assert sorted(read) == ["decisions", "records", "sightings", "sightings"]
