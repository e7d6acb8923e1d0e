"""Questions are found in the shapes of known benchmarks, and where none is, that is said."""

import gzip
import io
import json
import random
import sys
from pathlib import Path
from typing import Any

import pytest

from pipeline.audit.evaluation_questions import read_benchmark
from schemas.errors import UserError

CAPITAL = "What is the name of the capital of the country of Australia?"
USER = {"role": "user", "content": CAPITAL}


def rows(path: Path, *given: Any) -> Path:
    file = path / "bench.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in given), "utf-8")
    return file


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("chats.jsonl", json.dumps({"question": CAPITAL, "answer": "Canberra, of course."})),
        ("prompts.json", json.dumps([{"Prompt": CAPITAL, "kind": "easy"}])),
        ("table.csv", f'id,question\n1,"{CAPITAL}"\n'),
        ("lines.txt", f"{CAPITAL}\n\n"),
        ("rows.txt", json.dumps({"question": CAPITAL})),
        ("column.csv", f"question\n{CAPITAL}\n"),
        ("column.csv", f'\ufeff"Text"\r\n"{CAPITAL}"\r\n'),
        ("header.txt", f"question\n{CAPITAL}\n"),
        ("table.txt", f"id\tquestion\n1\t{CAPITAL}\n"),
        ("texts.json", json.dumps([CAPITAL])),
    ],
)
def test_questions_are_read_from_any_container(tmp_path: Path, name: str, text: str) -> None:
    file = tmp_path / name
    file.write_text(text, "utf-8")
    found = read_benchmark(file)
    assert found.questions["question"].to_list() == [CAPITAL]
    assert found.questions["line"][0].startswith(f"{name}:")
    assert found.unread == []


@pytest.mark.parametrize(
    ("row", "asked"),
    [
        ({"question": CAPITAL, "id": 7}, CAPITAL),
        ({"question": CAPITAL, "choices": ["Perth", "Canberra"], "answer": 1}, CAPITAL),
        ({"ctx": CAPITAL, "endings": ["a", "b"], "label": 0}, CAPITAL),
        ({"problem": CAPITAL, "level": 5}, CAPITAL),
        ({"query": CAPITAL}, CAPITAL),
        ({"input": CAPITAL, "target": "(B)"}, CAPITAL),
        ({"instruction": CAPITAL, "id": 7}, CAPITAL),
        ({"instruction": "Translate.", "input": CAPITAL}, f"Translate.\n\n{CAPITAL}"),
        ({"prompt": [{"role": "system", "content": "Be brief."}, USER]}, CAPITAL),
        ({"prompt": [CAPITAL]}, CAPITAL),
        ({"prompt": [{"role": "user", "content": [{"type": "text", "text": CAPITAL}]}]}, CAPITAL),
        ({"prompt": json.dumps([USER])}, CAPITAL),
        ({"messages": [USER]}, CAPITAL),
        ({"conversations": [{"from": "human", "value": CAPITAL}]}, CAPITAL),
        ({"question_id": 1, "turns": [{"content": CAPITAL}]}, CAPITAL),
        ({"question": "", "prompt": CAPITAL}, CAPITAL),
    ],
)
def test_a_row_of_a_known_benchmark_is_read(tmp_path: Path, row: Any, asked: str) -> None:
    found = read_benchmark(rows(tmp_path, row))
    assert found.questions.rows() == [("bench.jsonl:1", asked)]
    assert found.unread == []


def test_the_first_of_two_turns_is_a_question_too(tmp_path: Path) -> None:
    turns = [CAPITAL, "And that of Austria?"]
    found = read_benchmark(rows(tmp_path, {"question_id": 81, "category": "x", "turns": turns}))
    assert found.questions["question"].to_list() == ["\n".join(turns), CAPITAL]


@pytest.mark.parametrize(
    "row",
    [
        {"x": CAPITAL},
        {"question": None},
        {"question": {"text": CAPITAL}},
        {"prompt": [{"role": "assistant", "content": CAPITAL}, 7, None]},
        {"messages": [{"role": "user", "content": None}]},
        {"turns": [{"role": "user", "content": [{"type": "image"}, "  "]}]},
        {"instruction": 7},
        [1, 2],
    ],
)
def test_a_row_without_a_question_is_named(tmp_path: Path, row: Any) -> None:
    found = read_benchmark(rows(tmp_path, {"question": CAPITAL}, row))
    assert found.questions["question"].to_list() == [CAPITAL]
    assert found.unread == ["bench.jsonl:2"]


def test_a_file_without_a_question_is_the_users_to_mend(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"contains no question: none was found in bench\.jsonl:1"):
        read_benchmark(rows(tmp_path, {"x": 1}))


def test_text_that_is_none_is_refused_and_utf_16_is_text(tmp_path: Path) -> None:
    file = tmp_path / "lines.txt"
    for noise in (random.Random(1).randbytes(3000), b"one\0two\n"):
        file.write_bytes(noise)
        with pytest.raises(UserError, match=r"lines\.txt is not UTF-8 text"):
            read_benchmark(file)
    file.write_text(CAPITAL, "utf-16")
    assert read_benchmark(file).questions["question"].to_list() == [CAPITAL]


def test_a_packed_text_of_one_question_a_line_is_read(tmp_path: Path) -> None:
    file = tmp_path / "lines.txt.gz"
    file.write_bytes(gzip.compress(CAPITAL.encode()))
    assert read_benchmark(file).questions.rows() == [("lines.txt.gz:1", CAPITAL)]


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Who, then, wrote it?\nWhen, then, was it?\n", 2),
        ("Who wrote it?", 1),
        ('{"question": "Who wrote it?"}', 1),
        ("id,question\n1,Who wrote it?\n2,When was it?", 2),
    ],
)
def test_lines_from_standard_input_are_questions(
    monkeypatch: pytest.MonkeyPatch, text: str, asked: int
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    found = read_benchmark(Path("-"))
    assert len(found.questions) == asked
    assert found.questions["line"][-1].startswith("stdin:")
    assert (found.unread, found.broken) == ([], [])


@pytest.mark.parametrize("given", [b"", b"one\0two", b"%PDF-1.7", b"{ no json"])
def test_standard_input_that_cannot_be_read_is_not_called_by_a_temporary_path(
    monkeypatch: pytest.MonkeyPatch, given: bytes
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given)))
    with pytest.raises(UserError) as caught:
        read_benchmark(Path("-"))
    assert "/" not in caught.value.message


def test_commas_and_quotes_of_a_single_column_are_text(tmp_path: Path) -> None:
    file = tmp_path / "column.csv"
    file.write_text('question\nWho, then?\n"He said ""no"",\nand left?"\nAnd then?', "utf-8")
    assert read_benchmark(file).questions.rows() == [
        ("column.csv:2", "Who, then?"),
        ("column.csv:3", 'He said "no",\nand left?'),
        ("column.csv:5", "And then?"),
    ]
    file.write_text('question\n"No" is what?\n"Open is what?\n', "utf-8")
    assert read_benchmark(file).questions["question"].to_list() == [
        '"No" is what?',
        '"Open is what?',
    ]


def test_what_is_neither_a_table_nor_lines_gets_one_sentence(tmp_path: Path) -> None:
    file = tmp_path / "column.csv"
    file.write_text("words\nWho wrote it?\n", "utf-8")
    with pytest.raises(UserError, match=r"column\.csv is neither JSON, nor a table, nor a \.txt"):
        read_benchmark(file)


def test_a_broken_row_is_called_so_with_its_line(tmp_path: Path) -> None:
    file = rows(tmp_path, {"question": CAPITAL}, {"x": 1})
    with file.open("a", encoding="utf-8") as opened:
        opened.write('{"question": "Who\n')
    found = read_benchmark(file)
    assert found.unread == ["bench.jsonl:2"]
    [broken] = found.broken
    assert broken.startswith("bench.jsonl:3: ")
    assert "JSON" in broken
    table = tmp_path / "table.csv"
    table.write_text("id,question\n1,Who wrote it?\n2,Who,then?\n", "utf-8")
    assert read_benchmark(table).broken == ["table.csv:3: 3 cells where the header has 2"]
