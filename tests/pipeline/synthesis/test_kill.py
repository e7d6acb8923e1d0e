import signal
import subprocess
import sys
import time
from pathlib import Path

from pipeline.llm.journal import Recv, Send, read_journal
from pipeline.store.store import Store
from pipeline.synthesis.job import synth_books, synthesize
from tests.pipeline.llm.loopback import Loopback
from tests.pipeline.synthesis.standin import TwinGate, settings_for

REPOSITORY = Path(__file__).parents[3]


def start(server: Loopback, workspace: Path, n: int, in_flight: int) -> subprocess.Popen:
    command = [sys.executable, "-m", "tests.pipeline.synthesis.standin"]
    arguments = [server.root, str(workspace), str(n), str(in_flight)]
    return subprocess.Popen([*command, *arguments], cwd=REPOSITORY, stderr=subprocess.DEVNULL)


def run_with_kills(workspace: Path, n: int, in_flight: int, kills: tuple[int, ...]) -> Loopback:
    """Kill -9 when the server has been asked so often, and start again."""
    with Loopback(latency_s=0.02, distinct=1000) as server:
        for requests in kills:
            process = start(server, workspace, n, in_flight)
            while len(server.order) < requests:
                assert process.poll() is None
                time.sleep(0.002)
            process.send_signal(signal.SIGKILL)
            process.wait()
        assert start(server, workspace, n, in_flight).wait(60) == 0
    return server


def asked_again(store: Store) -> list[int]:
    """Slots that were sent after their answer was in the journal."""
    answered: set[int] = set()
    again = []
    for path in store.synth_dir.glob("*.jsonl"):
        for entry in read_journal(path):
            if isinstance(entry, Send) and entry.slot in answered:
                again.append(entry.slot)
            if isinstance(entry, Recv):
                answered.add(entry.slot)
    return again


def test_three_kills_lose_no_answer_and_ask_for_none_again(tmp_path: Path) -> None:
    server = run_with_kills(tmp_path, 40, in_flight=8, kills=(8, 20, 31))
    store = Store(tmp_path)
    assert store.records().height == 40
    assert all(batch.repeated == 0 for batch in store.batches())
    assert asked_again(store) == []
    # Paid twice: at most what was out at each kill.
    assert sum(server.answered.values()) - len(server.answered) <= 3 * 8


def test_an_interrupt_records_what_was_accepted_at_once(tmp_path: Path) -> None:
    with Loopback(latency_s=0.02, distinct=1000) as server:
        process = start(server, tmp_path, 500, in_flight=4)
        while len(server.order) < 40:
            assert process.poll() is None
            time.sleep(0.002)
        process.send_signal(signal.SIGINT)
        assert process.wait(10) != 0
    recorded = Store(tmp_path).records().height
    assert 30 <= recorded == synth_books(Store(tmp_path))["accepted"] < 500


def test_with_one_in_flight_three_kills_change_nothing_in_the_result(tmp_path: Path) -> None:
    run_with_kills(tmp_path / "killed", 30, in_flight=1, kills=(7, 16, 23))
    killed, quiet = Store(tmp_path / "killed"), Store(tmp_path / "quiet")
    with Loopback(distinct=1000) as server:
        settings = settings_for(server.root, max_in_flight=1)
        synthesize(quiet, "support", 30, ("en",), settings, TwinGate(quiet).ask)
    assert killed.ids() == quiet.ids()
    assert len(killed.ids()) == 30
    assert asked_again(killed) == []
