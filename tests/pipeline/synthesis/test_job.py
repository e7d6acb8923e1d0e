import json
from pathlib import Path

import pytest

from pipeline.llm.journal import Commit, Recv, Send, read_journal
from pipeline.llm.ledger import Ledger
from pipeline.store.store import Store
from pipeline.synthesis.job import preview, synth_books, synthesize
from pipeline.synthesis.report import SynthReport
from schemas.errors import UserError
from schemas.record import load_messages
from tests.pipeline.llm.loopback import FAULTS, Loopback
from tests.pipeline.synthesis.standin import TwinGate, settings_for


def run(server: Loopback, store: Store, n: int, **changes: object) -> SynthReport:
    settings = settings_for(server.root, **changes)
    return synthesize(store, "support", n, ("en",), settings, TwinGate(store).ask)


def journal(store: Store) -> list:
    return [entry for path in store.synth_dir.glob("*.jsonl") for entry in read_journal(path)]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)


@pytest.mark.parametrize("provider", ["openai", "anthropic"])
def test_exactly_n_are_accepted_and_recorded_whatever_goes_wrong(
    store: Store, provider: str
) -> None:
    with Loopback(seed=3, faults=FAULTS) as server:
        report = run(server, store, 60, provider=provider)
    assert report.accepted == report.asked == 60
    assert report.stopped_because is None
    assert [batch.records for batch in store.batches()] == [60]
    assert store.records().height == 60
    assert synth_books(store)["accepted"] == 60


def test_a_record_says_where_it_came_from(store: Store) -> None:
    with Loopback() as server:
        report = run(server, store, 3)
        sent = {body["messages"][0]["content"] for body in server.bodies}
    row = store.records().row(0, named=True)
    sighting = store.sightings().filter(id=row["id"]).row(0, named=True)
    assert sighting["source"].startswith(f"synth/{report.job}:")
    assert (sighting["origin"], sighting["language"], sighting["domain"]) == (
        "synthetic", "en", "support",
    )  # fmt: skip
    meta = json.loads(row["meta"])
    assert meta["model"] == "loopback-1"
    assert meta["request_id"].startswith("req-")
    assert meta["micro_dollars"] > 0
    assert any(meta["axes"]["persona"] in prompt for prompt in sent)


@pytest.mark.parametrize("seed", range(24))
def test_the_servers_own_meter_never_passes_the_budget(store: Store, seed: int) -> None:
    with Loopback(seed=seed, faults=FAULTS) as server:
        report = run(server, store, 500, budget_usd=0.15, max_in_flight=16)
        assert server.micro_dollars <= report.micro_dollars + report.reserved <= 150_000
    assert "budget" in report.stopped_because
    assert report.accepted > 5
    assert store.records().height == report.accepted


def test_a_resumed_order_has_the_one_budget_and_a_raised_one_goes_on(store: Store) -> None:
    with Loopback() as server:
        first = run(server, store, 40, budget_usd=0.05)
        asked = len(server.order)
        again = run(server, store, 40, budget_usd=0.05)
        assert len(server.order) == asked
        assert (again.accepted, again.batch) == (first.accepted, None)
        last = run(server, store, 40, budget_usd=5)
    assert first.accepted < 40 == last.accepted
    assert store.records().height == 40
    assert max(server.answered.values()) == 1


def test_after_a_finished_order_the_same_command_asks_for_n_more_in_fresh_slots(
    store: Store,
) -> None:
    with Loopback() as server:
        run(server, store, 10)
        report = run(server, store, 10)
    assert report.accepted == 10
    assert store.records().height == 20
    assert max(server.answered.values()) == 1
    assert len(list(store.synth_dir.glob("*.jsonl"))) == 1


def test_an_order_for_another_number_does_not_resume_the_unfinished_one(store: Store) -> None:
    with Loopback() as server:
        first = run(server, store, 40, budget_usd=0.05)
        assert first.accepted < 40
        other = run(server, store, 3, budget_usd=5)
    assert (other.asked, other.accepted) == (3, 3)
    assert store.records().height == first.accepted + 3


def test_another_model_continues_after_the_last_slot_of_the_domain(store: Store) -> None:
    with Loopback() as server:
        run(server, store, 10)
        run(server, store, 10, model="other")
    assert max(server.answered.values()) == 1
    assert store.records().height == 20


def test_surplus_stays_spare_and_is_checked_first_next_time(store: Store) -> None:
    with Loopback(latency_s=0.02, seed=5, faults={"wrong_shape": 0.5}) as server:
        report = run(server, store, 30, max_in_flight=32)
        spare, asked = report.books.spare, len(server.order)
        assert spare > 0
        assert synth_books(store)["spare"] == spare
        more = run(server, store, 1)
    verdicts = [entry.slot for entry in journal(store) if entry.kind == "verdict"]
    assert len(verdicts) == len(set(verdicts))
    assert more.accepted == 1
    assert len(server.order) - asked <= 2
    assert store.records().height == 31


def test_replaying_the_journal_gives_the_same_accepted_set(store: Store) -> None:
    with Loopback(seed=9, faults=FAULTS, distinct=60, latency_s=0.01) as server:
        report = run(server, store, 40)
    assert report.books.rejected["near_duplicate"] > 3
    entries = journal(store)
    answers = [entry for entry in entries if isinstance(entry, Recv)]
    seen: set[str] = set()
    for answer in answers[: len([e for e in entries if e.kind == "verdict"])]:
        if "exchanges" in answer.reply.text and answer.reply.finish == "stop":
            seen.add(json.loads(answer.reply.text)["exchanges"][0]["user"])
    recorded = {
        next(m.text for m in load_messages(text) if m.role == "user")
        for text in store.records()["messages"]
    }
    assert recorded == seen


def test_a_poor_yield_stops_before_the_budget_is_gone_and_names_the_reason(store: Store) -> None:
    with Loopback(distinct=3) as server:
        report = run(server, store, 500)
    assert report.accepted <= 3
    assert "near_duplicate" in report.stopped_because
    assert "topics" in report.remedy
    assert len(server.order) < 300


def test_a_batch_written_just_before_a_kill_is_not_added_again(store: Store) -> None:
    with Loopback() as server:
        report = run(server, store, 10)
        path = store.synth_dir / f"{report.job}.jsonl"
        lines = path.read_bytes().splitlines(keepends=True)
        assert b'"commit"' in lines[-1]
        path.write_bytes(b"".join(lines[:-1]))
        more = run(server, store, 5)
    assert [batch.records for batch in store.batches()] == [10, 5]
    assert all(batch.repeated == 0 for batch in store.batches())
    assert more.accepted == 5


def test_accepted_before_a_kill_and_not_yet_recorded_is_recorded_at_the_next_run(
    store: Store,
) -> None:
    with Loopback() as server:
        report = run(server, store, 10)
        path = store.synth_dir / f"{report.job}.jsonl"
        kept = [e for e in read_journal(path) if not isinstance(e, Commit)]
        path.write_text("".join(e.model_dump_json(exclude_none=True) + "\n" for e in kept))
        for file in [*store.records_dir.iterdir(), *store.sightings_dir.iterdir()]:
            file.unlink()
        asked = len(server.order)
        more = run(server, store, 2)
        assert len(server.order) == asked + 2
    assert more.accepted == 2
    assert store.records().height == 12


def test_the_gate_is_told_of_what_was_accepted_before_a_kill(store: Store) -> None:
    with Loopback() as server:
        report = run(server, store, 5)
        path = store.synth_dir / f"{report.job}.jsonl"
        entries = [e for e in read_journal(path) if not isinstance(e, Commit)]
        path.write_text("".join(e.model_dump_json(exclude_none=True) + "\n" for e in entries))
        for file in [*store.records_dir.iterdir(), *store.sightings_dir.iterdir()]:
            file.unlink()
        gate, asked = TwinGate(store), []

        def ask_gate(record):  # type: ignore[no-untyped-def]
            asked.append(record.id)
            return gate.ask(record)

        synthesize(store, "support", 1, ("en",), settings_for(server.root), ask_gate)
    recorded = store.ids()
    assert len(recorded) == 6
    assert set(asked[:5]) < recorded
    assert set(asked) == recorded


@pytest.mark.parametrize(
    ("status", "body", "says"),
    [
        (401, "no such key", "no such key"),
        (404, "no such model", "no such model"),
        (429, "insufficient_quota", "insufficient_quota"),
    ],
)
@pytest.mark.parametrize("provider", ["openai", "anthropic"])
def test_what_cannot_work_stops_at_the_first_request(
    store: Store, provider: str, status: int, body: str, says: str
) -> None:
    with Loopback(status=status, body=body) as server:
        with pytest.raises(UserError, match=says) as caught:
            run(server, store, 50, provider=provider)
        assert len(server.order) == 1
    assert f"{provider.upper()}_API_KEY" in caught.value.remedy
    assert synth_books(store)["micro_dollars"] == 0


def test_a_request_that_is_always_refused_ends_the_run(store: Store) -> None:
    with Loopback(status=400, body="unknown field") as server:
        report = run(server, store, 50)
        assert len(server.order) == 20
    assert "unknown field" in report.stopped_because
    assert report.books.failed == {"refused": 20}


def test_a_server_that_is_not_there_is_one_sentence(store: Store) -> None:
    with pytest.raises(UserError, match=r"nothing answers at http://127\.0\.0\.1:9"):
        synthesize(store, "support", 5, (), settings_for("http://127.0.0.1:9"), TwinGate(store).ask)


@pytest.mark.parametrize("provider", ["openai", "anthropic"])
def test_the_key_is_in_no_file_after_a_run_that_failed(
    store: Store, monkeypatch: pytest.MonkeyPatch, provider: str
) -> None:
    key = "sk-not-to-be-seen-5309"
    monkeypatch.setenv(f"{provider.upper()}_API_KEY", key)
    with Loopback(status=401, body=f"wrong key: {key}") as server:
        with pytest.raises(UserError) as caught:
            run(server, store, 5, provider=provider)
        assert any(key in value for value in server.headers[0].values())
    written = b"".join(p.read_bytes() for p in store.root.rglob("*") if p.is_file())
    assert b"wrong key" in written
    assert key.encode() not in written
    assert key not in str(caught.value)


def test_nothing_is_written_when_price_or_key_is_missing(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    cases = [{"base_url": ""}, {"base_url": "https://models.example.org/v1", "price_in": None}]
    for changes, says in zip(cases, ["OPENAI_API_KEY", "price"], strict=True):
        settings = settings_for("http://127.0.0.1:9", **changes)
        with pytest.raises(UserError, match=says):
            synthesize(store, "support", 5, (), settings, TwinGate(store).ask)
    assert not store.synth_dir.exists()


def test_a_language_that_is_no_code_is_refused_before_anything_is_sent(store: Store) -> None:
    with pytest.raises(UserError, match="'German' is not a language code"):
        preview(store, "support", 1, ("German",), settings_for("http://127.0.0.1:9"))


def test_two_runs_for_a_domain_at_once_are_refused(store: Store) -> None:
    class Impatient(TwinGate):
        def ask(self, record):  # type: ignore[no-untyped-def]
            with pytest.raises(UserError, match="another curate"):
                run(server, store, 1)
            return super().ask(record)

    with Loopback() as server:
        settings = settings_for(server.root)
        report = synthesize(store, "support", 1, (), settings, Impatient(store).ask)
    assert report.accepted == 1


def test_ctrl_c_keeps_what_was_accepted(store: Store) -> None:
    def interrupt(done: int, total: int | None = None, note: str = "") -> None:
        if done == 7:
            raise KeyboardInterrupt

    with Loopback(latency_s=0.005) as server:
        settings = settings_for(server.root, max_in_flight=4)
        with pytest.raises(KeyboardInterrupt):
            synthesize(store, "support", 30, (), settings, TwinGate(store).ask, interrupt)
        assert store.records().height == 7
        report = synthesize(store, "support", 30, (), settings, TwinGate(store).ask)
    assert report.accepted == 30
    assert [batch.records for batch in store.batches()] == [7, 23]


def test_the_preview_sends_nothing_and_its_worst_case_holds(store: Store) -> None:
    with Loopback() as server:
        settings = settings_for(server.root)
        seen = preview(store, "support", 20, ("en",), settings, prompts=3)
        assert server.order == []
        assert not store.synth_dir.exists()
        report = run(server, store, 20)
        asked = [body["messages"][0]["content"] for body in server.bodies]
    assert list(seen.prompts) == asked[:3]
    assert report.micro_dollars <= seen.worst_micro_dollars


def test_every_slot_has_one_place_in_the_books(store: Store) -> None:
    with Loopback(seed=2, faults=FAULTS, distinct=40) as server:
        report = run(server, store, 30, budget_usd=0.5)
    sent = {entry.slot for entry in journal(store) if isinstance(entry, Send)}
    whole = synth_books(store)
    placed = whole["accepted"] + sum(whole["rejected"].values()) + sum(whole["failed"].values())
    assert len(sent) == whole["slots"] == placed + whole["spare"]
    assert report.books.slots == len(sent)
    assert Ledger(journal(store)).spent == whole["micro_dollars"]
