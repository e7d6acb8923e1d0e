"""The kept records leave as any other trainer reads them."""

import json

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
