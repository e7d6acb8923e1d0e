"""Rows that belong together are read together, and whole rows are left alone."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

from pipeline.ingest import RejectedRow, read_file
from pipeline.readers.reading import Reading, ReadSettings
from schemas.reasons import Rejection
from schemas.record import Record

DESK = """case,sent,from,body
7,2026-01-02 10:00,Ada Miller,Where is my parcel?
8,2026-01-02 10:01,Eve Holm,Is the shop open?
7,2026-01-02 10:05,Desk,Hello Ada. It left this morning.
8,2026-01-02 10:09,Desk,"Yes, until six."
"""

TREE = [
    {"message_id": "a", "parent_id": None, "role": "prompter", "text": "Hi?", "lang": "en"},
    {"message_id": "b", "parent_id": "a", "role": "assistant", "text": "Good.", "rank": 1},
    {"message_id": "c", "parent_id": "a", "role": "assistant", "text": "Best.", "rank": 0},
    {"message_id": "e", "parent_id": "gone", "role": "assistant", "text": "Lost."},
]


def written(path: Path, rows: list[Any]) -> Path:
    path.write_text("\n".join(map(json.dumps, rows)), "utf-8")
    return path


def replies(file: Path, **how: Any) -> list[str]:
    return [
        row.why if isinstance(row, RejectedRow) else row.messages[-1].text
        for row in read_file(file, **how)
    ]


def test_a_mapped_export_becomes_conversations(tmp_path: Path) -> None:
    file = tmp_path / "desk.csv"
    file.write_text(DESK, "utf-8")
    names = {"conversation": "case", "text": "body", "author": "from", "time": "sent"}
    cuts: Counter[str] = Counter()
    records = list(read_file(file, reading=Reading(mapping=names), cuts=cuts))
    assert [[turn.text for turn in record.messages] for record in records] == [
        ["Where is my parcel?", "Hello Ada. It left this morning."],
        ["Is the shop open?", "Yes, until six."],
    ]
    assert [record.source for record in records] == ["desk.csv:2", "desk.csv:3"]


def test_a_tree_written_as_a_list_gives_its_best_path_or_all(tmp_path: Path) -> None:
    file = written(tmp_path / "tree.jsonl", TREE)
    [best, lost] = replies(file)
    assert best == "Best."
    assert "gone" in lost
    every = replies(file, settings=ReadSettings(trees="all"))
    assert sorted(every[:2]) == ["Best.", "Good."]


def test_rows_that_are_whole_are_left_alone(tmp_path: Path) -> None:
    rows = [{"question": f"Number {n}?", "answer": "Yes, of course."} for n in range(30)]
    assert replies(written(tmp_path / "qa.jsonl", rows)) == ["Yes, of course."] * 30


def test_a_conversation_of_one_side_is_rejected_with_its_first_line_and_its_messages(
    tmp_path: Path,
) -> None:
    rows = [
        {"ticket_id": 7, "incoming": True, "body": "Anybody there? ->", "created_at": 1},
        {"ticket_id": 7, "incoming": True, "body": "Hello?", "created_at": 2, "locale": "en"},
    ]
    [rejected] = read_file(written(tmp_path / "desk.jsonl", rows))
    assert isinstance(rejected, RejectedRow)
    assert rejected.source == "desk.jsonl:1"
    assert rejected.reason is Rejection.no_assistant_turn
    assert json.loads(rejected.text) == {
        "messages": [{"role": "user", "content": "Anybody there? ->\nHello?"}],
        "language": "en",
    }


def test_a_lost_message_of_a_tree_is_rejected_with_its_line_and_parent(tmp_path: Path) -> None:
    [_, rejected] = read_file(written(tmp_path / "tree.jsonl", TREE))
    assert isinstance(rejected, RejectedRow)
    assert (rejected.source, rejected.reason) == ("tree.jsonl:4", Rejection.missing_parent)
    assert json.loads(rejected.text) == [Rejection.missing_parent, rejected.why]


def test_the_domain_of_a_file_is_given_to_conversations_that_name_none(tmp_path: Path) -> None:
    file = tmp_path / "desk.csv"
    file.write_text(DESK.replace("case,sent,from", "ticket_id,created_at,author"), "utf-8")
    settings = ReadSettings(domains={"desk.csv": "shop"})
    records = list(read_file(file, settings))
    assert [isinstance(record, Record) and record.domain for record in records] == ["shop"] * 2


def test_an_arrow_at_the_end_of_a_question_is_cut_in_tickets_as_in_messages(
    tmp_path: Path,
) -> None:
    rows = [
        {"ticket_id": 7, "incoming": True, "body": "Where is it? ->", "created_at": 1},
        {"ticket_id": 7, "incoming": False, "body": "Here ->", "created_at": 2},
    ]
    [record] = read_file(written(tmp_path / "desk.jsonl", rows))
    assert isinstance(record, Record)
    assert [message.text for message in record.messages] == ["Where is it?", "Here ->"]
