"""The review server refuses what could not work, and serves the real Argilla on this computer."""

import json
import socket
import subprocess
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from pipeline.environments import environment
from review.argilla.credentials import load_credentials
from review.argilla.serve import SERVER_REQUIREMENTS, START_FILE, serve_argilla
from review.settings import ReviewSettings
from schemas.errors import UserError

CONTRACT = """
import inspect, json, os, sys
os.environ["ARGILLA_HOME_PATH"] = sys.argv[2]
sys.path.insert(0, sys.argv[1])
import engine
from argilla_server.bulk import records_bulk
from argilla_server.jobs import dataset_jobs, queues, webhook_jobs
from argilla_server.models import database
from argilla_server.search_engine import base
print(json.dumps({
    "unanswered": sorted(engine.LocalSearchEngine.__abstractmethods__),
    "ours": sorted(
        name for name, value in vars(engine.LocalSearchEngine).items()
        if callable(getattr(engine.LocalSearchEngine, name)) and not name.startswith("_")
    ),
    "known": sorted(name for name in vars(base.SearchEngine) if not name.startswith("_")),
    "patched": [
        callable(queues.REDIS_CONNECTION.ping),
        callable(dataset_jobs.update_dataset_records_status_job.delay),
        callable(webhook_jobs.notify_event_job.delay),
        callable(database.TypeAdapter),
        inspect.iscoroutinefunction(records_bulk.notify_record_event_v1),
    ],
}))
"""


def test_the_server_still_asks_what_we_answer_and_has_the_names_that_we_patch(
    tmp_path,
) -> None:
    python = environment("argilla", SERVER_REQUIREMENTS)
    command = [str(python), "-c", CONTRACT, str(START_FILE.parent), str(tmp_path)]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    contract = json.loads(run.stdout.splitlines()[-1])
    assert contract["unanswered"] == []
    assert set(contract["ours"]) <= set(contract["known"])
    assert contract["patched"] == [True] * 5


def test_a_server_that_is_there_already_is_not_doubled(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("ARGILLA_API_URL", "http://example.org")
    with (
        pytest.raises(UserError, match=r"there already: http://example\.org"),
        serve_argilla(tmp_path, ReviewSettings()),
    ):
        pass


def test_a_taken_port_is_said_at_once(tmp_path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with (
            pytest.raises(UserError, match=f"port {port} of this computer is in use"),
            serve_argilla(tmp_path, ReviewSettings(port=port)),
        ):
            pass


def test_two_servers_never_share_a_database(argilla, argilla_root) -> None:
    with (
        pytest.raises(UserError, match=f"runs already, at {argilla.url}"),
        serve_argilla(argilla_root, ReviewSettings(port=1)),
    ):
        pass


def test_only_this_computer_can_reach_it(argilla) -> None:
    port = int(argilla.url.rpartition(":")[2])
    # All of 127/8 is this computer on Linux; a server bound to 0.0.0.0 would answer here.
    with pytest.raises(ConnectionRefusedError), socket.create_connection(("127.0.0.2", port), 5):
        pass


def test_well_known_accounts_do_not_exist(argilla) -> None:
    request = urllib.request.Request(
        f"{argilla.url}/api/v1/me", headers={"X-Argilla-Api-Key": "argilla.apikey"}
    )
    with pytest.raises(urllib.error.HTTPError, match="401"):
        urllib.request.urlopen(request)


def test_no_secret_stands_in_the_log(argilla, argilla_root: Path) -> None:
    own = load_credentials(argilla_root)
    assert own is not None
    log = argilla.log.read_text("utf-8")
    assert "Uvicorn running" in log
    for secret in (own.api_key, own.secret_key, *own.passwords.values()):
        assert secret not in log


def test_a_server_that_cannot_start_is_one_sentence_with_its_last_words(
    tmp_path, free_port, monkeypatch
) -> None:
    broken = tmp_path / "start.py"
    broken.write_text("raise SystemExit('the database is from the future')")
    monkeypatch.setattr("review.argilla.serve.START_FILE", broken)
    with (
        pytest.raises(UserError, match="ended: the database is from the future") as caught,
        serve_argilla(tmp_path, ReviewSettings(port=free_port)),
    ):
        pass
    assert str(Path(".argilla") / "server.log") in caught.value.remedy


def test_the_server_ends_with_whoever_started_it(tmp_path, free_port) -> None:
    """A command that is killed outright must leave no server behind."""
    with serve_argilla(tmp_path, ReviewSettings(port=free_port)) as running:
        assert running.process.stdin is not None
        running.process.stdin.close()
        assert running.process.wait(30) == 0
