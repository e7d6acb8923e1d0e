"""A batch may be taken back: the facts stay, what is computed follows."""

import pytest

from pipeline.curation.curated import load_or_compute
from pipeline.ingest import ingest_files
from pipeline.store.store import Store
from schemas.errors import UserError

ANSWER = "Open your account, choose the order, and follow the three steps that you find there."


def questions(*numbers: int) -> list[dict]:
    return [{"question": f"What about number {n}, please?", "answer": ANSWER} for n in numbers]


@pytest.fixture
def store(tmp_path) -> Store:
    return Store(tmp_path / "workspace")


def test_what_is_taken_back_is_gone_and_the_books_balance(store, tmp_path, jsonl, plain) -> None:
    ingest_files(store, [jsonl(tmp_path / "a.jsonl", questions(1, 2))])
    before = load_or_compute(store, plain)
    ingest_files(store, [jsonl(tmp_path / "b.jsonl", questions(2, 3))])
    assert load_or_compute(store, plain).books.model_dump()["repeated"] == 1
    assert store.undo("0002").batch == "0002-ingest"
    after = load_or_compute(store, plain)
    assert after.kept.equals(before.kept)
    assert after.books == before.books


def test_a_record_that_another_batch_has_seen_too_stays(store, tmp_path, jsonl, plain) -> None:
    ingest_files(store, [jsonl(tmp_path / "a.jsonl", questions(1, 2))])
    second = jsonl(tmp_path / "b.jsonl", questions(2, 3))
    ingest_files(store, [second])
    store.undo("0001-ingest")
    books = load_or_compute(store, plain).books
    assert (books.read, books.records, books.repeated) == (2, 2, 0)
    assert set(store.records()["source"]) == {f"{second}:1", f"{second}:2"}


def test_a_file_that_was_taken_back_may_be_read_again(store, tmp_path, jsonl, plain) -> None:
    file = jsonl(tmp_path / "a.jsonl", questions(1, 2))
    ingest_files(store, [file])
    before = load_or_compute(store, plain).kept
    store.undo("0001")
    assert load_or_compute(store, plain).books.read == 0
    again = ingest_files(store, [file]).batch
    assert again is not None
    assert (again.records, again.repeated, again.shards) == (2, 0, ())
    assert load_or_compute(store, plain).kept.equals(before)


def test_a_tombstone_may_be_taken_back_too(store, tmp_path, jsonl, plain) -> None:
    ingest_files(store, [jsonl(tmp_path / "a.jsonl", questions(1, 2))])
    store.undo("0001")
    store.undo("0002-undo")
    assert load_or_compute(store, plain).books.records == 2


@pytest.mark.parametrize(
    ("name", "said"), [("0007", "no batch '0007'"), ("0001", "undone before, by 0002-undo")]
)
def test_what_cannot_be_undone_is_said_in_one_sentence(store, tmp_path, jsonl, name, said) -> None:
    ingest_files(store, [jsonl(tmp_path / "a.jsonl", questions(1))])
    store.undo("0001")
    with pytest.raises(UserError, match=said):
        store.undo(name)
