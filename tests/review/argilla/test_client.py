"""Against the real Argilla: push, answer, pull."""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from review.argilla.client import STOCK_TEXT_LIMIT, connect_argilla
from review.argilla.credentials import load_credentials
from review.argilla.pull import pull_responses
from review.argilla.push import push_sample
from review.sampling.frame import sampling_frames
from schemas.decision import Choice
from schemas.errors import MissingExtra, UserError
from schemas.record import Record, load_messages


@pytest.fixture
def server(argilla, argilla_root):
    with connect_argilla(argilla_root) as server:
        yield server


@pytest.fixture
def api(argilla, argilla_root):
    """Argilla's own interface, as the owner."""
    own = load_credentials(argilla_root)
    with httpx.Client(base_url=own.url, headers={"X-Argilla-Api-Key": own.api_key}) as client:
        yield client


def cards_on(api, workspace: str) -> dict[str, dict]:
    """External id to record, in the one dataset of a workspace."""
    spaces = api.get("/api/v1/me/workspaces").json()["items"]
    [space] = [known for known in spaces if known["name"] == workspace]
    datasets = api.get("/api/v1/me/datasets", params={"workspace_id": space["id"]}).json()
    [dataset] = datasets["items"]
    params = {"include": ["responses", "suggestions"], "limit": 1000}
    page = api.get(f"/api/v1/datasets/{dataset['id']}/records", params=params).json()
    return {record["external_id"]: record for record in page["items"]}


def sign_in(argilla, name: str) -> httpx.Client:
    account = {"username": name, "password": argilla.passwords[name]}
    given = httpx.post(f"{argilla.url}/api/v1/token", data=account).raise_for_status().json()
    headers = {"Authorization": f"Bearer {given['access_token']}"}
    return httpx.Client(base_url=argilla.url, headers=headers)


def submit(client: httpx.Client, record: dict, verdict: str, reply: str) -> None:
    values = {"verdict": {"value": verdict}, "reply": {"value": reply}}
    body = {"status": "submitted", "values": values}
    client.post(f"/api/v1/records/{record['id']}/responses", json=body).raise_for_status()


def test_pushing_twice_adds_nothing_and_keeps_what_was_answered(
    argilla, server, api, place, store, records, kept
) -> None:
    push_sample(store, kept(records), place, server)
    first = cards_on(api, place.workspace)
    assert sorted(first) == sorted(sampling_frames(store)[0].sample)
    with sign_in(argilla, "ada") as ada:
        submit(ada, next(iter(first.values())), "keep", "x")
    push_sample(store, kept(records), place, server)
    second = cards_on(api, place.workspace)
    assert {i: record["id"] for i, record in second.items()} == {
        i: record["id"] for i, record in first.items()
    }
    assert sum(len(record["responses"]) for record in second.values()) == 1
    assert all(record["metadata"]["domain"] == "sums" for record in second.values())
    assert {len(record["suggestions"]) for record in second.values()} == {1}


def test_what_reviewers_say_comes_back_under_their_names(
    argilla, server, api, place, store, records, kept
) -> None:
    push_sample(store, kept(records), place, server)
    cards = cards_on(api, place.workspace)
    first, second, *_ = cards
    better = "if a < b && b > c:\n\treturn '</script>' # &lt; שלום"
    before = datetime.now(UTC)
    with sign_in(argilla, "ada") as ada, sign_in(argilla, "grace") as grace:
        submit(ada, cards[first], "fix", better)
        submit(grace, cards[second], "reject", "x")
    report = pull_responses(store, place, server)
    assert (report.new, report.corrected) == ({Choice.fix: 1, Choice.reject: 1}, 1)
    decisions = {decision.record_id: decision for decision in store.decisions()}
    assert (decisions[first].reviewer, decisions[second].reviewer) == ("ada", "grace")
    assert before <= decisions[first].at <= datetime.now(UTC)
    child = store.records().filter(id=decisions[first].child_id).row(0, named=True)
    assert load_messages(child["messages"])[-1].text == better
    assert pull_responses(store, place, server).known == 2


def test_long_turns_are_taken_whole_by_our_own_server(
    server, api, place, store, records, kept
) -> None:
    turns = json.loads(records[0].messages_json)
    turns[0]["content"] = "x" * 3 * STOCK_TEXT_LIMIT
    long = Record(messages=turns, source="long.jsonl:1")
    assert push_sample(store, kept([long]), place, server).cut == ()
    shown = cards_on(api, place.workspace)[long.id]["fields"]["conversation"][0]["content"]
    assert shown == turns[0]["content"]


def test_a_dataset_that_was_left_half_made_is_made_anew(
    server, api, place, store, records, kept
) -> None:
    push_sample(store, kept(records), place, server)
    frame = sampling_frames(store)[0]
    spaces = api.get("/api/v1/me/workspaces").json()["items"]
    [space] = [known for known in spaces if known["name"] == place.workspace]
    listed = api.get("/api/v1/me/datasets", params={"workspace_id": space["id"]}).json()["items"]
    api.delete(f"/api/v1/datasets/{listed[0]['id']}").raise_for_status()
    draft = {"name": listed[0]["name"], "workspace_id": space["id"]}
    api.post("/api/v1/datasets", json=draft).raise_for_status()
    push_sample(store, kept(records), place, server)
    assert sorted(cards_on(api, place.workspace)) == sorted(frame.sample)


def test_a_reviewer_without_an_account_is_named(server, settings, argilla) -> None:
    with pytest.raises(UserError, match="'mallory' has no account on"):
        server.prepare("elsewhere", ("mallory",), "review-0001-0")


def refusal(root: Path) -> str:
    with pytest.raises(UserError) as caught, connect_argilla(root):
        pass
    return caught.value.message


def test_no_server_and_a_wrong_key_are_one_sentence_each(argilla, tmp_path, monkeypatch) -> None:
    assert "no Argilla server is known" in refusal(tmp_path)
    monkeypatch.setenv("ARGILLA_API_URL", argilla.url)
    assert "ARGILLA_API_KEY is not set" in refusal(tmp_path)
    monkeypatch.setenv("ARGILLA_API_KEY", "wrong")
    assert "does not accept the API key" in refusal(tmp_path)
    monkeypatch.setenv("ARGILLA_API_URL", "http://127.0.0.1:9")
    assert "no Argilla server answers" in refusal(tmp_path)


def test_a_key_that_is_no_owners_is_refused(argilla, tmp_path, monkeypatch) -> None:
    with sign_in(argilla, "ada") as ada:
        monkeypatch.setenv("ARGILLA_API_KEY", ada.get("/api/v1/me").json()["api_key"])
    monkeypatch.setenv("ARGILLA_API_URL", argilla.url)
    assert "'ada' is not an owner" in refusal(tmp_path)


def test_a_proxy_for_the_outside_is_not_asked_for_our_own_computer(
    argilla, argilla_root, monkeypatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    with connect_argilla(argilla_root) as server:
        assert server.responses("nowhere", "review-0001-0") == []


def test_sending_tells_its_progress_and_shows_nothing_else(
    server, place, store, records, kept, capsys
) -> None:
    def note(done: int, total: int | None = None, note: str = "") -> None:
        sys.stderr.write(f"{done}/{total};")

    push_sample(store, kept(records), place, server, progress=note)
    assert capsys.readouterr() == ("", "10/10;")


def test_without_the_sdk_the_extra_that_brings_it_is_named(
    argilla_root, argilla, monkeypatch
) -> None:
    monkeypatch.setitem(sys.modules, "argilla", None)
    with pytest.raises(MissingExtra) as caught, connect_argilla(argilla_root):
        pass
    assert "curate-chat[review]" in caught.value.remedy
