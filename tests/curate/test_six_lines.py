"""Six lines that every tool of this kind should get right, each with its reason."""

import json
from pathlib import Path

import polars as pl

from curate.new_workspace import runnable_settings
from curate.settings import FILE, settings_text


def talk(question: str, *reply: str) -> str:
    turns = [{"role": "user", "content": question}]
    turns += [{"role": "assistant", "content": text} for text in reply]
    return json.dumps({"messages": turns})


LINES = (
    talk("How do I reset my password?", "Open the sign-in page, then follow the link we mail you."),
    talk("How do I reset my password, please?", "Open the sign-in page; follow the link we mail."),
    talk("When are you open on Sunday?", "[Insert response here]"),
    talk("Is it 5?", "Yes"),
    talk("Anybody there?"),
    "not json",
)  # fmt: skip


def test_each_line_is_kept_dropped_or_rejected_for_its_own_reason(run, tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(settings_text(runnable_settings(("en",))), "utf-8")
    file = tmp_path / "six.jsonl"
    file.write_text("\n".join(LINES), "utf-8")
    run("ingest", file, "-C", tmp_path)
    kept = pl.read_parquet(tmp_path / "curated" / "kept.parquet")
    assert sorted(kept["source"]) == [f"{file}:1", f"{file}:4"]
    drops = pl.read_parquet(tmp_path / "curated" / "verdicts.parquet").filter(action="drop")
    assert sorted(drops["reason"]) == ["near_duplicate", "placeholder"]
    [twin] = drops.filter(reason="near_duplicate").to_dicts()
    assert twin["other_id"] == kept.filter(source=f"{file}:1")["id"][0]
    assert twin["value"] > 0.92
    [rejected] = (tmp_path / "records").glob("*.rejected.jsonl")
    rows = [json.loads(line) for line in rejected.read_text("utf-8").splitlines()]
    assert [(row["source"], row["reason"]) for row in rows] == [
        (f"{file}:5", "no_assistant_turn"),
        (f"{file}:6", "unreadable"),
    ]
