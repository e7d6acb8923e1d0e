"""What is generated is compared with what was given, however it is masked."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from curate.commands import synth
from curate.workspace import Workspace
from schemas.message import Message
from schemas.progress import quiet
from schemas.record import Origin, Record

SETTINGS = """\
[tokens]
tokenizer = "rules"
[embedding]
model = "ngrams"
[personal_data]
action = "mask"
"""

ANSWER = "Open your account, choose the order, and follow the three steps that you find there."
ASKED = "Who will answer me when I call +49 30 901820 in the middle of the night?"


def test_a_repeat_of_a_masked_record_is_not_admitted(
    run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "curate.toml").write_text(SETTINGS, "utf-8")
    file = tmp_path / "chats.jsonl"
    file.write_text(json.dumps({"question": ASKED, "answer": ANSWER}), "utf-8")
    run("ingest", file, "-C", tmp_path)
    workspace = Workspace.at(tmp_path)
    assert "[PHONE]" in workspace.curated().kept["question"][0]
    given = SimpleNamespace()

    def synthesize(*arguments: Any) -> None:
        given.admission = arguments[5]

    monkeypatch.setattr(synth, "synthesize", synthesize)
    synth.fill(workspace, "support", 1, ("en",), quiet)
    turns = (Message(role="user", content=ASKED), Message(role="assistant", content=ANSWER))
    record = Record(messages=turns, origin=Origin.synthetic, source="request")
    assert given.admission.ask(record).reason == "exact_repeat"
