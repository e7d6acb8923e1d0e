"""Every row of every file is a record, a repeat, or a rejected row with its place."""

import json
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.ingest import RejectedRow, ingest_files, read_file
from pipeline.readers.reading import Reading, ReadSettings
from pipeline.store.store import Store
from schemas.errors import UserError

Jsonl = Callable[[Path, list[Any]], Path]


def question(number: int, **labels: str) -> dict[str, str]:
    return {"question": f"What is {number}?", "answer": f"It is {number}.", **labels}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)


def rejected(store: Store) -> list[dict[str, str]]:
    [file] = store.records_dir.glob("*.rejected.jsonl")
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


def test_a_file_may_mix_formats_row_by_row(store: Store, tmp_path: Path, jsonl: Jsonl) -> None:
    user, reply = {"role": "user", "content": "a?"}, {"role": "assistant", "content": "b"}
    talk = [{"from": "human", "value": "e?"}, {"from": "gpt", "value": "f"}]
    rows = [
        {"messages": [user, reply]},
        [reply, user],
        {"instruction": "c?", "output": "d"},
        {"conversations": talk},
        {"prompt": "g?", "completion": "h"},
    ]
    file = jsonl(tmp_path / "mixed.json", rows)
    done = ingest_files(store, [file])
    assert done.batch is not None
    assert (done.batch.read, done.batch.records) == (5, 5)
    assert sorted(store.records()["source"]) == [f"{file}:{line}" for line in range(1, 6)]


def test_a_rejected_row_stands_with_file_line_reason_and_text(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "chats.jsonl"
    file.write_bytes(
        b'{"question": "a?", "answer": "b"}\n\nnot json \xff\n{"text": "\xc3\xa9\\ud800"}\n'
    )
    done = ingest_files(store, [file])
    assert done.batch is not None
    assert (done.batch.read, done.batch.records) == (3, 1)
    assert done.batch.rejected == {"unknown_format": 1, "unreadable": 1}
    broken, unknown = rejected(store)
    assert (broken["source"], broken["reason"]) == (f"{file}:3", "unreadable")
    assert broken["text"] == "not json \\xff"
    assert (unknown["source"], unknown["reason"]) == (f"{file}:4", "unknown_format")
    assert json.loads(unknown["text"]) == {"text": "é\ud800"}
    assert "text" in unknown["why"]


def test_half_a_character_in_one_row_never_stops_the_others(
    store: Store, tmp_path: Path, jsonl: Jsonl
) -> None:
    rows = [question(1), {"question": "half an emoji \ud83d", "answer": "yes"}, question(2)]
    done = ingest_files(store, [jsonl(tmp_path / "chats.jsonl", rows)])
    assert done.batch is not None
    assert (done.batch.records, done.batch.rejected) == (2, {"unreadable": 1})


def test_the_same_bytes_are_read_once_and_said_so(
    store: Store, tmp_path: Path, jsonl: Jsonl
) -> None:
    first = jsonl(tmp_path / "a.jsonl", [question(1)])
    ingest_files(store, [first])
    copy = jsonl(tmp_path / "b.jsonl", [question(1)])
    again = ingest_files(store, [first, copy])
    assert again.batch is None
    assert again.known == (str(first), str(copy))
    assert len(store.batches()) == len(store.records()) == 1


def test_a_copy_in_the_same_folder_is_read_once(store: Store, tmp_path: Path, jsonl: Jsonl) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    jsonl(folder / "a.jsonl", [question(1)])
    jsonl(folder / "b.jsonl", [question(1)])
    done = ingest_files(store, [folder])
    assert done.batch is not None
    assert (done.batch.read, done.known) == (1, (str(folder / "b.jsonl"),))


def test_a_conversation_seen_again_is_repeated_and_its_other_label_is_remembered(
    store: Store, tmp_path: Path, jsonl: Jsonl
) -> None:
    first = jsonl(tmp_path / "a.jsonl", [question(1, domain="sums")])
    second = jsonl(tmp_path / "b.jsonl", [question(1, domain="maths"), question(2)])
    ingest_files(store, [first])
    done = ingest_files(store, [second])
    assert done.batch is not None
    assert (done.batch.read, done.batch.repeated, done.batch.records) == (2, 1, 1)
    seen = store.records().filter(source=f"{first}:1")
    assert seen.select("domain_given", "label_conflict", "seen").row(0) == ("maths", True, 2)


def test_a_bad_file_among_good_ones_is_named_and_the_others_are_read(
    store: Store, tmp_path: Path, jsonl: Jsonl
) -> None:
    bad = tmp_path / "bad.bin"
    bad.write_bytes(b"\0\1")
    done = ingest_files(store, [bad, jsonl(tmp_path / "a.jsonl", [question(1)])])
    assert "binary" in done.unreadable[str(bad)]
    assert len(store.records()) == 1


def test_a_file_that_cannot_be_opened_is_one_of_the_bad_files(
    store: Store, tmp_path: Path, jsonl: Jsonl, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # a socket's address may have no more than 107 bytes
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("sock")
        done = ingest_files(store, [Path("sock"), jsonl(tmp_path / "a.jsonl", [question(1)])])
    assert "cannot be read" in done.unreadable["sock"]
    assert len(store.records()) == 1


def test_a_bad_file_alone_is_the_users_mistake_and_leaves_nothing(
    store: Store, tmp_path: Path
) -> None:
    bad = tmp_path / "bad.bin"
    bad.write_bytes(b"\0\1")
    with pytest.raises(UserError, match="binary"):
        ingest_files(store, [bad])
    assert store.batches() == []
    assert list(store.records_dir.iterdir()) == []


def test_a_file_name_that_is_no_text_is_read_like_any_other(
    store: Store, tmp_path: Path, jsonl: Jsonl
) -> None:
    done = ingest_files(store, [jsonl(tmp_path / "caf\udce9.jsonl", [question(1)])])
    assert done.batch is not None
    assert done.batch.records == 1


def test_progress_is_told_of_each_file_and_of_long_ones(
    store: Store, tmp_path: Path, jsonl: Jsonl
) -> None:
    reports: list[tuple[int, int | None, str]] = []

    def tell(done: int, total: int | None = None, note: str = "") -> None:
        reports.append((done, total, note))

    files = [jsonl(tmp_path / "a.jsonl", [question(n) for n in range(1500)])]
    ingest_files(store, files, progress=tell)
    assert reports == [(0, 1, "a.jsonl"), (1000, None, "rows of a.jsonl")]


ROWS = st.lists(
    st.sampled_from([question(1), question(2), question(3, domain="x"), {"text": "?"}, 7, [], "{"]),
    min_size=1,
    max_size=8,
)


@given(files=st.lists(ROWS, min_size=1, max_size=3))
def test_read_is_rejected_and_repeated_and_records(
    files: list[list[Any]], tmp_path_factory: pytest.TempPathFactory, jsonl: Jsonl
) -> None:
    folder = tmp_path_factory.mktemp("books")
    store = Store(folder)
    written = [jsonl(folder / f"{n}.jsonl", [[n], *rows]) for n, rows in enumerate(files)]
    for file in written:
        ingest_files(store, [file])
    assert [batch.read for batch in store.batches()] == [len(rows) + 1 for rows in files]
    for batch in store.batches():
        assert batch.read == sum(batch.rejected.values()) + batch.repeated + batch.records
    assert sum(batch.records for batch in store.batches()) == len(store.records())
    assert sum(b.records + b.repeated for b in store.batches()) == len(store.sightings())


def test_a_pattern_names_the_domain_of_rows_that_name_none(
    store: Store, tmp_path: Path, jsonl: Jsonl
) -> None:
    (tmp_path / "refunds").mkdir()
    rows = [question(1), question(2, domain="sales")]
    settings = ReadSettings(domains={"refunds/*.jsonl": "support"})
    ingest_files(store, [jsonl(tmp_path / "refunds" / "a.jsonl", rows)], settings)
    assert sorted(store.records()["domain_given"]) == ["sales", "support"]


def test_a_mapping_or_a_format_says_how_every_row_is_read(
    store: Store, tmp_path: Path, jsonl: Jsonl
) -> None:
    file = jsonl(tmp_path / "a.jsonl", [{"Anliegen": "Wo ist mein Paket?", "Lösung": "Unterwegs."}])
    assert [type(row) for row in read_file(file)] == [RejectedRow]
    mapping = Reading(mapping={"user": "anliegen", "assistant": "Lösung"})
    [record] = read_file(file, reading=mapping)
    assert [message.text for message in record.messages] == ["Wo ist mein Paket?", "Unterwegs."]
    [refused] = read_file(file, reading=Reading(format="alpaca"))
    assert "is no alpaca" in refused.why


def test_of_two_that_read_the_same_file_at_once_one_skips_it(
    store: Store, tmp_path: Path, jsonl: Jsonl, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = jsonl(tmp_path / "chats.jsonl", [question(1), question(2)])

    def meanwhile(paths: list[Path]) -> list[Path]:
        monkeypatch.undo()
        ingest_files(store, paths)
        return paths

    monkeypatch.setattr("pipeline.ingest.find_files", meanwhile)
    late = ingest_files(store, [file])
    assert late.batch is None
    assert late.known == (str(file),)
    assert [batch.read for batch in store.batches()] == [2]


def slack(folder: Path, day: str, *messages: tuple[str, str, str]) -> None:
    rows = [
        {"type": "message", "user": user, "text": text, "ts": ts, "thread_ts": "1714731000.1"}
        for user, ts, text in messages
    ]
    (folder / f"{day}.json").write_text(json.dumps(rows), "utf-8")


def test_a_thread_of_a_slack_channel_goes_on_over_days(store: Store, tmp_path: Path) -> None:
    channel = tmp_path / "export" / "help"
    channel.mkdir(parents=True)
    for name in ("users", "channels"):
        (channel.parent / f"{name}.json").write_text('[{"id": "U1", "name": "ana"}]')
    slack(channel, "2024-05-03", ("U1", "1714731000.1", "Where?"), ("U2", "1714731060.1", "Here."))
    slack(channel, "2024-05-04", ("U1", "1714821000.1", "When?"), ("U2", "1714821060.1", "Now."))
    done = ingest_files(store, [channel.parent])
    assert done.batch is not None
    assert (done.batch.read, done.batch.records, done.batch.rejected) == (1, 1, {})
    assert store.records()["source"].to_list() == [f"{channel}/2024-05-03.json:1"]
    assert ingest_files(store, [channel.parent]).batch is None, "it is known now"


def test_files_of_one_name_in_two_folders_are_told_apart(
    store: Store, tmp_path: Path, jsonl: Jsonl, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number, folder in enumerate(("a", "b")):
        (tmp_path / folder).mkdir()
        jsonl(tmp_path / folder / "train.jsonl", [question(number)])
    monkeypatch.chdir(tmp_path)
    ingest_files(store, [Path("a/train.jsonl"), Path("b")])
    assert sorted(store.records()["source"]) == ["a/train.jsonl:1", "b/train.jsonl:1"]


def test_rows_on_one_line_have_numbers(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_text(json.dumps([question(n) for n in range(3)] + [{"foo": 1}]), "utf-8")
    ingest_files(store, [file])
    assert sorted(store.records()["source"]) == [f"{file}:1", f"{file}:1 row 2", f"{file}:1 row 3"]
    [row] = rejected(store)
    assert row["source"] == f"{file}:1 row 4"
