"""The kept records leave as any other trainer reads them."""

import json

import polars as pl

from pipeline.readers import to_records
from pipeline.store.store import Store


def test_what_is_written_is_what_was_kept_and_reads_back_as_the_same_records(
    run, workspace, chats, tmp_path
) -> None:
    run("ingest", chats, "-C", workspace)
    out, _ = run("export", "--to", "jsonl", "-o", tmp_path / "kept.jsonl", "-C", workspace)
    rows = [json.loads(line) for line in (tmp_path / "kept.jsonl").read_text("utf-8").splitlines()]
    read = [record for row in rows for record in to_records(row, "x:1")]
    status, _ = run("status", "--json", "-C", workspace)
    assert f"Wrote {json.loads(status)['kept']} kept records" in out
    assert len(rows) > 0
    assert {record.id for record in read} <= set(Store(workspace).records()["id"])
    assert [set(row) for row in rows] == [{"messages"}] * len(rows)


RICH = [
    {"role": "user", "content": "How many mugs are three rows of four on the shelf today?"},
    {"role": "assistant", "content": "Go away, we do not count our mugs for you.", "weight": 0},
    {"role": "user", "content": "Please count them once more, and tell me the number."},
    {
        "role": "assistant",
        "content": "<think>\nThree times four.\n</think>\n\n"
        "There are twelve mugs on the shelf today, as you can see.",
    },
]


def test_thoughts_and_weights_go_out_as_they_came_in(run, workspace, tmp_path) -> None:
    file = tmp_path / "rich.jsonl"
    file.write_text(json.dumps({"messages": RICH}))
    run("ingest", file, "-C", workspace)
    run("export", "--to", "jsonl", "-o", tmp_path / "kept.jsonl", "-C", workspace)
    [row] = [json.loads(line) for line in (tmp_path / "kept.jsonl").read_text().splitlines()]
    assert row["messages"][1]["weight"] == 0
    assert row["messages"][3] == {
        "role": "assistant",
        "content": "There are twelve mugs on the shelf today, as you can see.",
        "reasoning_content": "Three times four.",
    }
    assert [record.id for record in to_records(row, "x:1")] == list(Store(workspace).ids())
    [[*turns]] = pl.read_parquet(workspace / "curated" / "kept.parquet")["messages"].to_list()
    assert turns[3]["reasoning_content"] == "Three times four."
    assert [turn["weight"] for turn in turns] == [None, 0, None, None]
    id = Store(workspace).records()["id"][0]
    told, _ = run("explain", id[:8], "-C", workspace)
    assert "  reasoning\n    Three times four." in told
    assert "assistant (context, not learnt)" in told
